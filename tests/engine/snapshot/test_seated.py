"""Seats in day sessions that are at the same time: whoever holds one is in one of them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from clinic import Clinic

from engine.interchange.booked import booked
from engine.match import match
from engine.snapshot import Snapshot, take_snapshot, without_appointments
from engine.solve.limits import Limits


def twins(*seats: str, **more: dict[str, Any]) -> Clinic:
    """Day sessions ``a`` and ``b`` of one role at one time, and who has a seat in one of them."""
    clinic = Clinic().visit_type("other")
    for name in "ab":
        known: dict[str, Any] = {"kind": "day", "cell_minutes": None, "capacity": 1}
        clinic.session("08:00", "12:00", id=name, **(known | more.get(name, {})))
    for number, what in enumerate(seats):
        visit_type, _, urgency = what.partition(" ")
        name = f"r{number}"
        clinic.request(name, visit_type_id=visit_type, urgency=urgency or "routine")
        clinic.appointment("08:00", "12:00", request=name, id=name)
    return clinic


def homes(snapshot: Snapshot) -> str:
    """In which session each appointment has its seat; the seats taken agree."""
    found = snapshot.published.session
    assert np.bincount(found, minlength=2).tolist() == snapshot.used.tolist()
    return "".join(snapshot.sessions.ids[session] for session in found.tolist())


def test_both_capacities_count() -> None:
    """The first has one seat, the second two; who comes fourth is one too many somewhere."""
    clinic = twins(*["visit"] * 3, b={"capacity": 2})
    assert homes(clinic.snapshot()) == "abb"
    assert homes(twins(*["visit"] * 5).snapshot()) == "ababa"


def test_the_type_of_visit_and_the_class_decide_first() -> None:
    """A seat that fewest others may have: that of the type, and of the own class."""
    only = {"visit_type_ids": ("visit",)}
    assert homes(twins("visit", "other", b=only).snapshot()) == "ba"
    assert homes(twins("other", "other", b=only).snapshot()) == "aa"
    urgent = {"reserved_for": "urgent"}
    assert homes(twins("visit", "visit urgent", a=urgent).snapshot()) == "ba"
    assert homes(twins("visit", "visit", a=urgent).snapshot()) == "ba"


def test_a_plan_is_read_back_with_as_many_seats_taken() -> None:
    """Two have the two seats; told as appointments, they leave none."""
    clinic = twins()
    for name in ("ann", "bob", "cid"):
        clinic.request(name)
    result = match(clinic.dataset(), limits=Limits(deterministic=True))
    assert result.plan.is_placed.sum() == 2
    after = booked(clinic.dataset(), result.snapshot, result.plan)
    assert take_snapshot(after).used.tolist() == [1, 1]
    assert match(after, limits=Limits(deterministic=True)).plan.is_placed.sum() == 0


def test_a_seat_that_is_given_back_is_free_where_it_was() -> None:
    """Whoever goes leaves the session in which the seat is counted, and the others stay."""
    left = without_appointments(twins("visit", "visit").snapshot(), np.array([0]))
    assert (homes(left), left.used.tolist()) == ("b", [0, 1])


def test_sessions_at_other_times_are_told_apart() -> None:
    """Half an hour more is another session."""
    clinic = twins("visit", "visit")
    clinic.sessions[1] = replace(clinic.sessions[1], end=clinic.sessions[1].end.replace(hour=13))
    assert homes(clinic.snapshot()) == "aa"
