"""More people ask, or fewer."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest
from clinic import CENTRE, Clinic
from situations import after, change, situation_of, wrong

from engine.domain import Coordinates, Dataset, InsurancePlan, PostalArea
from engine.errors import ScenarioError

NORTH = Coordinates(latitude=40.84, longitude=-73.99)
"""10.0 km from the centre."""


def twenty() -> Clinic:
    """Twenty people who ask once each, and one who has an appointment."""
    clinic = Clinic().session()
    for number in range(20):
        clinic.request(f"r{number}")
    return clinic.request("told").appointment("09:00", "09:15", request="told")


def mixed() -> Clinic:
    """Four people who differ in specialty, plan and home."""
    clinic = Clinic(plans=[InsurancePlan(id="P"), InsurancePlan(id="Q")])
    clinic.visit_type("skin check", specialties=("skin",))
    clinic.patient("ann", insurance_plan_id="P", home=CENTRE).request("ann", specialty="207RC0000X")
    clinic.patient("bob", insurance_plan_id="Q", home=NORTH).request("bob", specialty="skin")
    clinic.patient("cat", home=PostalArea(postal_code="06103"))
    clinic.request("cat", visit_type_id="skin check")
    return clinic.patient("dan", home=None).request("dan")


def ids(dataset: Dataset) -> set[str]:
    """Ids of the requests."""
    return {row.id for row in dataset.requests}


def copied(clinic: Clinic, **filters: Any) -> set[str]:
    """Whose requests are there twice after demand is doubled."""
    found = after(clinic, "demand_scaled", factor=2, **filters).dataset
    return {row.id.removesuffix("-2") for row in found.requests if row.id.endswith("-2")}


def test_exactly_leaves_out_what_is_below() -> None:
    """Internal medicine, and not the heart."""
    clinic = mixed().request("eve", specialty="207R00000X")
    assert copied(clinic, specialty="207R00000X") == {"ann", "eve"}
    assert copied(clinic, specialty="207R00000X", exactly=True) == {"eve"}


@pytest.mark.parametrize(
    ("factor", "number"),
    [(0, 1), (0.5, 11), (0.97, 20), (0.98, 21), (1, 21), (1.02, 21), (1.03, 22), (1.2, 25)],
)
def test_so_many_are_there_afterwards(factor: float, number: int) -> None:
    """Of twenty open ones the share, rounded half up; the one with an appointment stays."""
    found = after(twenty(), "demand_scaled", factor=factor).dataset
    assert len(found.requests) == number
    assert "told" in ids(found)


def test_copies_are_of_new_patients_alike() -> None:
    """In all but the ids, at whole factors each as often as the other."""
    clinic = mixed()
    found = after(clinic, "demand_scaled", factor=3).dataset
    before = clinic.dataset()
    assert found.requests[:4] == before.requests
    for number in range(4):
        for times in (1, 2):
            new, old = found.requests[4 * times + number], before.requests[number]
            person, patient = found.patients[4 * times + number], before.patients[number]
            name = f"{old.id}-{times + 1}"
            assert new == replace(old, id=name, patient_id=name)
            assert person == replace(patient, id=name)


def test_who_asks_twice_does_so_again() -> None:
    """Two requests of one patient become two of one new patient."""
    clinic = Clinic().request("first", "ann").request("second", "ann")
    found = after(clinic, "demand_scaled", factor=2).dataset
    assert [row.id for row in found.patients] == ["ann", "ann-2"]
    assert [row.patient_id for row in found.requests] == ["ann", "ann", "ann-2", "ann-2"]


def test_links_stay_whole() -> None:
    """Copied as a link, left out as a link, and left alone where one of them is told."""
    clinic = Clinic().session().request("a").request("b").link("b", "a", same_day=True)
    clinic.request("c").request("d").link("c", "d").appointment("09:00", "09:15", request="d")
    more = after(clinic, "demand_scaled", factor=2).dataset
    assert [row.request_ids for row in more.links] == [("b", "a"), ("c", "d"), ("b-2", "a-2")]
    assert more.links[2].same_day
    less = after(clinic, "demand_scaled", factor=0).dataset
    assert ids(less) == {"c", "d"}
    assert [row.request_ids for row in less.links] == [("c", "d")]


def test_half_a_link_is_none() -> None:
    """One of two does not fit, so nobody is left out."""
    clinic = Clinic().request("a").request("b").link("a", "b")
    assert ids(after(clinic, "demand_scaled", factor=0.5).dataset) == {"a", "b"}


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({}, {"ann", "bob", "cat", "dan"}),
        ({"specialty": "207RC0000X"}, {"ann"}),
        ({"specialty": "207R00000X"}, {"ann"}),
        ({"specialty": "207RC0000X", "exactly": True}, {"ann"}),
        ({"specialty": "skin"}, {"bob", "cat"}),
        ({"insurance_plan_id": "P"}, {"ann"}),
        ({"area": {"postal_prefix": "061"}}, {"cat"}),
        ({"area": {"postal_prefix": "1"}}, set()),
        ({"area": {"location_id": "office", "km": 10.0}}, {"ann"}),
        ({"area": {"location_id": "office", "km": 10.1}}, {"ann", "bob"}),
        ({"area": {"location_id": "office", "km": 500}}, {"ann", "bob", "cat"}),
        ({"specialty": "skin", "insurance_plan_id": "Q"}, {"bob"}),
        ({"specialty": "skin", "insurance_plan_id": "P"}, set()),
    ],
)
def test_only_those_who_are_meant(filters: dict[str, Any], found: set[str]) -> None:
    """By specialty or what is below it, insurance plan and home; all of them hold."""
    assert copied(mixed(), **filters) == found


def test_areas_around_places_by_postal_code() -> None:
    """The centre of the code counts."""
    clinic = mixed().location("hartford", coordinates=None, postal_code="06103")
    assert copied(clinic, area={"location_id": "hartford", "km": 1}) == {"cat"}


def test_smaller_factors_are_part_of_larger_ones() -> None:
    """With one seed; so a sweep compares like with like. Another seed draws others."""
    drawn = [
        ids(after(twenty(), "demand_scaled", factor=factor).dataset)
        for factor in (0, 0.3, 0.6, 0.9, 1, 1.3, 1.6, 2, 2.4)
    ]
    assert all(one < other for one, other in pairwise(drawn))
    seeds = {
        frozenset(ids(after(twenty(), "demand_scaled", seed=seed, factor=0.5).dataset))
        for seed in range(5)
    }
    assert len(seeds) > 1


@pytest.mark.parametrize(
    ("fields", "found"),
    [
        ({"specialty": "skins"}, [("dangling_reference", "specialty")]),
        (
            {"specialty": "207R00000X", "exactly": True},
            [("dangling_reference", "specialty")],
        ),
        ({"exactly": True}, [("missing_field", "specialty")]),
        ({"insurance_plan_id": "R"}, [("dangling_reference", "insurance_plan_id")]),
        ({"area": {}}, [("not_exactly_one", "area/postal_prefix")]),
        ({"area": {"location_id": "office"}}, [("missing_field", "area/km")]),
        ({"area": {"location_id": "x", "km": 1}}, [("dangling_reference", "area/location_id")]),
        ({"area": {"postal_prefix": "1", "km": 1}}, [("missing_field", "area/location_id")]),
        ({"area": {"location_id": "nowhere", "km": 1}}, [("place_unknown", "area/location_id")]),
    ],
)
def test_everything_wrong_is_found(fields: dict[str, Any], found: list[tuple[str, str]]) -> None:
    """Each where it stands."""
    clinic = mixed().location("nowhere", coordinates=None)
    rows = wrong(clinic, "demand_scaled", factor=1, **fields)
    assert rows == [(code, f"/changes/0/{path}") for code, path in found]


@pytest.mark.parametrize("factor", [-0.1, 10.1, float("nan"), "2"])
def test_factors_have_limits(factor: Any) -> None:
    """Just outside is refused when it is read."""
    with pytest.raises(ScenarioError):
        change("demand_scaled", factor=factor)


def test_the_situation_given_stays_as_it_is() -> None:
    """A change makes another one."""
    situation = situation_of(twenty())
    before = situation.dataset
    after(situation, "demand_scaled", factor=5)
    assert situation.dataset == before
