"""The outreach list: who is to be called, in which order, and what they can be offered."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from engine.domain.fields import Id, Instant
from engine.domain.record import record
from engine.repair.ledger import Entry, Ledger, Outcome, Standing
from engine.repair.menus import Menu, Offered
from engine.urgency import Urgencies

Task = Literal["offer", "no_place", "stuck"]
"""There is something to offer; there is no place; or the place is impossible, and pinned."""


@dataclass(frozen=True, slots=True)
class Call:
    """One call: to a person, or to people whose visits are linked.

    Parameters
    ----------
    number
        From 1, in the order in which to call.
    task
        What there is to say.
    entries
        Whom it is about: rows of the ledger.
    menu
        What they can choose from; ``None`` where they are stuck.
    """

    number: int
    task: Task
    entries: tuple[Entry, ...]
    menu: Menu | None


def outreach(ledger: Ledger, menus: Sequence[Menu], urgencies: Urgencies) -> tuple[Call, ...]:
    """Put everybody in the order in which they are to be called.

    The more urgent first; then whose visit would have been sooner, then who gives up more; of
    several in one call, whoever comes first decides.

    Parameters
    ----------
    ledger
        What becomes of everybody.
    menus
        Of the same point.
    urgencies
        Classes, the most urgent first.
    """
    row_of = {row.appointment_id: row for row in ledger.entries}
    rank = {name: number for number, name in enumerate(urgencies.names)}

    def order(entry: Entry) -> tuple[int, float, int, str]:
        told = entry.before.start.timestamp()
        return rank[entry.urgency], told, -entry.price, entry.appointment_id

    groups: list[tuple[tuple[Entry, ...], Menu | None]] = [
        (tuple(sorted((row_of[name] for name in menu.appointment_ids), key=order)), menu)
        for menu in menus
    ]
    groups += [((row,), None) for row in ledger.entries if row.outcome == "stuck"]
    groups.sort(key=lambda group: order(group[0][0]))
    return tuple(
        Call(number, _task(menu), entries, menu) for number, (entries, menu) in enumerate(groups, 1)
    )


def _task(menu: Menu | None) -> Task:
    if menu is None:
        return "stuck"
    return "offer" if menu.options else "no_place"


@record
class OutreachRow:
    """A line of the outreach list: one place that can be offered, or that there is none."""

    call: int
    """Number of the call, in the order of calling; lines of one call belong together."""
    task: Task
    """Offer something; say that there is no place; or unpin what is impossible."""
    option: int | None = None
    """Number of the option; lines of one option go together."""
    is_planned: bool | None = None
    """Whether it is the place of the plan."""
    patient_id: Id
    """Whom to call."""
    appointment_id: Id
    """Which appointment it is about."""
    request_id: Id
    """For which request."""
    urgency: Id
    """Class of the request."""
    standing: Standing
    """Forced, contested, or a bystander who makes room."""
    outcome: Outcome
    """What the plan makes of it."""
    old_doctor_id: Id | None = None
    """Doctor, or service, of the place told before."""
    old_location_id: Id | None = None
    """Place told before; none: by video."""
    old_start: Instant
    """Start told before, on the clock of the place."""
    old_end: Instant
    """End told before."""
    new_doctor_id: Id | None = None
    """Doctor, or service, of the place offered."""
    new_location_id: Id | None = None
    """Place offered; none: by video, or nothing is offered."""
    new_role_id: Id | None = None
    """Role of the place offered."""
    new_start: Instant | None = None
    """Start offered, on the clock of the place."""
    new_end: Instant | None = None
    """End offered."""
    price_milli_days: int | None = None
    """What the move is worth, in thousandths of a day of waiting."""


def outreach_rows(calls: Sequence[Call]) -> Iterator[OutreachRow]:
    """Lines of the list, call by call, option by option; ids alone say who is who."""
    for call in calls:
        row_of = {row.appointment_id: row for row in call.entries}
        if call.menu is None or not call.menu.options:
            for entry in call.entries:
                yield _row(call, entry)
            continue
        for option in call.menu.options:
            for place in option.places:
                entry = row_of[place.appointment_id]
                yield _row(call, entry, option.number, place, is_planned=option.is_planned)


def _row(
    call: Call,
    entry: Entry,
    option: int | None = None,
    place: Offered | None = None,
    *,
    is_planned: bool | None = None,
) -> OutreachRow:
    old, new = entry.before, None if place is None else place.where
    return OutreachRow(
        call=call.number,
        task=call.task,
        option=option,
        is_planned=is_planned,
        patient_id=entry.patient_id,
        appointment_id=entry.appointment_id,
        request_id=entry.request_id,
        urgency=entry.urgency,
        standing=entry.standing,
        outcome=entry.outcome,
        old_doctor_id=old.doctor_id or old.service_id,
        old_location_id=old.location_id,
        old_start=old.start,
        old_end=old.end,
        new_doctor_id=None if new is None else new.doctor_id or new.service_id,
        new_location_id=None if new is None else new.location_id,
        new_role_id=None if new is None else new.role_id,
        new_start=None if new is None else new.start,
        new_end=None if new is None else new.end,
        price_milli_days=None if place is None else place.price,
    )
