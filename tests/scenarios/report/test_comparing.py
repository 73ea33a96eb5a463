"""Rows of the comparison: what is better, what is worse, and what cannot be told."""

from __future__ import annotations

import pytest

from scenarios.measures import MEASURES
from scenarios.report import Told
from scenarios.report.comparing import judgement, subjects
from scenarios.report.subjects import OTHER, SUBJECTS, headlines, subject_of
from scenarios.runs.comparison import Line
from scenarios.statistics import estimate


def line(measure: str, *differences: float) -> Line:
    """A measure that is 1 without the changes, and differs so by seed."""
    values = [1.0 + some for some in differences]
    before = estimate([1.0] * len(values))
    return Line(measure, None, estimate(values), before, estimate(differences))


@pytest.mark.parametrize(
    ("measure", "differences", "said"),
    [
        ("match_rate", (0.1, 0.2), "unsure"),
        ("match_rate", (0.1, 0.11, 0.1), "better"),
        ("match_rate", (-0.1, -0.11, -0.1), "worse"),
        ("travel_km_median", (-0.1, -0.11, -0.1), "better"),
        ("requests", (5, 5, 5), "changed"),
        ("requests", (0, 0, 0), "same"),
        ("requests", (0, 0, 1), "unsure"),
        ("match_rate", (0.1,), "unsure"),
    ],
)
def test_a_measure_is_judged_by_its_own_direction(
    measure: str, differences: tuple[float, ...], said: str
) -> None:
    """Where the difference is hardly chance; one run, where more were asked for, tells nothing."""
    assert judgement(line(measure, *differences), alone=False) == said


def test_one_run_that_was_all_that_was_asked_for_is_judged_as_it_is() -> None:
    """Better, worse, the same; and nothing where there is nothing to compare with."""
    assert judgement(line("match_rate", 0.1), alone=True) == "better"
    assert judgement(line("match_rate", -0.1), alone=True) == "worse"
    assert judgement(line("match_rate", 0.0), alone=True) == "same"
    alone = Line("match_rate", None, estimate([1.0]), None, None)
    assert judgement(alone, alone=True) == ""


def test_every_measure_has_a_subject() -> None:
    """Each stands under one heading, and no heading names what is not there."""
    named = [measure for some in SUBJECTS.values() for measure in some]
    assert sorted(named) == sorted(MEASURES)
    assert subject_of("not yet known") == OTHER


def test_rows_are_sorted_by_subject_and_say_nothing_of_nobody(swept: Told, mended: Told) -> None:
    """Access first; a measure without any value is left out; without changes there is one value."""
    found = subjects(swept.points[0])
    assert [subject.name for subject in found][:2] == ["Access", "Who is placed"]
    names = [row.name for subject in found for row in subject.rows]
    assert names[0] == "match rate"
    assert "continuity" not in names
    (requests,) = (row for subject in found for row in subject.rows if row.name == "requests")
    assert (requests.value, requests.baseline, requests.judgement) == ("8", "5", "changed")
    assert (requests.difference, requests.is_sure) == ("+3", True)
    (forced,) = (
        row
        for subject in subjects(mended.points[0])
        for row in subject.rows
        if row.name == "people forced"
    )
    assert (forced.value, forced.baseline, forced.bar) == ("2", "–", "")


def test_what_is_asked_for_is_shown_first(swept: Told, mended: Told) -> None:
    """Measures of acceptance tests, then those that say most of this kind of run."""
    assert headlines(swept)[:2] == ("match_rate", "travel_km_median")
    assert headlines(swept, ["placed", "bump_rate", "placed"]) == ("placed",)
    assert headlines(mended)[:3] == ("people_unplaced", "additional_people", "people_moved")
