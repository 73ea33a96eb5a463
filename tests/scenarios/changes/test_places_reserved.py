"""Places of every day are kept for the urgent."""

from __future__ import annotations

from typing import Any

import pytest
from clinic import Clinic, at, starts
from situations import after, situation_of, wrong

from engine.domain import Dataset
from engine.policy import Policy, parameters_of
from scenarios.situation import Situation


def parts(dataset: Dataset) -> list[str]:
    """Sessions in the order of the dataset, those that are reserved with a star."""
    return [
        f"{row.id} {row.start:%d %H:%M}-{row.end:%H:%M}{'*' if row.reserved_for else ''}"
        for row in dataset.sessions
    ]


def kept(clinic: Clinic | Situation, **fields: Any) -> list[str]:
    """The parts after places are kept for the urgent."""
    return parts(after(clinic, "places_reserved", **({"urgency": "urgent"} | fields)).dataset)


def test_the_last_free_cells_of_every_day_are_kept() -> None:
    """Two on Monday, two on Tuesday, whatever sessions they are in."""
    clinic = Clinic().session().session("14:00", "14:15").session(day=1)
    assert kept(clinic, places=2) == [
        "s1 02 09:00-09:45",
        "s1-2 02 09:45-10:00*",
        "s2 02 14:00-14:15*",
        "s3 03 09:00-09:30",
        "s3-2 03 09:30-10:00*",
    ]


def test_cells_that_are_taken_are_passed_over() -> None:
    """A visit lies within one part afterwards, off the grid too."""
    clinic = Clinic().session().request("ann").request("bob")
    clinic.appointment("09:20", "09:35", request="ann").appointment("09:45", "10:00", request="bob")
    assert kept(clinic, places=1) == ["s1 02 09:00-09:15*", "s1-2 02 09:15-10:00"]


def test_places_of_several_cells() -> None:
    """In a row, and within one session."""
    clinic = Clinic().session().session("14:00", "14:15")
    clinic.request("ann").appointment("09:30", "09:45", request="ann")
    assert kept(clinic, places=3, minutes=16) == [
        "s1 02 09:00-09:30*",
        "s1-2 02 09:30-10:00",
        "s2 02 14:00-14:15",
    ]
    assert kept(clinic, places=3, minutes=15) == [
        "s1 02 09:00-09:15",
        "s1-2 02 09:15-09:30*",
        "s1-3 02 09:30-09:45",
        "s1-4 02 09:45-10:00*",
        "s2 02 14:00-14:15*",
    ]


def test_seats_are_places() -> None:
    """A cell of two seats is two places; one place of three costs the whole cell too."""
    clinic = Clinic().session(capacity=2)
    assert kept(clinic, places=2)[1] == "s1-2 02 09:45-10:00*"
    assert kept(clinic, places=3)[1] == "s1-2 02 09:30-10:00*"


def test_days_are_counted_over_all_roles_of_a_doctor() -> None:
    """Another doctor has their own."""
    clinic = Clinic().video_role().doctor("eve").role("eve-role", doctor_id="eve")
    clinic.session().session("09:00", "09:15", role_id="eve-role")
    clinic.session("14:00", "14:15", role_id="video")
    assert kept(clinic, places=1) == [
        "s1 02 09:00-10:00",
        "s2 02 09:00-09:15*",
        "s3 02 14:00-14:15*",
    ]


@pytest.mark.parametrize(
    ("filters", "reserved"),
    [
        ({"role_id": "role"}, {"s1"}),
        ({"location_id": "north"}, {"s2"}),
        ({"specialty": "heart"}, {"s2", "s3"}),
        ({"specialty": "heart", "exactly": True}, {"s2", "s3"}),
        ({"specialty": "heart", "location_id": "office"}, set()),
    ],
)
def test_only_roles_that_are_meant(filters: dict[str, str], reserved: set[str]) -> None:
    """By role, place and specialty; all of them hold."""
    clinic = Clinic().location("north")
    for name, more in (("eve", {"location_id": "north"}), ("sam", {"location_id": None})):
        clinic.doctor(name).video_role(name, doctor_id=name, specialties=("heart",), **more)
    for role in ("role", "eve", "sam"):
        clinic.session("09:00", "09:15", role_id=role)
    found = after(clinic, "places_reserved", urgency="urgent", places=1, **filters).dataset
    assert {row.id for row in found.sessions if row.reserved_for} == reserved


def test_what_is_over_reserved_or_without_time_is_left_alone() -> None:
    """Cells that have begun, sessions that are kept already, and day sessions."""
    clinic = Clinic(as_of=at("09:31")).session().session("14:00", "15:00", reserved_for="soon")
    clinic.session("16:00", "17:00", kind="day", cell_minutes=None, capacity=4)
    assert kept(clinic, places=9) == [
        "s1 02 09:00-09:45",
        "s1-2 02 09:45-10:00*",
        "s2 02 14:00-15:00*",
        "s3 02 16:00-17:00",
    ]


def test_minutes_behind_the_last_cell_stay_with_it() -> None:
    """Nothing of a session is lost."""
    assert kept(Clinic().session("09:00", "09:40"), places=1) == [
        "s1 02 09:00-09:15",
        "s1-2 02 09:15-09:40*",
    ]


def test_only_the_urgent_get_them_until_they_are_released() -> None:
    """The rule is switched on; an hour before, the routine get them too."""
    clinic = Clinic().session("09:00", "09:15", day=4).request("ann")
    clinic.request("bob", urgency="urgent")
    off = situation_of(clinic, Policy.default().without("reserved_cells"))
    held = after(off, "places_reserved", urgency="urgent", places=1)
    assert [row for row in held.policy.rules if row.name == "reserved_cells"] != []
    clinic.sessions = list(held.dataset.sessions)
    assert starts(clinic, "ann", held.policy) == []
    assert starts(clinic, "bob", held.policy) == ["s1 09:00"]
    soon = after(off, "places_reserved", urgency="urgent", places=1, release_hours=168).policy
    assert starts(clinic, "ann", soon) == ["s1 09:00"]
    (rule,) = (row for row in soon.rules if row.name == "reserved_cells")
    assert parameters_of(rule) == {"release_minutes": 168 * 60}


def test_everything_wrong_is_found() -> None:
    """In one pass, each where it stands."""
    found = wrong(
        Clinic().session(),
        "places_reserved",
        urgency="now",
        places=1,
        specialty="x",
        role_id="y",
        location_id="z",
    )
    assert found == [
        ("unknown_urgency", "/changes/0/urgency"),
        ("dangling_reference", "/changes/0/specialty"),
        ("dangling_reference", "/changes/0/role_id"),
        ("dangling_reference", "/changes/0/location_id"),
    ]
