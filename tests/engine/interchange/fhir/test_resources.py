"""References and ids: what names what, inside of a bundle and beside it."""

from __future__ import annotations

from pathlib import Path

import pytest
from fhir_sample import (
    appointment,
    bundle,
    found,
    part,
    patient,
    read,
    ref,
    schedule,
    slot,
)

ROWS = [schedule(), slot(), patient(), appointment("10:00", "10:15")]


@pytest.mark.parametrize(
    "address",
    [
        "urn:uuid:7",
        "urn:oid:1.2.3",
        "https://a.example/fhir/Schedule/D",
        "https://a.example/fhir/Schedule/D/_history/4",
        "Schedule/D",
        "Schedule/D/_history/2",
    ],
)
def test_references_by_any_address(tmp_path: Path, address: str) -> None:
    """The full address of the entry, or type and id; versions are of no matter."""
    url = "https://a.example/fhir/Schedule/D" if address.startswith("S") else address
    whole = bundle(slot(schedule=ref(address)))
    whole["entry"].append({"fullUrl": url, "resource": schedule()})
    dataset, report = read(tmp_path, whole)
    assert len(dataset.sessions) == 1
    assert found(report) == {}


def test_a_resource_without_an_id_has_that_of_its_address(tmp_path: Path) -> None:
    """As in transactions."""
    rows = {name: row for name, row in schedule().items() if name != "id"}
    whole = bundle(slot(schedule=ref("urn:uuid:0-7")), slot("11:00", "11:15", schedule=ref("D")))
    del whole["entry"][0]["resource"]["id"]
    whole["entry"][0]["fullUrl"] = "urn:uuid:0-8"
    whole["entry"].append({"fullUrl": "urn:uuid:0-7", "resource": rows})
    dataset, report = read(tmp_path, whole)
    assert [row.id for row in dataset.sessions] == ["0-8"]
    assert found(report) == {"unresolved_reference": 1}


@pytest.mark.parametrize(
    ("address", "is_found"),
    [
        ("https://a.example/fhir/Practitioner/dr", True),
        ("https://b.example/fhir/Practitioner/dr", False),
        ("Practitioner/dr", True),
    ],
)
def test_another_server_means_somebody_else(tmp_path: Path, address: str, is_found: bool) -> None:
    """Once entries say where they live, the same id elsewhere is another doctor's."""
    whole = bundle(slot(), patient(), appointment("10:00", "10:15"))
    where_it_lives = "https://a.example/fhir/Schedule/D"
    whole["entry"].append({"fullUrl": where_it_lives, "resource": schedule(address)})
    dataset, report = read(tmp_path, whole)
    assert len(dataset.sessions) == is_found
    assert found(report) == ({} if is_found else {"unresolved_reference": 1})


def test_contained_resources(tmp_path: Path) -> None:
    """References begin with a hash; a patient inside gets an id of her own; whoever refers to
    himself or in a circle is nobody.
    """
    circle = {"resourceType": "PractitionerRole", "id": "r", "practitioner": ref("#s")}
    other = {"resourceType": "PractitionerRole", "id": "s", "practitioner": ref("#r")}
    inside = [patient("p", contained=[patient("q")]), circle, other]
    people = [part("#p"), part("Practitioner/dr")]
    good = appointment(contained=inside, participant=people)
    turn = appointment(id="B", contained=inside, participant=[part("#p"), part("#r")])
    self_made = appointment(id="C", participant=[part("#"), part("#p")])
    deep = slot(schedule=ref("#D"), contained=[schedule("#x", contained=[patient("x")])])
    dataset, report = read(tmp_path, good, turn, self_made, deep)
    assert [row.id for row in dataset.appointments] == ["A"]
    assert [row.id for row in dataset.patients] == ["A-p"]
    assert found(report) == {"unresolved_reference": 3}


def test_what_contains_too_little(tmp_path: Path) -> None:
    """No list, no resource, one id twice, one that cannot be read."""
    rows = [
        slot(id="a", contained="x"),
        slot("10:00", "10:15", "b", contained=[7, patient("p"), patient("p"), {"resourceType": 1}]),
        slot("11:00", "11:15", "c", contained=[patient("p", gender="f")]),
    ]
    dataset, report = read(tmp_path, schedule(), *rows)
    assert len(dataset.sessions) == 3
    assert found(report) == {"wrong_type": 1, "duplicate_id": 1, "wrong_value": 1}


def test_a_history_is_read_at_its_newest(tmp_path: Path) -> None:
    """Older versions are passed over, and so is what was deleted."""
    old = slot("08:00", "08:15")
    whole = bundle(*ROWS[:2], old, kind="history")
    gone = "https://a.example/fhir/Slot/gone"
    whole["entry"] += [
        {"fullUrl": gone, "request": {"method": "DELETE", "url": "Slot/gone"}},
        {"fullUrl": gone, "resource": slot("11:00", "11:15", "gone")},
    ]
    dataset, report = read(tmp_path, whole)
    assert [(row.id, row.start.hour) for row in dataset.sessions] == [("S", 9)]
    assert found(report) == {}


def test_the_same_id_twice_is_a_mistake_unless_it_is_the_same(tmp_path: Path) -> None:
    """Pages of a search repeat what they include."""
    rows = [schedule(), schedule(), slot(), patient(), patient(gender="male"), appointment()]
    _, report = read(tmp_path, *rows, appointment(), appointment("11:00", "11:15"))
    assert found(report) == {"duplicate_id": 2, "overlapping_slots": 1}


def test_types_that_are_not_read_are_said_once(tmp_path: Path) -> None:
    """And counted."""
    others = [{"resourceType": "Encounter", "id": str(n)} for n in range(3)]
    _, report = read(tmp_path, schedule(), slot(), *others, {"resourceType": 7}, {}, 7, None)
    assert report.read["Encounter"] == 3
    assert found(report) == {"unused_resource": 3}
