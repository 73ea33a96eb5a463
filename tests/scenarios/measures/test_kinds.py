"""Every measure has its name, its unit and its words."""

from __future__ import annotations

from dataclasses import fields
from typing import get_args

from clinic import Clinic
from repairs import CLOSED, ledger, mended, two_lost

from engine.fairness import Fairness
from engine.match import match
from engine.solve.limits import Limits
from scenarios.measures import (
    MEASURES,
    OF_A_MATCH,
    OF_A_REPAIR,
    OF_A_ROLLING_RUN,
    Measures,
    by_doctor,
    gaps,
    rows_of,
    rows_of_repair,
)
from scenarios.measures.gaps import WATCHED
from scenarios.measures.kinds import Better, Statistic


def test_rows_are_of_the_measures_that_are_listed() -> None:
    """Each once, in its unit; those of single doctors are listed too."""
    result = match(Clinic().session().request("ann").dataset(), limits=Limits(deterministic=True))
    rows, of_doctors = rows_of(result), by_doctor(result)
    names = [row.measure for row in rows]
    assert len(names) == len(set(names))
    assert {*names, *(row.measure for row in of_doctors)} == set(OF_A_MATCH)
    found = mended(two_lost(), CLOSED)
    of_repair = rows_of_repair(found, ledger(found))
    assert sorted(row.measure for row in of_repair) == sorted(OF_A_REPAIR)
    for row in (*rows, *of_doctors, *of_repair):
        assert row.unit == MEASURES[row.measure].unit


def test_what_a_match_says_of_itself_is_listed() -> None:
    """Fields are measures, under the same names."""
    assert {field.name for field in fields(Measures)} == OF_A_MATCH.keys() - {"time_used"}
    assert len(MEASURES) == len(OF_A_MATCH) + len(OF_A_REPAIR) + len(OF_A_ROLLING_RUN)


def test_kinds_use_known_words() -> None:
    """Directions and statistics are those that there are, and nothing is left undescribed."""
    for kind in MEASURES.values():
        assert kind.better in (*get_args(Better), None)
        assert kind.statistic in (*get_args(Statistic), None)
        assert kind.description
    assert all(MEASURES[name].unit in ("share", "days") for name in WATCHED)
    assert all(MEASURES[name].better for name in WATCHED)
    assert gaps((), Fairness()) == ()
