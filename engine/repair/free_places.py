"""Places that are free while a plan is carried out, the cheapest of everybody who is moved."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.arrays import NONE, Bool, Int
from engine.candidates import Candidates
from engine.cheapest import cheapest
from engine.displaced import is_moved
from engine.eligible import Sieve
from engine.policy import Policy
from engine.shortlist import Evaluated, Shortlist, evaluated
from engine.snapshot import Snapshot

_PER_OPTION, _FEWEST, _MOST = 2, 32, 512
"""Places listed of everybody: twice as many as all menus together have options, since others can
be in the way of each; at least and at most so many."""


@dataclass(frozen=True, slots=True)
class FreePlaces:
    """What people could take.

    Parameters
    ----------
    listed
        The cheapest free places of everybody.
    num_considered, num_free
        int64, shape (R,): other places than those told and planned that a request could
        take, and those whose cells are free.
    """

    listed: Shortlist
    num_considered: Int
    num_free: Int


def free_places(
    snapshot: Snapshot,
    policy: Policy,
    unit: Int,
    taken: tuple[Candidates, ...],
    k: int,
) -> FreePlaces:
    """List the cheapest free places.

    Parameters
    ----------
    snapshot
        In which those who are asked are open.
    unit
        int64, shape (R,): who belongs together; -1 of who is not asked.
    taken
        Places that are taken for everybody but their own unit: planned, and given up.
    k
        How many options each menu is to have.
    """
    requests, sieve = np.flatnonzero(unit != NONE), Sieve(snapshot, policy)
    cells = _Cells(sieve.room, unit, taken)
    keep = int(np.clip(_PER_OPTION * k * len(requests), _FEWEST, _MOST))
    counts = np.zeros((2, snapshot.num_requests), np.int64)
    parts = [
        _listed(part, snapshot, cells, keep, counts)
        for some in sieve.chunks(requests)
        for part in evaluated(sieve, sieve.pairs(some))
    ]
    return FreePlaces(Shortlist.joined(parts), counts[0], counts[1])


def _listed(
    part: Evaluated, snapshot: Snapshot, cells: _Cells, keep: int, counts: Int
) -> Shortlist:
    """The cheapest of some offers that are free; ``counts`` is added to."""
    every = part.offers.candidates(snapshot)
    is_other = is_moved(snapshot, every) & ~cells.is_taken_as(every)
    is_free = np.flatnonzero(is_other & cells.are_free(every))
    size = snapshot.num_requests
    counts[0] += np.bincount(every.request[is_other], minlength=size)
    counts[1] += np.bincount(every.request[is_free], minlength=size)
    kept = is_free[cheapest(every.request[is_free], part.cost[:, is_free], keep)]
    cost, nobody = part.at_all_levels(part.cost[:, kept]), np.zeros(0, np.int64)
    return Shortlist(every.where(kept), cost, nobody, cost[:, :0])


class _Cells:
    """Cells that planned and given up places leave free, for whom.

    Parameters
    ----------
    room
        int64, shape (K,): seats that appointments leave.
    """

    def __init__(self, room: Int, unit: Int, taken: tuple[Candidates, ...]) -> None:
        self._unit, self._num_cells = unit, len(room)
        places = Candidates.joined(list(taken))
        self._planned = self._names(taken[0].request, taken[0].first_cell)
        index, cell = places.cells()
        self._own = np.unique(unit[places.request[index]] * len(room) + cell)
        self._left = room - np.bincount(self._own % len(room), minlength=len(room))

    def _names(self, request: Int, cell: Int) -> Int:
        return request * self._num_cells + cell

    def is_taken_as(self, candidates: Candidates) -> Bool:
        """Which are planned themselves; bool, shape (C,)."""
        found: Bool = np.isin(self._names(candidates.request, candidates.first_cell), self._planned)
        return found

    def are_free(self, candidates: Candidates) -> Bool:
        """Whether every cell of each has a seat beside what other units have; bool, shape (C,)."""
        index, cell = candidates.cells()
        own = np.isin(self._unit[candidates.request[index]] * self._num_cells + cell, self._own)
        is_full = self._left[cell] + own < 1
        free = np.ones(len(candidates), np.bool_)
        free[index[is_full]] = False
        return free
