"""What ``slotmatch repair`` prints: what happened, the frontier, and who is told what and why."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from repair_commands import CLOSED, booked
from repairs import chain, plateau

pytestmark = pytest.mark.usefixtures("wide")


def test_the_table_says_who_is_told_what_and_why(said: Any) -> None:
    """Before and after, with whom and where, what changes, and the price in days."""
    text = said(booked(), absent=("doctor=dr,from=2026-03-02T09:15-05:00,to=2026-03-02",))
    assert "1 person cannot come as they were told: nobody is there 1." in text
    assert (
        "│ bob │ Mon 02 Mar 09:15 │ Tue 03 Mar 09:00 │ nobody is there │ 3.00 │ "
        "│ │ dr │ dr │ 1 day later │ │ │ │ office │ office │ │ │"
    ) in text
    assert "│ ann │" not in text
    assert "With 0 others: proven after" in text
    assert "verified by the judges." in text


def test_the_frontier_has_both_ends_and_what_lies_between(said: Any) -> None:
    """Nobody else moved: one has no place; two others moved: everybody has one."""
    text = said(chain(), closed=CLOSED, max_additional=5)
    assert "│ 0 │ 1 routine │ 0 │ 0 │ 0.00 │ proven │" in text
    assert "│ 2 │ 0 │ 3 │ 0 │" in text
    assert "makes room for ann" in text
    assert "makes room for bob" in text
    text = said(chain(), closed=CLOSED)
    assert "--max-additional 5 says how many it takes" in text
    text = said(plateau(), closed=CLOSED, max_additional=1, depth=1)
    assert "│ 0 │ 3 routine │" in text
    assert "To move up to 1 person beside them would place nobody else, within depth 1." in text


def test_where_nothing_happened_nobody_moves_and_that_is_proven(said: Any) -> None:
    """Zero is what no plan can beat: on every level, also for who may move."""
    text = said(booked(), max_additional=3)
    assert "Nobody has lost a place." in text
    assert "│ 0 │ 0 │ 0 │ 0 │ 0.00 │ proven │" in text
    assert "Nobody is told another place." in text
    content = json.loads(said(booked(), as_json=True))
    (point,) = content["frontier"]
    assert point["ledger"] == []
    assert {(level["value"], level["bound"]) for level in point["certificate"]["levels"]} == {
        (0, 0)
    }
    assert point["certificate"]["proven"]


def test_double_bookings_are_shown_and_who_keeps_the_place(said: Any) -> None:
    """Two meet in one seat; one is told another place, and the table says why."""
    clinic = booked().request("cid").appointment("09:00", "09:15", request="cid", id="cid")
    assert "Nobody is told another place." in said(clinic)
    text = said(clinic, double_bookings=True)
    assert "2 people were told places that cannot all be kept." in text
    assert "Nobody has lost a place." not in text
    assert "│ dr │ Mon 02 Mar │ 09:00–09:15 │ ann, cid │" in text
    assert "│ 0 + 1 │ 0 │ 1 │" in text
    assert "collides with ann" in text
    kept = "ann keeps Mon 02 Mar 09:00–09:15 with dr rather than cid: asked first, short notice."
    assert kept in text


def test_who_was_told_to_be_in_two_places_is_not_said_to_collide_with_themselves(said: Any) -> None:
    """Ann was to be at two doctors at once: one of her visits makes way for the other."""
    clinic = booked().doctor("else").role("other", doctor_id="else")
    clinic.session("09:00", "10:00", id="o", role_id="other").request("again", "ann")
    clinic.appointment("09:00", "09:15", request="again", id="again", role_id="other")
    text = said(clinic, double_bookings=True)
    assert "1 person were told" not in text
    assert "1 person was told places that cannot all be kept." in text
    assert "collides with their other visit" in text
    assert "rather than their other visit:" in text
    assert "collides with ann" not in text


def test_who_is_pinned_to_a_place_that_is_gone_is_named(said: Any) -> None:
    """They are forced, and not moved."""
    clinic = booked()
    clinic.appointments[0] = replace(clinic.appointments[0], pinned=True)
    text = said(clinic, closed=("session=monday",))
    assert "2 people cannot come as they were told: nobody is there 2." in text
    gone = "Pinned to a place that is gone: ann. Unpinned it would go to Tue 03 Mar 09:"
    assert gone in text
    assert "│ bob │ Mon 02 Mar 09:15 │" in text
    assert "│ ann │ Mon 02 Mar 09:00 │" not in text


def test_what_was_broken_before_is_named_and_left(said: Any) -> None:
    """Two hold one place, and nobody asked to mend that."""
    clinic = booked().request("cid").appointment("09:00", "09:15", request="cid", id="cid")
    text = said(clinic, taken=("role=role,from=2026-03-03T09:00-05:00,to=2026-03-03T09:15-05:00",))
    assert "Broken before, and left as it is: slot_capacity 1." in text
