"""Slots: sessions of one cell, blocks, and what is left out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from clinic import Clinic, at
from fhir_sample import (
    appointment,
    bundle,
    codes,
    found,
    patient,
    read,
    ref,
    schedule,
    slot,
    told,
    where,
)

from engine.interchange.fhir.names import DAY_EXTENSION, SEATS_EXTENSION
from engine.interchange.fhir_shapes import CAPACITY_EXTENSION


def seats(left: int, total: int | None = None) -> list[dict[str, Any]]:
    """Extensions of a slot: what is left, and what there is."""
    rows = [{"url": CAPACITY_EXTENSION, "valueInteger": left}]
    return rows + ([] if total is None else [{"url": SEATS_EXTENSION, "valueInteger": total}])


def booked(*clocks: tuple[str, str]) -> list[dict[str, Any]]:
    """A patient, and an appointment of hers at each of some times."""
    visits = [appointment(start, end, f"A{n}") for n, (start, end) in enumerate(clocks)]
    return [patient(), *visits]


def test_a_free_slot_is_a_session_of_one_cell(tmp_path: Path) -> None:
    """As long as itself, one seat, of the role that its schedule's actors single out."""
    dataset, report = read(tmp_path, schedule(), slot("09:00", "09:40"))
    (session,) = dataset.sessions
    assert (session.id, session.role_id, session.kind) == ("S", "role", "timed")
    assert (session.cell_minutes, session.capacity) == (40, 1)
    assert (session.start, session.end) == (at("09:00"), at("09:40"))
    assert found(report) == {}
    assert report.made["sessions"] == 1


@pytest.mark.parametrize("status", ["busy", "busy-tentative", "busy-unavailable"])
def test_a_busy_slot_that_nothing_explains_is_a_block(tmp_path: Path, status: str) -> None:
    """Nobody can be placed there, and no request is made."""
    dataset, report = read(tmp_path, schedule(), slot(status=status))
    (block,) = dataset.appointments
    assert (block.id, block.request_id, block.role_id) == ("slot-S", None, "role")
    assert (block.start, block.end) == (at("09:00"), at("09:15"))
    assert dataset.sessions == ()
    assert found(report) == {}


@pytest.mark.parametrize(
    ("start", "end", "is_explained"),
    [("09:00", "09:15", True), ("09:14", "09:30", True), ("09:15", "09:30", False)],
)
def test_an_appointment_explains_the_busy_slots_it_touches(
    tmp_path: Path, start: str, end: str, is_explained: bool
) -> None:
    """They are cells that it takes, so that they are free again where it is moved."""
    dataset, _ = read(tmp_path, schedule(), slot(status="busy"), *booked((start, end)))
    assert [row.id for row in dataset.sessions] == (["S"] if is_explained else [])
    blocks = [row.id for row in dataset.appointments if row.request_id is None]
    assert blocks == ([] if is_explained else ["slot-S"])


def test_minutes_after_a_visit_explain_a_busy_slot_too(tmp_path: Path) -> None:
    """The visit ends at 9:15, and its doctor is busy for ten minutes more."""
    clinic = Clinic().visit_type("visit", minutes_after=10)
    later = slot("09:15", "09:30", status="busy")
    dataset, _ = read(tmp_path, schedule(), later, *booked(("09:00", "09:15")), base=clinic)
    assert [row.id for row in dataset.sessions] == ["S"]


def test_an_appointment_that_was_there_explains_a_busy_slot(tmp_path: Path) -> None:
    """It need not be in the bundle."""
    clinic = Clinic().request("r").appointment("09:00", "09:15", request="r")
    dataset, _ = read(tmp_path, schedule(), slot(status="busy"), base=clinic)
    assert [row.id for row in dataset.sessions] == ["S"]
    assert len(dataset.appointments) == 1


@pytest.mark.parametrize(
    ("more", "visits", "capacity"),
    [
        ({"extension": seats(3)}, 0, 3),
        ({"extension": seats(3)}, 2, 5),
        ({"extension": seats(3, 4)}, 2, 4),
        ({"extension": seats(1, 4)}, 2, 3),
        ({"status": "busy"}, 2, 1),
        ({"status": "busy", "extension": seats(0, 2)}, 2, 2),
        ({"status": "busy", "extension": seats(0, 3)}, 2, 2),
        ({"extension": seats(0)}, 0, None),
        ({"status": "busy-unavailable"}, 1, None),
        ({"overbooked": True}, 1, 1),
        ({"overbooked": True}, 0, None),
    ],
)
def test_seats(tmp_path: Path, more: Any, visits: int, capacity: int | None) -> None:
    """Those that are left and those that are taken, at most what there are; where nothing is
    said, one.
    """
    rows = booked(*[("09:00", "09:15")] * visits)
    dataset, report = read(tmp_path, schedule(), slot(**more), *rows)
    assert [row.capacity for row in dataset.sessions] == ([] if capacity is None else [capacity])
    assert report.sessions["not free"] == (capacity is None)


def test_a_slot_without_told_times_is_a_day(tmp_path: Path) -> None:
    """Where its extension says so."""
    day = [{"url": DAY_EXTENSION, "valueBoolean": True}, *seats(5, 5)]
    dataset, _ = read(tmp_path, schedule(), slot("09:00", "17:00", extension=day))
    (session,) = dataset.sessions
    assert (session.kind, session.cell_minutes, session.capacity) == ("day", None, 5)


def test_what_is_overbooked_is_reported(tmp_path: Path) -> None:
    """A slot that says so takes nobody else."""
    _, report = read(tmp_path, schedule(), slot(overbooked=True), *booked(("09:00", "09:15")))
    assert found(report) == {"overbooked": 1}


@pytest.mark.parametrize(("start", "is_overlapping"), [("09:14", True), ("09:15", False)])
def test_a_free_slot_that_something_overlaps_is_reported(
    tmp_path: Path, start: str, is_overlapping: bool
) -> None:
    """By an appointment or a busy slot: it takes the seat; two free slots overlap as any
    sessions of a doctor do.
    """
    visit = booked((start, "09:30"))
    dataset, report = read(tmp_path, schedule(), slot(), *visit)
    assert found(report) == ({"overlapping_slots": 1} if is_overlapping else {})
    assert dataset.sessions[0].capacity == 1
    busy = slot(start, "09:30", "T", status="busy")
    _, report = read(tmp_path, schedule(), slot(), busy)
    assert found(report) == ({"overlapping_slots": 1} if is_overlapping else {})
    _, report = read(tmp_path, schedule(), slot(), slot(start, "09:30", "T"))
    assert found(report) == ({"overlapping_sessions": 1} if is_overlapping else {})


@pytest.mark.parametrize(
    ("more", "counted"),
    [
        ({"status": "entered-in-error"}, "slots entered in error"),
        ({"start": "2026-03-01T08:00:00-05:00", "end": "2026-03-02T08:00:00-05:00"}, "over"),
        ({"start": "2026-03-14T00:00:00-04:00", "end": "2026-03-14T01:00:00-04:00"}, "after"),
        ({"start": "2026-02-28T08:00:00-05:00", "end": told("00:00")}, "over"),
        ({"schedule": ref("Schedule/off")}, "inactive"),
        ({"schedule": ref("Schedule/april")}, "planning horizon"),
        ({"schedule": ref("Schedule/nobody")}, "cannot be used"),
    ],
)
def test_slots_of_no_use_are_counted(tmp_path: Path, more: Any, counted: str) -> None:
    """They are no mistakes, and make no sessions."""
    others = [
        schedule(id="off", active=False),
        schedule(id="april", planningHorizon={"start": "2026-04", "end": "2026-05-01"}),
        schedule("Practitioner/who", id="nobody"),
    ]
    clinic = Clinic(as_of=at("08:00"))
    kept = slot(id="kept")
    dataset, report = read(tmp_path, schedule(), *others, kept, slot(**more), base=clinic)
    assert [row.id for row in dataset.sessions] == ["kept"]
    assert [reason for reason in report.sessions if counted in reason] == list(report.sessions)
    assert report.sessions.total() == 1
    assert found(report) == {"unresolved_reference": 1}  # the schedule of nobody


@pytest.mark.parametrize(
    ("horizon", "is_inside"),
    [
        ({"start": "2026-03-02", "end": "2026-03-02"}, True),
        ({"start": "2026-03", "end": "2026"}, True),
        ({"start": "2026-03-02T09:00:00-05:00", "end": "2026-03-02T09:15:00-05:00"}, True),
        ({"start": "2026-03-02T09:01:00-05:00"}, False),
        ({"end": "2026-03-02T09:14:00-05:00"}, False),
        ({"end": "2026-03-01"}, False),
        ({"start": "9999", "end": "0000"}, False),
        ({}, True),
    ],
)
def test_the_planning_horizon_bounds_slots(tmp_path: Path, horizon: Any, is_inside: bool) -> None:
    """Dates are inclusive, on the clock of the role."""
    dataset, report = read(tmp_path, schedule(planningHorizon=horizon), slot())
    assert len(dataset.sessions) == is_inside
    assert report.sessions["outside the planning horizon"] == (not is_inside)


def test_slots_before_the_horizon_are_counted(tmp_path: Path) -> None:
    """Where now lies before it."""
    clinic = Clinic(as_of=at("00:00", -3))
    early = slot("2026-02-28T08:00:00-05:00", "2026-02-28T08:15:00-05:00")
    dataset, report = read(tmp_path, schedule(), early, base=clinic)
    assert dataset.sessions == ()
    assert report.sessions == {"before the horizon": 1}


def test_codes_that_are_visit_types_limit_a_slot(tmp_path: Path) -> None:
    """By service, style or specialty; others are reported once each; the slot's own come before
    the schedule's.
    """
    clinic = Clinic().visit_type("check").visit_type("scan")
    both = slot(serviceType=codes("check", "odd"), appointmentType=codes("scan")[0])
    plain = slot("10:00", "10:15", "T", specialty=codes("odd", "even"))
    rows = (schedule(serviceType=codes("visit")), both, plain, slot("11:00", "11:15", "U"))
    dataset, report = read(tmp_path, *rows, base=clinic)
    offered = {row.id: row.visit_type_ids for row in dataset.sessions}
    assert offered == {"S": ("check", "scan"), "T": (), "U": ("visit",)}
    said = [row.value for row in report.findings.problems if row.code == "unknown_code"]
    assert said == ["'odd'", "'even'"]


def test_ids_are_made_unique_over_schedules(tmp_path: Path) -> None:
    """The same id on another schedule gets a number; on the same one it is a mistake, unless
    the whole slot is the same.
    """
    clinic = Clinic().doctor("other").role("second", doctor_id="other")
    twin = slot(schedule=ref("Schedule/E"))
    rows = (schedule(), schedule("Practitioner/other", id="E"), slot(), twin, slot())
    dataset, report = read(tmp_path, *rows, base=clinic)
    assert [(row.id, row.role_id) for row in dataset.sessions] == [("S", "role"), ("S-2", "second")]
    assert found(report) == {}
    _, report = read(tmp_path, *rows, slot("10:00", "10:15"), base=clinic)
    assert found(report) == {"duplicate_id": 1}


def test_slots_that_are_there_already_are_not_doubled(tmp_path: Path) -> None:
    """Read a second time, sessions are refused by their ids, and blocks are counted."""
    rows = bundle(schedule(), slot(), slot("10:00", "10:15", "B", status="busy"))
    first, _ = read(tmp_path, rows)
    more = slot("11:00", "11:15", "C")
    second, report = read(tmp_path, *(row["resource"] for row in rows["entry"]), more, base=first)
    assert [row.id for row in second.sessions] == ["S", "C"]
    assert second.appointments == first.appointments
    assert report.sessions == {"blocks that are there already": 1}
    assert where(report, "duplicate_id") == ["id"]
