"""The plan: one place or none for every request."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np

from engine.arrays import NONE, Bool, Int
from engine.snapshot import Snapshot

State = Literal["unplaced", "placed", "kept"]
Reason = Literal["no_candidate", "crowded_out", "linked", "no_part"]

STATES: tuple[State, ...] = get_args(State)
UNPLACED, PLACED, KEPT = range(len(STATES))

REASONS: tuple[Reason | None, ...] = (None, *get_args(Reason))
"""Why a request is unplaced: nothing it could take at all; others hold all it could, or what
goes with them; or it goes with a request, all or none, that could take nothing at all. Or it was
open before a repair, and took no part in it.
"""
NO_CANDIDATE, CROWDED_OUT, LINKED, NO_PART = 1, 2, 3, 4


@dataclass(frozen=True, slots=True)
class Plan:
    """One place or none per request; arrays of shape (R,).

    Parameters
    ----------
    state
        int64 index into ``STATES``; kept: the request had an appointment already.
    reason
        int64 index into ``REASONS``; 0 unless unplaced.
    role, session
        int64 index or -1; a kept appointment may lie outside every session.
    start, end
        int64, minutes: the told interval, of a day session the session's; 0 if unplaced.
    """

    state: Int
    reason: Int
    role: Int
    session: Int
    start: Int
    end: Int

    @property
    def is_placed(self) -> Bool:
        """Requests that this plan places; bool, shape (R,)."""
        return self.state == PLACED

    @classmethod
    def empty(cls, snapshot: Snapshot) -> Plan:
        """Nobody placed; appointments kept."""
        of_request = snapshot.published.of_request
        held = of_request != NONE
        state = np.where(held, KEPT, UNPLACED)
        role, session, start, end = (
            np.full(snapshot.num_requests, blank, np.int64) for blank in (NONE, NONE, 0, 0)
        )
        published, kept = snapshot.published, of_request[held]
        role[held], session[held] = published.role[kept], published.session[kept]
        start[held], end[held] = published.start[kept], published.end[kept]
        return cls(state, np.zeros(snapshot.num_requests, np.int64), role, session, start, end)
