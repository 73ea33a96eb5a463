"""Seats in day sessions that nothing tells apart: of one role, at one time."""

from __future__ import annotations

from collections import defaultdict

import numpy as np

from engine.arrays import NONE, Int
from engine.snapshot.sessions import Sessions


def seated(sessions: Sessions, home: Int, seats: Int, visit_type: Int, urgency: Int) -> Int:
    """The session in which each appointment has its seat; int64, shape (A,).

    An appointment says its role and when it is told, and that may be so of several day
    sessions. Then it has its seat in one that offers its type of visit; of these in the one
    that has been exceeded by least; of these in the one that fewest others may have, which is
    kept for its own urgency class, or open and not kept for another, or offers few types; and
    of these in the first by id. Appointments are seated in their order, so that all capacities
    count. Extra seats of overbooking, which are the policy's, are not known here.

    Parameters
    ----------
    home
        int64, shape (A,): index of a session that each lies in; -1: in none.
    seats
        int64: indices of the appointments that are seats in a day session.
    visit_type, urgency
        int64, shape (A,): indices; -1 of a block.
    """
    twins = _twins(sessions)
    found = home.copy()
    if not twins:
        return found
    left = sessions.capacity.tolist()
    for row in seats.tolist():
        some = twins.get(int(home[row]))
        if some is None:
            continue
        wanted, own = int(visit_type[row]), int(urgency[row])
        found[row] = min(some, key=lambda at: _rank(sessions, at, left[at], wanted, own))
        left[found[row]] -= 1
    return found


def _rank(
    sessions: Sessions, session: int, left: int, visit_type: int, urgency: int
) -> tuple[bool, int, int, int, str]:
    """How ill a session suits a seat; the lowest has it."""
    types = sessions.offers.row(session)
    reserved = int(sessions.reserved_for[session])
    kept = 1 if reserved == NONE else 0 if reserved == urgency else 2
    offers_others = len(types) > 0 and visit_type not in types
    few = len(types) or int(1e9)
    return offers_others, max(0, 1 - left), kept, few, sessions.ids[session]


def _twins(sessions: Sessions) -> dict[int, list[int]]:
    """By session: all day sessions of its role at its time, where there are others."""
    day = np.flatnonzero(sessions.is_day)
    key = np.stack([sessions.role[day], sessions.start[day], sessions.end[day]], axis=1)
    _, group, count = np.unique(key, axis=0, return_inverse=True, return_counts=True)
    members: dict[int, list[int]] = defaultdict(list)
    alike = group.ravel()
    for index in np.flatnonzero(count[alike] > 1).tolist():
        members[int(alike[index])].append(int(day[index]))
    return {session: some for some in members.values() for session in some}
