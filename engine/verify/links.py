"""Linked visits, for the judges: where they are told to be, one by one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from engine.arrays import Bool
from engine.plan import UNPLACED, Plan
from engine.snapshot import Snapshot
from engine.verify.violation import Violation


@dataclass(frozen=True, slots=True)
class Told:
    """One visit of a link.

    Parameters
    ----------
    request
        Index.
    place
        Its place in the list of the link.
    start, end
        Minutes.
    day
        Ordinal of the local day of the start.
    has_time
        Whether there is a told time.
    location, doctor
        Index; location -1: by video.
    """

    request: int
    place: int
    start: int
    end: int
    day: int
    has_time: bool
    location: int
    doctor: int


def members_told(snapshot: Snapshot, plan: Plan, links: Bool) -> Iterator[tuple[int, list[Told]]]:
    """Of every chosen link, the visits that are placed or held, in the order of the list."""
    for link in np.flatnonzero(links).tolist():
        members = enumerate(snapshot.links.members.row(link).tolist())
        yield link, [_told(snapshot, plan, p, r) for p, r in members if plan.state[r] != UNPLACED]


def _told(snapshot: Snapshot, plan: Plan, place: int, request: int) -> Told:
    role, session, start = (int(a[request]) for a in (plan.role, plan.session, plan.start))
    is_day = session >= 0 and bool(snapshot.sessions.is_day[session])
    held = int(snapshot.published.of_request[request])
    if held >= 0:
        is_day = not snapshot.published.has_time[held]
    day = snapshot.grid.instant(start, int(snapshot.roles.zone[role])).date().toordinal()
    location, doctor = int(snapshot.roles.location[role]), int(snapshot.roles.doctor[role])
    return Told(request, place, start, int(plan.end[request]), day, not is_day, location, doctor)


def pair_violation(rule: str, snapshot: Snapshot, link: int, one: Told, other: Told) -> Violation:
    """Two visits of a link that do not go together."""
    ids = tuple(snapshot.requests.ids[visit.request] for visit in (one, other))
    where = f"{snapshot.links.ids[link]}: {ids[0]} and {ids[1]}"
    return Violation(rule, where, ids)
