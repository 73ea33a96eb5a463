"""A snapshot in which some places are taken: what was planned is promised."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from engine.arrays import Int, frozen
from engine.snapshot.published import Published
from engine.snapshot.release import stays_of
from engine.snapshot.snapshot import Snapshot


def with_appointments(
    snapshot: Snapshot,
    ids: tuple[str, ...],
    request: Int,
    role: Int,
    session: Int,
    start: Int,
    end: Int,
) -> Snapshot:
    """The same with further appointments, and the seats that they take.

    Parameters
    ----------
    ids
        Theirs.
    request
        int64: open requests, one appointment each.
    role, session, start, end
        int64: where each is; a session is given to all.
    """
    published, visit_type = snapshot.published, snapshot.requests.visit_type[request]
    first = len(published.ids)
    of_request = published.of_request.copy()
    of_request[request] = first + np.arange(len(request))
    home = np.concatenate([published.session, session])

    def joined(mine: Int, theirs: Int) -> Int:
        return frozen(np.concatenate([mine, theirs]))

    has_time = ~snapshot.sessions.is_day[session]
    entered = Published(
        ids=(*published.ids, *ids),
        role=joined(published.role, role),
        request=joined(published.request, request),
        start=joined(published.start, start),
        end=joined(published.end, end),
        busy_start=joined(published.busy_start, start - snapshot.visit_types.before[visit_type]),
        busy_end=joined(published.busy_end, end + snapshot.visit_types.after[visit_type]),
        session=home,
        has_time=frozen(np.concatenate([published.has_time, has_time])),
        of_request=frozen(of_request),
    )
    every = replace(snapshot, published=entered)
    stays = stays_of(every, np.arange(first, first + len(ids)))
    home[stays.appointment[::-1]] = stays.session[::-1]  # where sessions overlap, the first
    seats = stays.seats(len(snapshot.used))
    frozen(home)
    return replace(every, used=frozen(snapshot.used + seats))
