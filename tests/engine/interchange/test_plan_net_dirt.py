"""Plan-Net directories with values that no record may hold: what is read can always be used."""

from __future__ import annotations

from pathlib import Path

import pytest
from plan_net_sample import (
    AFFILIATION,
    NPI,
    NUCC,
    PLAN,
    hours,
    imported,
    location,
    network,
    practitioner,
    role,
)

from engine.domain import Location
from engine.interchange.make import make
from engine.problems import Report


def test_hours_that_overlap_are_merged(tmp_path: Path) -> None:
    """Two stretches that begin together, or overlap, become their union on the days they share;
    those that only touch stay two.
    """
    mine = [
        hours("09:00", "12:00", "mon", "tue"),
        hours("09:00", "10:00", "mon"),
        hours("11:00", "13:00", "tue"),
        hours("13:00", "15:00", "tue"),
    ]
    dataset, _, found = imported(tmp_path, role("r", availableTime=mine))
    assert [f"{row.start:%a %H:%M}-{row.end:%H:%M}" for row in dataset.sessions] == [
        "Mon 09:00-12:00",
        "Tue 09:00-13:00",
        "Tue 13:00-15:00",
    ]
    assert ("repaired_value", "5/availableTime/1", "09:00 to 10:00") in found
    assert ("repaired_value", "5/availableTime/2", "11:00 to 13:00") in found


def test_a_place_named_twice_is_taken_once(tmp_path: Path) -> None:
    """The role is at one place, keeps its id, and the second mention is reported."""
    twice = [{"reference": "Location/l1"}, {"reference": "https://else.org/Location/l1"}]
    dataset, _, found = imported(tmp_path, role("r", location=twice))
    assert [row.id for row in dataset.roles] == ["r"]
    assert ("repaired_value", "5/location/1", "l1") in found


def test_references_that_name_nothing_are_left_out(tmp_path: Path) -> None:
    """An empty organisation, a network with only a display, and one of another type: the role
    does not take its organisation's networks instead.
    """
    extension = [
        network({"display": "Some network"}),
        network({"reference": "Location/n1"}),
        network({}),
    ]
    mine = role("r", organization={"reference": ""}, extension=extension)
    alone = role("s", network="")
    del alone["organization"]
    dataset, _, found = imported(tmp_path, mine, AFFILIATION, alone)
    assert dataset.roles[0].group_id is None
    assert [row.networks for row in dataset.roles] == [(), ()]
    assert ("unresolved_reference", "5/organization", "") in found
    assert ("unresolved_reference", "5/extension/0", "Some network") in found
    assert ("unresolved_reference", "5/extension/1", "Location/n1") in found
    assert any(code == "no_networks" for code, _, _ in found)


def test_a_reference_to_another_kind_of_resource_is_reported(tmp_path: Path) -> None:
    """A practitioner or a place is not found by its id alone; a version behind the id is."""
    dataset, _, found = imported(
        tmp_path,
        role("r", practitioner={"reference": "Organization/p1"}),
        role("s", location=[{"reference": "Organization/l1"}]),
        role("t", practitioner={"reference": "Practitioner/p1/_history/3"}),
        role("u", healthcareService=[{"reference": "HealthcareService/none"}]),
        role("v", practitioner={"reference": "p1", "type": "Organization"}),
    )
    assert [row.id for row in dataset.roles] == ["t", "u"]
    assert ("unresolved_reference", "5/practitioner", "Organization/p1") in found
    assert ("unresolved_reference", "6/location/0", "Organization/l1") in found
    assert ("unresolved_reference", "8/healthcareService/0", "HealthcareService/none") in found
    assert ("unresolved_reference", "9/practitioner", "p1") in found


def test_doctors_are_repaired_where_it_is_sensible(tmp_path: Path) -> None:
    """An NPI without a value and a language that is too long are left out; control characters
    and half surrogate pairs are dropped from names; a very long name is cut.
    """
    odd = practitioner(
        "p2",
        identifier=[{"system": NPI}],
        name=[{"family": "Gar\ud800cia\tLopez\x00", "given": ["A"]}],
        communication=[{"coding": [{"code": "e" * 300}, {"code": "es\x00"}, {"code": "es"}]}],
    )
    long = practitioner("p3", name=[{"family": "x" * 5000}])
    blank = practitioner("p4", name=[{"family": "\x00"}])
    rows = [odd, long, blank, role("a", who="p2"), role("b", who="p3"), role("c", who="p4")]
    dataset, report, found = imported(tmp_path, *rows)
    assert report.findings.num_errors == 0
    first, second, third = dataset.doctors
    assert (first.name, first.npi, first.languages) == ("A Garcia Lopez", None, ("es",))
    assert len(second.name) == 201
    assert third.name == ""
    assert {where for code, where, _ in found if code == "repaired_value"} == {
        "5/identifier",
        "5/name/0",
        "5/communication",
        "6/name/0",
        "7/name/0",
    }


def test_places_and_plans_are_repaired_where_it_is_sensible(tmp_path: Path) -> None:
    """Control characters are dropped from names and states, a state that is too long is left
    out, and networks that name nothing, or too much, are left out.
    """
    dataset, _, found = imported(
        tmp_path,
        location("l2", name="Ho\x00me\tplace", address={"state": "CT\x00", "postalCode": "06103"}),
        location("l3", address={"state": "C" * 300, "postalCode": "06103"}),
        role("a", where="l2"),
        role("b", where="l3"),
        PLAN
        | {
            "id": "plan2",
            "name": "n" * 5000,
            "ownedBy": {"display": "Pay\x00er"},
            "network": [
                {"reference": "Organization/n1"},
                {"display": "N"},
                {"reference": f"Organization/{'n' * 300}"},
            ],
        },
    )
    assert [(row.name, row.state) for row in dataset.locations] == [
        ("Home place", "CT"),
        ("L3", None),
    ]
    plan = dataset.insurance_plans[1]
    assert (plan.payer, plan.networks, len(plan.name)) == ("Payer", ("n1",), 201)
    assert ("unresolved_reference", "9/network/1", "N") in found
    assert {where for code, where, _ in found if code == "repaired_value"} == {
        "5/name",
        "5/address/state",
        "6/address/state",
        "9/name",
        "9/ownedBy/display",
        "9/network",
    }


def test_every_nucc_coding_counts(tmp_path: Path) -> None:
    """A concept with two codings gives two specialties; a code that cannot be one of NUCC's is
    left out, and a role that has no other is not used.
    """
    codings = [
        {"system": NUCC, "code": "207R00000X"},
        {"system": NUCC, "code": "208D00000X", "display": "General\tpractice"},
        {"system": NUCC, "code": "2" * 300},
        {"system": "else", "code": "x"},
        {"system": NUCC, "code": "207R00000X", "display": "Inner"},
    ]
    dataset, _, found = imported(
        tmp_path,
        role("r", specialty=[{"coding": codings}]),
        role("s", specialty=[{"coding": [{"system": NUCC, "display": "No code"}]}]),
    )
    assert dataset.roles[0].specialties == ("207R00000X", "208D00000X")
    assert [(row.id, row.name) for row in dataset.visit_types] == [
        ("visit-207R00000X", "Inner"),
        ("visit-208D00000X", "General practice"),
    ]
    assert ("repaired_value", "5/specialty/0/coding/2") in {row[:2] for row in found}
    assert ("unusable_row", "6/specialty", None) in found


@pytest.mark.parametrize("id", ["x" * 201, "x" * 190, "", "a\x00b", "\ud800"])
def test_ids_that_no_record_may_have(tmp_path: Path, id: str) -> None:
    """A row whose id is too long, empty or unprintable is not used, whatever its type; what
    refers to it is reported.
    """
    dataset, report, _ = imported(
        tmp_path,
        practitioner(id),
        location(id),
        PLAN | {"id": id},
        role("r"),
        role(id),
        role("s", who=id),
        role("t", location=[{"reference": "Location/l1"}, {"reference": f"Location/{id}"}]),
        role("y" * 50, location=[{"reference": "Location/l1"}, {"reference": f"Location/{id}"}]),
    )
    made = {row.id for row in dataset.roles}
    assert made - {"s"} == {"r", "t-at-l1", "y" * 50 + "-at-l1"}
    assert report.findings.num_errors >= 3


def test_ids_made_of_two_are_distinct(tmp_path: Path) -> None:
    """A role at two places gets an id per place; where another role has that id, it is reported."""
    both = [{"reference": "Location/l1"}, {"reference": "Location/l2"}]
    dataset, _, found = imported(
        tmp_path, location("l2"), role("r", location=both), role("r-at-l1")
    )
    assert [row.id for row in dataset.roles] == ["r-at-l2", "r-at-l1"]
    assert ("duplicate_id", "6/location/0", "r-at-l1") in found


def test_a_record_that_cannot_be_repaired_is_reported() -> None:
    """A required field cannot be left out: the row is not used."""
    findings = Report()
    values = {"id": "x" * 201, "time_zone": "Nowhere/Else"}
    assert make(Location, values, "Location.ndjson:7", {"time_zone": "position"}, findings) is None
    assert {(p.code, p.path) for p in findings.problems} == {
        ("unusable_row", "Location.ndjson:7/id"),
        ("unusable_row", "Location.ndjson:7/position"),
    }
