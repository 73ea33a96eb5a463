"""Details of a repair: its frontier and its ledger."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING

import numpy as np

from engine.repair.ledger import ledger_of
from scenarios.details.records import (
    MAX_LEDGER,
    MAX_POINTS,
    FrontierPoint,
    LedgerRow,
    Mended,
    Spread,
)
from scenarios.details.spreads import spread

if TYPE_CHECKING:
    from engine.repair.ledger import Entry, Ledger
    from engine.repair.repair import Repair


def details_of_repair(repair: Repair, last: Ledger) -> tuple[Mended, Spread]:
    """Every answer with what it costs, and what the last one does to everybody it touches.

    Parameters
    ----------
    last
        Of the last answer.

    Returns
    -------
    Mended, Spread
        The second: by how many days visits are later, of those who are moved.
    """
    mended = Mended(
        points=tuple(_points(repair, last)),
        ledger=tuple(_row(entry) for entry in last.entries[:MAX_LEDGER]),
        num_touched=len(last.entries),
    )
    return mended, spread("days_later", np.array(_days_later(last.entries), np.float64))


def _points(repair: Repair, last: Ledger) -> Iterator[FrontierPoint]:
    for point in islice(repair.points, MAX_POINTS):
        ledger = last if point is repair.points[-1] else ledger_of(repair, point)
        yield FrontierPoint(
            additional=ledger.additional_people,
            unplaced=ledger.unplaced.people,
            moved=ledger.moved.people,
            price=ledger.price,
            proven=point.is_proven,
        )


def _days_later(entries: Sequence[Entry]) -> list[float]:
    return [
        float(max(0, row.before.days_until(row.after)))
        for row in entries
        if row.outcome == "moved" and row.after is not None
    ]


def _row(entry: Entry) -> LedgerRow:
    before, after = entry.before, entry.after
    return LedgerRow(
        appointment_id=entry.appointment_id,
        urgency=entry.urgency,
        standing=entry.standing,
        outcome=entry.outcome,
        doctor_before=before.doctor_id or before.service_id or "",
        start_before=before.start.isoformat(),
        doctor_after=None if after is None else after.doctor_id or after.service_id,
        start_after=None if after is None else after.start.isoformat(),
        price=entry.price,
        days_late=entry.days_late,
    )
