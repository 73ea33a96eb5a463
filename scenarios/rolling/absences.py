"""Absences while days pass: who loses a place is given another, or waits again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from engine.policy import Policy
from engine.repair.extent import Extent
from engine.repair.repair import repair
from engine.repair.repaired import repaired
from engine.solve.limits import Cancel, Limits
from scenarios.rolling.book import Book
from scenarios.rolling.spec import Absence


def mend(
    book: Book,
    absences: Sequence[Absence],
    now: datetime,
    until: datetime,
    policy: Policy,
    extent: Extent,
    limits: Limits,
    cancel: Cancel,
) -> bool:
    """Let absences happen, and carry out the repair that leaves the fewest without a place.

    Who is pinned to a place that is gone waits again like everybody whom the repair leaves
    without one.

    Returns
    -------
    bool
        Whether the plan is proven to be best.
    """
    dataset = book.dataset(now, until, whole=True)
    found = repair(dataset, absences, policy, extent, limits, cancel=cancel)
    point = found.points[-1]
    after = repaired(found, point)
    forced = {row.appointment_id for row in found.aftermath.forced}
    places = {row.id: row for row in after.appointments}
    book.mended(after)
    for row in dataset.appointments:
        if row.request_id is None:
            continue
        new = places.get(row.id)
        if new is None or (new == row and row.id in forced):
            book.lose(row.request_id, now)
        elif new != row:
            book.move(new)
    return point.is_proven
