"""Events as JSON: read, refused with everything that is wrong, described by a schema."""

from __future__ import annotations

import json
from typing import get_args

import pytest
from clinic import at

from engine.errors import DisruptionError
from engine.events.event_file import EVENTS
from engine.events.events import (
    DISRUPTIONS,
    Disruption,
    DoctorAbsent,
    DoubleBookings,
    OneDisruption,
    TakenElsewhere,
)
from engine.interchange.validation import adapter

ABSENT = {
    "kind": "doctor_absent",
    "doctor_id": "dr",
    "start": "2026-03-02T09:00:00-05:00",
    "end": "2026-03-02T10:00:00-05:00",
}


def problems(content: object) -> list[tuple[str, str]]:
    """Code and path of everything that is wrong with a document."""
    with pytest.raises(DisruptionError) as raised:
        EVENTS.read(json.dumps(content).encode(), "events.json")
    return [(row.code, row.path) for row in raised.value.problems]


def test_events_are_read_in_their_order() -> None:
    """A list of objects, each with its kind."""
    text = json.dumps([ABSENT, {"kind": "double_bookings"}])
    assert EVENTS.read(text.encode(), "events") == (
        DoctorAbsent(doctor_id="dr", start=at("09:00"), end=at("10:00")),
        DoubleBookings(),
    )
    assert EVENTS.of([], "") == ()


def test_everything_that_is_wrong_is_found_in_one_pass() -> None:
    """With the event's number, and its field."""
    wrong = [
        {**ABSENT, "start": "2026-03-02T09:00:00"},
        {**ABSENT, "kind": "doctor_absence"},
        {"doctor_id": "dr"},
        "closed",
        {"kind": "session_closed", "session": "s"},
        {**ABSENT, "kind": 7},
    ]
    assert problems(wrong) == [
        ("bad_instant", "events.json/0/start"),
        ("wrong_value", "events.json/1/kind"),
        ("missing_field", "events.json/2/kind"),
        ("wrong_type", "events.json/3"),
        ("missing_field", "events.json/4/session_id"),
        ("unknown_field", "events.json/4/session"),
        ("wrong_value", "events.json/5/kind"),
    ]


def test_what_is_no_list_is_refused() -> None:
    """An object alone, or no JSON at all."""
    assert problems(ABSENT) == [("wrong_type", "events.json")]
    with pytest.raises(DisruptionError, match="Expecting"):
        EVENTS.read(b"[", "events")


def test_every_kind_has_its_record_and_is_in_the_schema() -> None:
    """One union: what can be read is what is described."""
    assert set(DISRUPTIONS.values()) == set(get_args(OneDisruption))
    assert all(
        cls.__dataclass_fields__["kind"].default == kind for kind, cls in DISRUPTIONS.items()
    )
    schema = EVENTS.schema()
    assert schema["items"]["discriminator"]["mapping"].keys() == DISRUPTIONS.keys()


def test_union_reads_by_kind() -> None:
    """The type itself tells events apart, for bodies that hold more than events."""
    event = TakenElsewhere(role_id="role", start=at("09:00"), end=at("10:00"))
    assert adapter(Disruption).validate_json(adapter(Disruption).dump_json(event)) == event
