"""First come, first served: what booking systems do, one patient at a time.

In the order in which the requests were made, each takes the cheapest place that is still
free: least late, then least inconvenient. Nobody waits for a better plan, nobody makes room.
"""

from __future__ import annotations

import numpy as np

from benchmarks.pairs import Pairs
from benchmarks.peers.peer import Answer, Clock, Peer, PeerLimits
from engine.arrays import Bool, Int


def first_come(pairs: Pairs, limits: PeerLimits) -> Answer:
    """Place one request after the other."""
    clock = Clock(limits.seconds)
    cheapest = np.lexsort((pairs.first_cell, *pairs.cost[::-1], pairs.request))
    edges = np.searchsorted(pairs.request, np.arange(pairs.num_requests + 1))
    room = pairs.room.copy()
    taken: list[int] = []
    for request in pairs.order.tolist():
        own = cheapest[edges[request] : edges[request + 1]]
        fits = np.flatnonzero(_fits(pairs, room, own))
        if len(fits):
            pair = int(own[fits[0]])
            first = pairs.first_cell[pair]
            room[first : first + pairs.num_cells[pair]] -= 1
            taken.append(pair)
    chosen = np.array(sorted(taken), np.int64)
    return Answer.of(pairs, chosen, (None,) * pairs.num_levels, clock)


def _fits(pairs: Pairs, room: Int, own: Int) -> Bool:
    """Whether every cell of each of some pairs has room."""
    first, length = pairs.first_cell[own], pairs.num_cells[own]
    fits = np.ones(len(own), np.bool_)
    for step in range(int(np.max(length, initial=0))):
        inside = step < length
        fits &= ~inside | (room[np.where(inside, first + step, first)] > 0)
    return fits


FIRST_COME = Peer("first-come", first_come)
