"""What unpinning would give to those who are pinned to impossible places."""

from __future__ import annotations

from clinic import Clinic
from repairs import CLOSED, LIMITS, clock, mended

from engine.repair.unpinned import unpinned


def stuck(*pinned: str) -> Clinic:
    """Ann and Bob lose their places; on Friday there is one for each."""
    clinic = Clinic().session("09:00", "09:30", 3, "lost").session("09:00", "09:30", 4)
    for name, start, end in (("ann", "09:00", "09:15"), ("bob", "09:15", "09:30")):
        is_pinned = name in pinned
        clinic.request(name).appointment(start, end, 3, name, id=name, pinned=is_pinned)
    return clinic


def test_unpinned_goes_where_everybody_would() -> None:
    """Ann, without the pin, has a place at a price; Bob keeps what he got."""
    found = mended(stuck("ann"), CLOSED)
    answer = unpinned(found, found.points[-1], limits=LIMITS)
    assert [(row.appointment_id, row.outcome) for row in answer.entries] == [("ann", "moved")]
    assert clock(answer.entries[0])[:8] == "role Fri"
    assert answer.entries[0].price == 1500
    assert answer.ledger.stuck.appointments == 0
    assert not any(answer.point.unplaced)


def test_some_of_the_stuck_alone() -> None:
    """Only Bob is unpinned: Ann stays stuck."""
    found = mended(stuck("ann", "bob"), CLOSED)
    answer = unpinned(found, found.points[-1], ["bob"], LIMITS)
    assert [row.appointment_id for row in answer.entries] == ["bob"]
    assert answer.ledger.stuck.appointments == 1


def test_nobody_is_stuck() -> None:
    """There is nothing to unpin."""
    found = mended(stuck(), CLOSED)
    assert unpinned(found, found.points[-1]) is None
