"""A search begins with what an earlier plan told, as far as that still holds."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from repairs import CLOSED, LIMITS, by_id, long_visit, matched, mended

from benchmarks.absences import busiest
from engine.events.aftermath import aftermath_of
from engine.events.events import DoctorAbsent
from engine.policy import Policy
from engine.repair.answers import Accepted
from engine.repair.begun import Begun
from engine.repair.extent import Extent
from engine.repair.ledger import ledger_of
from engine.repair.menus import menus_of
from engine.repair.negotiation import settled
from engine.repair.repair import mend
from engine.solve import rounds

MOST = Extent(max_additional=2)


def test_places_that_are_gone_are_passed_over() -> None:
    """Of three places told, one is eligible, one in a session that is gone, one nobody's."""
    found = mended(long_visit(), CLOSED, most=2)
    rows = by_id(ledger_of(found, found.points[-1]))
    places = {name: row.after for name, row in rows.items() if row.after is not None}
    begun = Begun(found.snapshot, places | {"nobody": places["bob"]})
    assert len(begun.requests) == len(places) == 3
    gone = {name: replace(place, session_id="gone") for name, place in places.items()}
    assert len(Begun(found.snapshot, gone).requests) == 0


def test_without_a_search_what_was_told_is_told_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """After the first of them accepted, the plan is found that takes a search from nothing: nobody
    is told anything else than before.
    """
    dataset, policy = matched("multi-tight-100x10x10-s0"), Policy.default()
    start = dataset.header.horizon.start + timedelta(days=2)
    doctor = busiest(dataset, 1)[0]
    event = DoctorAbsent(doctor_id=doctor, start=start, end=start + timedelta(days=7))
    first = mend(aftermath_of(dataset, [event], policy), policy, MOST, LIMITS)
    point = first.points[-1]
    ledger, menus = ledger_of(first, point), menus_of(first, point)
    asked = next(menu for menu in menus if menu.options)
    said = Accepted(appointment_id=asked.appointment_ids[0], option=1)
    answered = settled(dataset, ledger, menus, [said])
    aftermath = aftermath_of(answered.dataset, [event], policy)
    monkeypatch.setattr(rounds, "improve", lambda _, start, *_more: start)
    monkeypatch.setattr(rounds, "look_again", lambda _, start: start)
    warm = mend(aftermath, policy, MOST, LIMITS, planned=answered.planned)
    cold = mend(aftermath, policy, MOST, LIMITS)
    assert point.additional == warm.points[-1].additional == 1
    assert cold.points[-1].additional == 0
    was, now = by_id(ledger), by_id(ledger_of(warm, warm.points[-1]))
    assert {name: was[name].after for name in now} == {name: row.after for name, row in now.items()}
    assert was.keys() - now.keys() == set(answered.accepted)
