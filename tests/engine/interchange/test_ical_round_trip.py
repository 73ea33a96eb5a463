"""What is exported as calendars comes back as it was, of any world."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from clinic import Clinic, at
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar
from worlds import tiny_worlds

from engine.checks import check_dataset
from engine.domain import Appointment, Dataset, Session
from engine.interchange.booked import booked
from engine.interchange.canonical import dataset_hash
from engine.interchange.ical import CalendarOptions, calendars_of, read_calendars
from engine.interchange.import_report import ImportReport
from engine.match import match

HARD = st.text(
    st.characters(codec="utf-8", exclude_characters="\x7f", min_codepoint=32), min_size=1
)


def imported(
    dataset: Dataset, texts: Mapping[str, bytes | None], options: CalendarOptions | None = None
) -> tuple[Dataset, ImportReport]:
    """The dataset with the sessions and appointments of some calendars in place of its own."""
    bare = replace(dataset, sessions=(), appointments=())
    with TemporaryDirectory() as folder:
        for name, text in texts.items():
            if text is not None:
                (Path(folder) / name).write_bytes(text)
        return read_calendars(bare, [folder], options or CalendarOptions())


@given(tiny_worlds())
def test_any_world_comes_back(world: Dataset) -> None:
    """Sessions and appointments of every kind and state, in and outside the horizon."""
    again, report = imported(world, calendars_of(world))
    assert not report.findings.num_errors
    assert dataset_hash(again) == dataset_hash(world)


@given(HARD.filter(lambda text: len(text) < 20), HARD, HARD, st.integers(0, 59))
def test_hard_texts_come_back(role: str, one: str, two: str, minute: int) -> None:
    """Ids of any characters that a record may hold, as file names, lines and values."""
    clinic = Clinic().role(role).visit_type(one).request("r")
    if two != one:
        clinic.visit_type(two)
    window = {"start": at(f"09:{minute:02}"), "end": at("12:00")}
    types = tuple(dict.fromkeys((one, two)))
    session = Session(id=one, role_id=role, cell_minutes=7, visit_type_ids=types, **window)
    visit = Appointment(id=two, role_id=role, request_id="r", source=f"{one},{two}", **window)
    clinic.sessions.append(session)
    clinic.appointments.append(visit)
    world = clinic.dataset()
    again, report = imported(world, calendars_of(world))
    assert not report.findings.num_errors
    assert dataset_hash(again) == dataset_hash(world)


def test_a_plan_goes_out_as_appointments() -> None:
    """The places of a plan are opaque events with the ids of their requests."""
    dataset = Clinic().session().request("r1").dataset()
    result = match(dataset)
    assert result.plan is not None
    after = booked(dataset, result.snapshot, result.plan)
    text = calendars_of(after)["role.ics"] or b""
    visit = Calendar.from_ical(text).walk("VEVENT")[1]
    assert (visit["TRANSP"], visit["SUMMARY"], visit["STATUS"]) == (
        "OPAQUE",
        "Visit r1",
        "CONFIRMED",
    )
    again, _ = imported(after, {"role.ics": text})
    assert dataset_hash(again) == dataset_hash(after)


def test_other_programs_see_what_they_need() -> None:
    """Sessions are free time, holds tentative, all in UTC; every event has what RFC 5545 asks."""
    until = at("12:00", 3)
    clinic = Clinic().session().appointment("09:00", "09:30", status="held", held_until=until)
    events = Calendar.from_ical(calendars_of(clinic.dataset())["role.ics"] or b"").walk("VEVENT")
    assert [row["TRANSP"] for row in events] == ["TRANSPARENT", "OPAQUE"]
    assert [row["STATUS"] for row in events] == ["CONFIRMED", "TENTATIVE"]
    assert [row["DTSTART"].to_ical() for row in events] == [b"20260302T140000Z"] * 2
    assert all({"UID", "DTSTAMP", "DTEND"} <= set(row) for row in events)


def test_an_event_that_was_moved_counts_where_it_is_now() -> None:
    """In another program a session is moved by an hour: its id and its cells stay."""
    world = Clinic().session(capacity=3).dataset()
    text = calendars_of(world)["role.ics"] or b""
    text = text.replace(b"20260302T140000Z", b"20260302T150000Z")
    text = text.replace(b"DTEND:20260302T150000Z", b"DTEND:20260302T160000Z")
    again, report = imported(world, {"role.ics": text})
    assert not report.findings.problems
    (session,) = again.sessions
    assert (session.id, session.capacity, session.cell_minutes) == ("s1", 3, 15)
    assert (session.start, session.end) == (at("10:00"), at("11:00"))


def test_an_event_that_was_made_to_repeat_loses_its_id() -> None:
    """Several sessions cannot share it: they are hours like any others."""
    world = Clinic().session().dataset()
    text = (calendars_of(world)["role.ics"] or b"").replace(
        b"TRANSP:", b"RRULE:FREQ=DAILY;COUNT=2\r\nTRANSP:"
    )
    again, _ = imported(world, {"role.ics": text})
    names = [row.id for row in again.sessions]
    assert names == ["role-20260302-0900", "role-20260303-0900"]


def test_a_busy_time_that_is_added_to_an_export_gets_an_id_of_its_own() -> None:
    """It may begin when a block does that came out of a calendar before, and stand before it."""
    world = Clinic().appointment("09:00", "09:30", id="role-busy-20260302-0900").dataset()
    more = b"BEGIN:VEVENT\r\nDTSTART:20260302T140000Z\r\nDURATION:PT3H\r\nEND:VEVENT\r\n"
    text = (calendars_of(world)["role.ics"] or b"").replace(b"BEGIN:VEVENT", more + b"BEGIN:VEVENT")
    again, report = imported(world, {"role.ics": text})
    assert not report.findings.problems
    names = ["role-busy-20260302-0900", "role-busy-20260302-0900-2"]
    assert sorted(row.id for row in again.appointments) == names


def test_values_that_were_spoiled_are_reported() -> None:
    """A capacity that is no number is left out with a warning, an id that is gone is an error."""
    world = Clinic().session(capacity=3).session(day=1).dataset()
    text = calendars_of(world)["role.ics"] or b""
    text = text.replace(b"CAPACITY:3", b"CAPACITY:three").replace(
        b"SLOTMATCH-ID:s2", b"SLOTMATCH-I:"
    )
    again, report = imported(world, {"role.ics": text})
    assert [row.capacity for row in again.sessions] == [1]
    assert {(row.code, row.severity) for row in report.findings.problems} == {
        ("repaired_value", "warning"),
        ("unusable_row", "error"),
    }


def test_what_events_are_can_be_said_otherwise() -> None:
    """Busy times alone leave sessions out, and count them; as hours, visits are sessions too."""
    world = Clinic().session().appointment("13:00", "14:00").dataset()
    texts = calendars_of(world)
    busy, report = imported(world, texts, CalendarOptions("busy"))
    assert (len(busy.sessions), len(busy.appointments)) == (0, 1)
    assert report.sessions["transparent"] == 1
    hours, _ = imported(world, texts, CalendarOptions("hours", 20))
    assert [(row.id, row.cell_minutes) for row in hours.sessions] == [
        ("s1", 15),
        ("role-20260302-1300", 20),
    ]
    assert not hours.appointments
    assert not check_dataset(hours).num_errors


def test_lines_cannot_be_broken_out_of() -> None:
    """Separators of lines that are no control characters stay inside their line."""
    name = "a\u2028END:VEVENT\u2029b\u0085c"
    world = Clinic().session(id=name).dataset()
    text = calendars_of(world)["role.ics"] or b""
    assert text.count(b"\r\nEND:VEVENT\r\n") == 1
    again, _ = imported(world, {"role.ics": text})
    assert again.sessions[0].id == name
    assert again.sessions[0].end - again.sessions[0].start == timedelta(hours=1)
