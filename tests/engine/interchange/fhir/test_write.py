"""Bundles that are written: R4 accepts them, every reference resolves, nothing is forgotten."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from io import BytesIO

from clinic import Clinic, at
from fhir_r4 import ID, INSTANT, mistakes
from fhir_sample import Content
from hypothesis import given
from hypothesis import strategies as st
from worlds import tiny_worlds

from engine.domain import Dataset, PostalArea, Service
from engine.interchange.fhir import Written, write_fhir
from engine.interchange.fhir.names import BASE, code_of, fhir_id, name_of


def written(dataset: Dataset) -> tuple[list[Content], Written]:
    """Resources of the bundle of a dataset, and what is said of it."""
    stream = BytesIO()
    told = write_fhir(dataset, stream)
    whole = json.loads(stream.getvalue())
    assert (whole["resourceType"], whole["type"]) == ("Bundle", "collection")
    assert INSTANT.fullmatch(whole["timestamp"])
    urls = [entry["fullUrl"] for entry in whole.get("entry", [])]
    assert len(set(urls)) == len(urls)  # bdl-7
    rows = [entry["resource"] for entry in whole.get("entry", [])]
    assert urls == [f"{BASE}/{row['resourceType']}/{row['id']}" for row in rows]
    assert told.resources == Counter(row["resourceType"] for row in rows)
    return rows, told


def of(rows: list[Content], kind: str) -> list[Content]:
    """Resources of one type."""
    return [row for row in rows if row["resourceType"] == kind]


@given(tiny_worlds())
def test_r4_accepts_what_is_written(dataset: Dataset) -> None:
    """Elements, cardinalities, value sets, types, references and invariants."""
    rows, _ = written(dataset)
    assert list(mistakes(rows)) == []
    assert len(of(rows, "Schedule")) == len(dataset.roles)
    held = {row.request_id for row in dataset.appointments}
    waiting = [row for row in dataset.requests if row.id not in held]
    assert len(of(rows, "Appointment")) == len(dataset.appointments) + len(waiting)


@given(tiny_worlds())
def test_a_line_per_resource_says_the_same(dataset: Dataset) -> None:
    """NDJSON holds the resources of the bundle, in their order."""
    stream = BytesIO()
    write_fhir(dataset, stream, by_line=True)
    rows, _ = written(dataset)
    assert [json.loads(line) for line in stream.getvalue().splitlines()] == rows


def test_a_cell_is_a_slot() -> None:
    """Busy where appointments leave nothing, with their minutes before and after."""
    clinic = Clinic().visit_type("visit", minutes_after=5).session("09:00", "10:00")
    clinic.request("r").appointment("09:15", "09:30", request="r")
    rows, _ = written(clinic.dataset())
    slots = of(rows, "Slot")
    assert [row["id"] for row in slots] == ["s1.1", "s1.2", "s1.3", "s1.4"]
    assert [row["status"] for row in slots] == ["free", "busy", "busy", "free"]
    assert slots[0]["start"] == "2026-03-02T09:00:00-05:00"
    assert slots[0]["end"] == "2026-03-02T09:15:00-05:00"
    (visit,) = of(rows, "Appointment")
    assert [row["reference"] for row in visit["slot"]] == ["Slot/s1.2", "Slot/s1.3"]
    assert visit["minutesDuration"] == 15


def test_seats_that_are_left() -> None:
    """Of two seats one is left; where three share two, it is overbooked; a day says that it
    is one.
    """
    clinic = Clinic().session("09:00", "09:30", capacity=2)
    clinic.session("08:00", "17:00", day=1, kind="day", cell_minutes=None, capacity=5)
    for start in ("09:00", "09:15", "09:15", "09:15"):
        clinic.appointment(start, "09:30" if start == "09:15" else "09:15")
    clinic.appointment("08:00", "17:00", day=1)
    rows, _ = written(clinic.dataset())
    said = [
        (row["status"], row.get("overbooked"), [list(e.values())[1] for e in row["extension"]])
        for row in of(rows, "Slot")
    ]
    assert said == [("free", None, [1, 2]), ("busy", True, [2]), ("free", None, [4, 5, True])]


def test_what_is_held_waits_or_is_nobodys() -> None:
    """Pending with its end; waiting without a time; a block has no patient."""
    clinic = Clinic().session().request("held").request("open", earliest=at("09:00"))
    clinic.request("booked").appointment("09:30", "09:45", request="booked", pinned=True)
    clinic.appointment("09:00", "09:15", request="held", status="held", held_until=at("08:00"))
    clinic.appointment("09:15", "09:30")
    rows, _ = written(clinic.dataset())
    visits = {row["id"]: row for row in of(rows, "Appointment")}
    assert [visits[name]["status"] for name in ("a1", "a2", "a3")] == [
        "booked",
        "pending",
        "booked",
    ]
    assert visits["a2"]["extension"][0]["valueInstant"] == "2026-03-02T08:00:00-05:00"
    waits = visits["open"]
    assert (waits["status"], "start" in waits, "slot" in waits) == ("waitlist", False, False)
    assert waits["requestedPeriod"] == [{"start": "2026-03-02T09:00:00-05:00"}]
    actors = [row["actor"]["reference"] for row in visits["a3"]["participant"]]
    assert actors == ["PractitionerRole/role", "Practitioner/dr", "Location/office"]


def test_what_fhir_has_no_words_for_is_counted() -> None:
    """Nothing is left out in silence."""
    clinic = Clinic().session(reserved_for="urgent").session("11:00", "12:00", capacity=0)
    clinic.request("r", max_travel_km=3.0, see_by=at("12:00"), urgency="someday")
    clinic.appointment("09:00", "09:15", request="r", status="conflicted", source="plan")
    clinic.request("s").link("r", "s", same_day=True)
    rows, told = written(clinic.dataset())
    assert told.lost == {
        "for whom sessions are reserved": 1,
        "sessions without seats": 1,
        "by when requests are due": 1,
        "how far patients travel": 1,
        "urgency classes that are not ours by default": 1,
        "that appointments are conflicted": 1,
        "where appointments came from": 1,
        "links": 1,
    }
    assert "priority" not in of(rows, "Appointment")[0]


def test_names_of_who_waits_and_of_cells_do_not_collide() -> None:
    """With those of appointments, and of sessions called like a cell."""
    clinic = Clinic().session("09:00", "09:30", id="s").session("11:00", "11:15", id="s.1")
    clinic.patient("p", home=PostalArea(postal_code="10018"))
    clinic.request("r", "p").appointment("09:00", "09:15", id="r")
    rows, _ = written(clinic.dataset())
    assert [row["id"] for row in of(rows, "Appointment")] == ["r", "r-2"]
    assert len({row["id"] for row in of(rows, "Slot")}) == 3
    assert of(rows, "Patient")[0]["address"][0]["postalCode"] == "10018"
    assert list(mistakes(rows)) == []


def test_names_of_people_stay() -> None:
    """Doctors, services and places have names; patients have none to give."""
    clinic = Clinic(services=[Service(id="chair", name="Chair")]).doctor("dr", name="Ames")
    clinic.location("north", name="North").role("c", service_id="chair", location_id="north")
    rows, _ = written(clinic.request("r").dataset())
    assert of(rows, "Practitioner")[0]["name"] == [{"text": "Ames"}]
    assert [row["name"] for row in of(rows, "HealthcareService")] == ["Chair"]
    assert [row.get("name") for row in of(rows, "Location")] == [None, "North"]
    assert "name" not in of(rows, "Patient")[0]


def test_nothing_is_a_bundle_too() -> None:
    """Without roles there is nothing to write, and no empty list is written."""
    empty = replace(Clinic().dataset(), roles=())
    rows, told = written(empty)
    assert rows == []
    assert told.resources == {}


@given(st.lists(st.text(min_size=1), unique=True))
def test_ids_differ_and_are_ids_of_fhir(names: list[str]) -> None:
    """Whatever ours are, also where one looks like one that is made."""
    names = [*names, *(fhir_id(name) for name in names)]
    made = {name: fhir_id(name) for name in names}
    assert all(ID.fullmatch(value) for value in made.values())
    assert len(set(made.values())) == len(set(names))


@given(st.text(min_size=1))
def test_codes_can_be_read_again(name: str) -> None:
    """What is no code is encoded; what is stays."""
    code = code_of(name)
    assert name_of(BASE + "/visit-type", code) == name
    assert not set(code) & {"\t", "\n"}
    assert code == code.strip()
