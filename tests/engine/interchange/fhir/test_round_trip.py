"""What is written as FHIR and read into the same dataset again is what it was."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from datetime import UTC, timedelta
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from clinic import Clinic
from hypothesis import given
from hypothesis import strategies as st
from worlds import tiny_worlds

from engine.domain import Appointment, Dataset, Request
from engine.interchange.fhir import read_fhir, write_fhir
from engine.seats import Seats
from engine.snapshot import take_snapshot
from engine.time_grid import elapsed

NOTHING = timedelta()
LOST = ("see_by", "max_travel_km", "wishes", "insists_on", "doctor_terms", "declined")


def stripped(dataset: Dataset) -> Dataset:
    """The dataset without sessions and appointments, and without the requests that hold them."""
    placed = {row.request_id for row in dataset.appointments}
    requests = tuple(row for row in dataset.requests if row.id not in placed)
    return replace(dataset, sessions=(), appointments=(), requests=requests, links=())


def again(dataset: Dataset, base: Dataset, *, by_line: bool = False) -> Dataset:
    """``dataset``, written and read into ``base``; nothing is wrong with it."""
    stream = BytesIO()
    write_fhir(dataset, stream, by_line=by_line)
    with TemporaryDirectory() as folder:
        file = Path(folder) / f"all.{'nd' if by_line else ''}json"
        file.write_bytes(stream.getvalue())
        found, report = read_fhir([file], base)
    assert [row for row in report.findings.problems if row.is_error] == []
    return found


def expected_appointment(row: Appointment) -> Appointment:
    """What FHIR has words for of an appointment."""
    status: Any = "booked" if row.status == "conflicted" else row.status
    return replace(row, status=status, source="fhir")


def expected_request(row: Request) -> Request:
    """What FHIR has words for of a request."""
    blank = Request(id="-", patient_id="-", visit_type_id="-", created=row.created)
    return replace(row, **{name: getattr(blank, name) for name in LOST})


def cut(dataset: Dataset) -> Dataset:
    """The dataset with a session per cell, without those that are over or out of the horizon."""
    header, sessions = dataset.header, []
    for row in dataset.sessions:
        length = timedelta(minutes=row.cell_minutes) if row.cell_minutes else row.end - row.start
        for number in range(elapsed(row.start, row.end) // length):
            start = row.start.astimezone(UTC) + number * length
            is_over = elapsed(header.as_of, start + length) <= NOTHING
            is_before = elapsed(header.horizon.start, start + length) <= NOTHING
            if not is_over and not is_before and elapsed(start, header.horizon.end) > NOTHING:
                name = row.id if elapsed(row.start, row.end) == length else f"{row.id}.{number + 1}"
                sessions.append(replace(row, id=name, start=start, end=start + length))
    return replace(dataset, sessions=tuple(sessions))


def free_cells(dataset: Dataset) -> Counter[tuple[Any, ...]]:
    """Cells with room, and how much they have."""
    snapshot = take_snapshot(dataset)
    room = Seats().room(snapshot).tolist()
    found: Counter[tuple[Any, ...]] = Counter()
    for row, left in zip(dataset.sessions, room, strict=True):
        start, end = row.start.astimezone(UTC), row.end.astimezone(UTC)
        found[row.role_id, row.kind, start, end, row.visit_type_ids] += left
    return +found


@given(tiny_worlds(), st.booleans())
def test_what_is_promised_and_what_is_free_come_back(dataset: Dataset, by_line: bool) -> None:
    """Appointments, requests and free cells are the same, at the same instants."""
    found = again(dataset, stripped(dataset), by_line=by_line)
    appointments = {row.id: row for row in found.appointments}
    assert appointments == {row.id: expected_appointment(row) for row in dataset.appointments}
    before = {row.id: row for row in stripped(dataset).requests}
    requests = {row.id: expected_request(row) for row in dataset.requests} | before
    assert {row.id: row for row in found.requests} == requests
    assert found.patients == dataset.patients
    assert free_cells(found) == free_cells(cut(dataset))


@given(tiny_worlds())
def test_requests_that_wait_come_back_too(dataset: Dataset) -> None:
    """Into a dataset without any requests and patients, they come as they are, as far as FHIR
    has words for them.
    """
    base = replace(stripped(dataset), requests=(), patients=())
    found = again(dataset, base)
    requests = {row.id: expected_request(row) for row in dataset.requests}
    assert {row.id: row for row in found.requests} == requests
    asking = {row.patient_id for row in dataset.requests}
    assert {row.id for row in found.patients} == asking
    known = {row.id: row for row in dataset.patients}
    for row in found.patients:
        said = ("home", "state", "birth_date", "gender", "languages")
        assert all(getattr(row, name) == getattr(known[row.id], name) for name in said)


@pytest.mark.parametrize(
    "name",
    ["Zoë’s visit", "a  b", " ", "a/b", "50%", "#", "x" * 200, f"slotmatch.{'0' * 40}", "%41"],
)
def test_names_that_are_no_ids_of_fhir_come_back(name: str) -> None:
    """Of everything that has one; also where only the resources of the times are read."""
    clinic = Clinic().doctor(name).location(name).visit_type(name)
    clinic.role(name, doctor_id=name, location_id=name, specialties=(name,))
    clinic.session("09:00", "09:30", id=name, role_id=name, visit_type_ids=(name,))
    clinic.request(name, visit_type_id=name, specialty=name).request("open", name)
    clinic.appointment("09:00", "09:15", id=name, role_id=name, request=name)
    dataset = clinic.dataset()
    found = again(dataset, stripped(dataset))
    assert {row.id for row in found.appointments} == {name}
    assert {row.id: row for row in found.requests} == {row.id: row for row in dataset.requests}
    assert free_cells(found) == free_cells(cut(dataset))
    stream = BytesIO()
    write_fhir(dataset, stream, by_line=True)
    times = [
        line
        for line in stream.getvalue().splitlines(keepends=True)
        if re.search(rb'"resourceType":"(Slot|Schedule|Appointment)"', line)
    ]
    with TemporaryDirectory() as folder:
        (Path(folder) / "times.ndjson").write_bytes(b"".join(times))
        alone, _ = read_fhir([Path(folder)], stripped(dataset))
    assert alone == found


def test_slots_are_the_same_when_written_again() -> None:
    """A second round changes nothing: cells are sessions by then, and keep their ids."""
    clinic = Clinic().session().session("09:00", "17:00", day=1, kind="day", cell_minutes=None)
    dataset = clinic.request("r").appointment("09:00", "09:15", request="r").dataset()
    once = again(dataset, stripped(dataset))
    assert again(once, stripped(once)) == once
