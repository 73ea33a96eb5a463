"""Who may be told another place, and who stays whatever happens."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from clinic import MONDAY, Clinic, at
from told import ANYBODY

from engine.events.aftermath import aftermath_of
from engine.events.events import Disruption, DoubleBookings, SessionClosed
from engine.policy import Policy
from engine.repair.movable import Movable
from engine.snapshot import BYSTANDER, CONTESTED, FORCED, take_snapshot

STAYS = -1


def standing(clinic: Clinic, *events: Disruption, policy: Policy = ANYBODY) -> dict[str, int]:
    """How every appointment stands."""
    aftermath = aftermath_of(clinic.dataset(), events or (DoubleBookings(),), policy)
    snapshot = take_snapshot(aftermath.dataset)
    movable = Movable.of(aftermath, snapshot, policy)
    return dict(zip(snapshot.published.ids, movable.standing.tolist(), strict=True))


def one(start: str = "09:00", end: str = "09:15", **more: Any) -> Clinic:
    """Ann has a visit; there are two sessions on Monday."""
    clinic = Clinic().session("09:00", "10:00", id="s").session("10:00", "11:00", id="t")
    clinic.request("ann").appointment(start, end, request="ann", id="A")
    clinic.appointments = [replace(row, **more) for row in clinic.appointments]
    return clinic


@pytest.mark.parametrize(
    ("more", "stands"),
    [
        ({}, BYSTANDER),
        ({"status": "conflicted"}, BYSTANDER),
        ({"pinned": True}, STAYS),
        ({"status": "held", "held_until": at("09:00", 3)}, STAYS),
        ({"request_id": None}, STAYS),
    ],
)
def test_pinned_held_and_blocks_stay(more: dict[str, Any], stands: int) -> None:
    """Everybody else may be moved."""
    assert standing(one(**more)) == {"A": stands}


@pytest.mark.parametrize(
    ("start", "end", "stands"),
    [
        ("09:00", "09:15", BYSTANDER),
        ("09:05", "09:25", BYSTANDER),
        ("09:50", "10:10", STAYS),
        ("12:00", "12:15", STAYS),
    ],
)
def test_what_lies_across_or_outside_of_sessions_stays(start: str, end: str, stands: int) -> None:
    """Off the grid it may be moved."""
    assert standing(one(start, end)) == {"A": stands}


@pytest.mark.parametrize(("now", "stands"), [("09:00", BYSTANDER), ("09:01", STAYS)])
def test_what_has_begun_stays(now: str, stands: int) -> None:
    """To the minute."""
    clinic = one()
    clinic.as_of = at(now)
    assert standing(clinic) == {"A": stands}


def test_whoever_loses_a_place_is_forced_wherever_it_was() -> None:
    """Also within the protected notice; not if it is pinned."""
    closed, policy = SessionClosed(session_id="s"), Policy.default()
    assert standing(one(), closed, policy=policy) == {"A": FORCED}
    assert standing(one(pinned=True), closed, policy=policy) == {"A": STAYS}


def test_who_collides_is_contested_also_at_short_notice() -> None:
    """Two at nine of this very day; a pinned one of them stays."""
    clinic = one().request("bob").appointment("09:00", "09:15", request="bob", id="B")
    policy = Policy.default()
    assert clinic.as_of == MONDAY
    assert standing(clinic, policy=policy) == {"A": CONTESTED, "B": CONTESTED}
    clinic.appointments[0] = replace(clinic.appointments[0], pinned=True)
    assert standing(clinic, policy=policy) == {"A": STAYS, "B": CONTESTED}


def test_a_seat_of_the_day_had_no_told_time_though_its_session_is_closed() -> None:
    """What is left of the dataset does not say so."""
    clinic = Clinic().session("09:00", "17:00", id="s", kind="day", cell_minutes=None)
    clinic.request("ann").appointment("09:00", "17:00", request="ann")
    aftermath = aftermath_of(clinic.dataset(), [SessionClosed(session_id="s")], ANYBODY)
    snapshot = take_snapshot(aftermath.dataset)
    assert snapshot.published.has_time.tolist() == [True]
    assert Movable.of(aftermath, snapshot, ANYBODY).has_time.tolist() == [False]
