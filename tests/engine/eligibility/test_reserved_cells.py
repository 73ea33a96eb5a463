"""Cells kept for the urgent until they are released."""

from __future__ import annotations

from typing import Any

import pytest
from clinic import Clinic, agree, at

from engine.policy import Policy

DAY_AHEAD = Policy.default().replace("reserved_cells", release_minutes=1440)


def reserved(urgency: str, as_of: Any = None, minutes: int = 15) -> Clinic:
    """A session on Wednesday kept for urgent patients."""
    clinic = Clinic(as_of=as_of or at("00:00")).visit_type("visit", minutes=minutes)
    clinic.session(day=2, reserved_for="urgent", id="kept")
    return clinic.request("ann", urgency=urgency)


@pytest.mark.parametrize(
    ("urgency", "admitted"),
    [("emergent", True), ("urgent", True), ("soon", False), ("routine", False)],
)
def test_class_and_those_more_urgent_are_admitted(urgency: str, *, admitted: bool) -> None:
    """Kept for the urgent: the emergent may come too, the others may not."""
    assert (
        agree(reserved(urgency), "ann", ("kept", "09:00"), "reserved_cells", DAY_AHEAD) == admitted
    )


def test_released_exactly_so_long_ahead() -> None:
    """A day ahead to the minute it is open to all; a minute earlier it is not."""
    opened = reserved("routine", at("09:00", 1))
    assert agree(opened, "ann", ("kept", "09:00"), "reserved_cells", DAY_AHEAD)
    closed = reserved("routine", at("08:59", 1))
    assert not agree(closed, "ann", ("kept", "09:00"), "reserved_cells", DAY_AHEAD)


def test_every_cell_of_the_visit_must_be_released() -> None:
    """A visit of two cells waits until the second one is released."""
    early = reserved("routine", at("09:00", 1), minutes=30)
    assert not agree(early, "ann", ("kept", "09:00"), "reserved_cells", DAY_AHEAD)
    later = reserved("routine", at("09:15", 1), minutes=30)
    assert agree(later, "ann", ("kept", "09:00"), "reserved_cells", DAY_AHEAD)


def test_unreserved_session_is_open() -> None:
    """What is not kept is for everybody."""
    clinic = Clinic().session(day=2, id="open").request("ann")
    assert agree(clinic, "ann", ("open", "09:00"), "reserved_cells", DAY_AHEAD)


def test_half_a_minute_early_is_not_released() -> None:
    """Seconds count: what is released a day ahead is closed half a minute before."""
    early = reserved("routine", at("08:59", 1).replace(second=30))
    assert not agree(early, "ann", ("kept", "09:00"), "reserved_cells", DAY_AHEAD)
