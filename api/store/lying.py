"""Where appointments lie, and from under which of them a session goes: it is shortened, moved,
another role's from now on, or gone.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np

from api.store.errors import Collision
from api.store.rows import instant, seconds
from engine.arrays import NONE, Bool
from engine.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Lying:
    """Where an appointment is.

    Parameters
    ----------
    place
        Role, and the told interval in seconds since 1970.
    session_id
        The session of its role in which it lies wholly; ``None``: there is none.
    """

    place: tuple[str, int, int]
    session_id: str | None


def lies_in_a_session(snapshot: Snapshot) -> Bool:
    """Whether each appointment lies wholly in one session of its role; bool, shape (A,)."""
    published, sessions = snapshot.published, snapshot.sessions
    found = published.session != NONE
    home = published.session[found]
    begins = sessions.start[home] <= published.busy_start[found]
    ends = published.busy_end[found] <= sessions.end[home]
    found[found] = sessions.is_day[home] | (begins & ends)
    return found


def lying(snapshot: Snapshot) -> dict[str, Lying]:
    """Where everybody is who has an appointment, by its id."""
    published, origin = snapshot.published, seconds(snapshot.grid.origin)
    names, sessions = snapshot.roles.ids, snapshot.sessions.ids
    session = np.where(lies_in_a_session(snapshot), published.session, NONE)
    columns = (published.role, published.start, published.end, session)
    rows = zip(published.ids, *(column.tolist() for column in columns), strict=True)
    return {
        id: Lying(
            (names[role], origin + 60 * start, origin + 60 * end),
            None if home == NONE else sessions[home],
        )
        for id, role, start, end, home in rows
    }


def left_outside(
    before: Mapping[str, Lying], after: Mapping[str, Lying], conflicted: Collection[str] = ()
) -> dict[str, Collision]:
    """By appointment, that its session went: it is where it was, and that is no place any more.

    Parameters
    ----------
    conflicted
        Who was that before: of them it was said when it went, and they still have none.
    """
    found = {}
    for id, now in after.items():
        was = before.get(id)
        if was is None or was.place != now.place or now.session_id is not None:
            continue
        if was.session_id is not None or id in conflicted:
            _, start, end = now.place
            of = () if was.session_id is None else (was.session_id,)
            found[id] = Collision(id, "session", of, instant(start), instant(end), ())
    return found
