"""What unpinning would give: pinned appointments that an event has made impossible."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

from engine.repair.extent import Extent
from engine.repair.ledger import Entry, Ledger, ledger_of
from engine.repair.point import Point
from engine.repair.repair import Repair, mend
from engine.solve.limits import Cancel, Limits


@dataclass(frozen=True, slots=True)
class Unpinned:
    """The answer if some appointments were no longer pinned.

    Parameters
    ----------
    entries
        What would become of them, as the ledger says it.
    ledger
        What would become of everybody.
    point
        The judged plan.
    """

    entries: tuple[Entry, ...]
    ledger: Ledger
    point: Point


def unpinned(
    repair: Repair,
    point: Point,
    appointment_ids: Collection[str] | None = None,
    limits: Limits | None = None,
    *,
    cancel: Cancel | None = None,
) -> Unpinned | None:
    """Solve once more as if some of the stuck were not pinned, within what a point displaces.

    Parameters
    ----------
    repair, point
        What was found, and the point to compare with.
    appointment_ids
        Which of ``repair.aftermath.stuck``; by default all of them, together.
    limits
        Of this solve.
    cancel
        Asks to stop early.

    Returns
    -------
    Unpinned or None
        ``None``: none of them is stuck.
    """
    aftermath = repair.aftermath
    stuck = {row.appointment_id for row in aftermath.stuck}
    freed = stuck if appointment_ids is None else stuck & set(appointment_ids)
    if not freed:
        return None
    rows = tuple(
        replace(row, pinned=False) if row.id in freed else row
        for row in aftermath.dataset.appointments
    )
    loosened = replace(
        aftermath,
        dataset=replace(aftermath.dataset, appointments=rows),
        stuck=tuple(row for row in aftermath.stuck if row.appointment_id not in freed),
    )
    extent = Extent(max_additional=point.additional, depth=repair.extent.depth)
    found = mend(loosened, point.policy, extent, limits, cancel=cancel)
    ledger = ledger_of(found, found.points[-1])
    entries = tuple(row for row in ledger.entries if row.appointment_id in freed)
    return Unpinned(entries, ledger, found.points[-1])
