"""Groups of patients, and measures of each."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from clinic import Clinic, at
from worlds import FAR

from engine.domain import Coordinates, Dataset, InsurancePlan, PostalArea
from engine.match import match
from engine.result import Result
from engine.solve.limits import Limits
from scenarios.measures import GROUPINGS, Grouping, Row, by_group, groupings_of, rows_of
from scenarios.world import WorldSpec, generate_world

FAST = Limits(deterministic=True)


@pytest.fixture(scope="module")
def world() -> tuple[Dataset, Result]:
    """A small city and its match."""
    dataset = generate_world(WorldSpec(requests=60, doctors=6, days=5, seed=3))
    return dataset, match(dataset, limits=FAST)


def groups(name: str, *patients: dict[str, Any], **request: Any) -> dict[str, list[int]]:
    """Members of each group, of patients with one request each."""
    clinic = Clinic()
    clinic.plans.append(InsurancePlan(id="p1"))
    for number, more in enumerate(patients):
        clinic.patient(f"r{number}", **more).request(f"r{number}", **request)
    found = Grouping.of(clinic.dataset(), name)
    pairs = zip(found.labels, found.members, strict=True)
    return {label: members.tolist() for label, members in pairs}


@pytest.mark.parametrize(
    ("born", "label"),
    [
        (date(2026, 3, 1), "0-17"),
        (date(2008, 3, 3), "0-17"),
        (date(2008, 3, 2), "18-39"),
        (date(1986, 3, 3), "18-39"),
        (date(1986, 3, 2), "40-64"),
        (date(1961, 3, 3), "40-64"),
        (date(1961, 3, 2), "65+"),
        (None, "unknown"),
    ],
)
def test_age_is_that_of_the_day(born: date | None, label: str) -> None:
    """On Monday 2 March 2026, the birthday counts."""
    assert groups("age", {"birth_date": born}) == {label: [0]}


def test_day_is_that_of_the_dataset_s_clock() -> None:
    """Born on 3 March 2008: at 23:30 on the 2nd in New York, when it is the 3rd in London, 17."""
    clinic = Clinic(as_of=at("23:30")).patient("ann", birth_date=date(2008, 3, 3)).request("ann")
    assert Grouping.of(clinic.dataset(), "age").labels == ("0-17",)


def test_area_is_stated_or_of_the_postal_code_or_how_far_it_is() -> None:
    """What the record states comes first; a home without anything is unknown, and comes last."""
    found = groups(
        "area",
        {"home": None},
        {"home": PostalArea(postal_code="06510")},
        {"home": PostalArea(postal_code="10001-1234"), "groups": {"area": "north"}},
        {"home": FAR},
        {},
        {"home": Coordinates(latitude=40.80, longitude=-73.99)},
        {"home": Coordinates(latitude=41.75, longitude=-73.99)},
        {"home": PostalArea(postal_code="065101234")},
    )
    assert list(found) == [
        "north",
        "under 5 km",
        "5-10 km",
        "10-20 km",
        "20 km and more",
        "065",
        "unknown",
    ]
    assert list(found.values()) == [[2], [4], [5], [3], [6], [1, 7], [0]]


def test_without_known_places_nobody_lives_near_or_far() -> None:
    """A clinic by video: homes are known, and there is nothing to measure to."""
    clinic = Clinic().request("ann")
    clinic.locations, clinic.roles = [], []
    clinic.video_role()
    assert Grouping.of(clinic.dataset(), "area").labels == ("unknown",)


def test_who_speaks_two_languages_is_in_two_groups() -> None:
    """Of nobody's language nothing is assumed."""
    found = groups("language", {"languages": ("en", "es")}, {"languages": ("es",)}, {})
    assert found == {"en": [0], "es": [0, 1], "unknown": [2]}


def test_insurance_plan_and_specialty() -> None:
    """Who has no plan pays; who asks for no specialty is served by any."""
    plans = {"insurance_plan_id": "p1"}, {}
    assert groups("insurance_plan", *plans) == {"self-pay": [1], "p1": [0]}
    assert groups("specialty", {}, specialty="207R") == {"207R": [0]}
    assert groups("specialty", {}) == {"any": [0]}


def test_every_group_has_every_measure_with_its_count() -> None:
    """One of two children is placed, and the only adult."""
    clinic = Clinic().session("09:00", "09:30")
    for name, born, urgency in (
        ("child", 2020, "urgent"),
        ("late", 2020, "routine"),
        ("adult", 1990, "urgent"),
    ):
        clinic.patient(name, birth_date=date(born, 1, 1)).request(name, urgency=urgency)
    dataset = clinic.dataset()
    rows = by_group(match(dataset, limits=FAST), Grouping.of(dataset, "age"))
    assert [row for row in rows if row.measure in ("match_rate", "crowded_out")] == [
        Row("crowded_out", "age=0-17", 1.0, 2, "requests"),
        Row("match_rate", "age=0-17", 0.5, 2, "share"),
        Row("crowded_out", "age=18-39", 0.0, 1, "requests"),
        Row("match_rate", "age=18-39", 1.0, 1, "share"),
    ]


@pytest.mark.parametrize("name", [name for name in GROUPINGS if name != "language"])
def test_groups_add_up_to_all(world: tuple[Dataset, Result], name: str) -> None:
    """Where everybody is in one group: totals add up, and shares weigh by their counts."""
    dataset, result = world
    whole = {row.measure: row for row in rows_of(result)}
    rows = by_group(result, Grouping.of(dataset, name))
    for measure in ("requests", "placed", "no_candidate", "match_rate", "within_standard"):
        own = [row for row in rows if row.measure == measure]
        assert sum(row.count for row in own) == whole[measure].count
        weight = (row.count if row.unit == "share" else 1 for row in own)
        total = sum((row.value or 0.0) * each for row, each in zip(own, weight, strict=True))
        all_of_it = (whole[measure].value or 0.0) * (
            whole[measure].count if whole[measure].unit == "share" else 1
        )
        assert total == pytest.approx(all_of_it)


def test_specialties_have_their_own_access(world: tuple[Dataset, Result]) -> None:
    """Every code that a doctor practises has a third next available appointment."""
    dataset, result = world
    practised = {code for role in dataset.roles for code in role.specialties}
    rows = rows_of(result, groupings_of(dataset))
    access = {row.group for row in rows if row.measure == "third_next_available"}
    assert access == {None, *(f"specialty={code}" for code in practised)}
