"""Who could be on a short chain from somebody who must be moved to a free place."""

from __future__ import annotations

import numpy as np

from engine.arrays import Bool, Int
from engine.candidates import Candidates
from engine.eligible import Sieve
from engine.repair.world import World
from engine.shortlist import ALL, Shortlist, shortlist, the_cheapest
from engine.snapshot import BYSTANDER

_FAR = 1 << 30


class Catalogue:
    """Every candidate of whoever was asked about, found once.

    Parameters
    ----------
    sieve
        By which candidates are found.
    workers
        Threads.
    """

    def __init__(self, sieve: Sieve, workers: int) -> None:
        self.room = sieve.room
        self._sieve = sieve
        self._workers = workers
        self._known: Int = np.zeros(0, np.int64)
        self._found = self._look(self._known)

    def of(self, requests: Int) -> Shortlist:
        """The candidates of some requests (int64, ascending)."""
        new = np.setdiff1d(requests, self._known)
        if len(new):
            self._found = Shortlist.joined([self._found, self._look(new)])
            self._known = np.union1d(self._known, new)
        return self._found.of_requests(requests)

    def _look(self, requests: Int) -> Shortlist:
        return shortlist(self._sieve, requests, the_cheapest(ALL), self._workers)


def in_the_way(star: World, candidates: Candidates) -> Int:
    """Requests of bystanders who have a cell of some candidates; int64, ascending."""
    told, kept = star.snapshot.told, star.kept
    kept = kept.where(told.standing[kept.request] == BYSTANDER)
    index, cell = kept.cells()
    is_wanted = np.isin(cell, candidates.cells()[1])
    return np.unique(kept.request[index[is_wanted]])


class Nearby:
    """Bystanders near enough both to those who must be moved and to what is free.

    Parameters
    ----------
    star
        The world in which everybody takes part who may.
    catalogue
        Where candidates there are looked up.
    must
        int64, ascending: requests of those who must be moved, or of some of them.
    longest
        Bystanders on a chain, at most.

    Attributes
    ----------
    listed
        Every candidate of whom was looked at.
    requests
        int64, ascending: the bystanders. Where every visit takes one cell, no other can be on a
        chain so short; where some take more, visits of different lengths could make room for each
        other in ways that are not looked at.
    leads_to_room, leads_on
        bool, shape (C,): of the candidates listed, those that end a chain, and those that lead to
        somebody near enough to its end; where every visit takes one cell.
    """

    def __init__(self, star: World, catalogue: Catalogue, must: Int, longest: int) -> None:
        told, room = star.snapshot.told, catalogue.room
        self._star = star
        self._catalogue = catalogue
        self._kept = star.kept.where(told.standing[star.kept.request] == BYSTANDER)
        self._index, self._cell = self._kept.cells()
        self._is_free: Bool = room > np.bincount(self._cell, minlength=len(room))
        self._num_requests = star.after.num_requests
        self.listed, steps = self._look(must, longest)
        far = self._far_from_room(longest)
        near = (steps > 0) & (steps + far - 1 <= longest)
        self.requests: Int = np.flatnonzero(near)
        self.leads_to_room: Bool = self._is_free[self.listed.candidates.first_cell]
        self.leads_on = ~self.leads_to_room & self._is_near(steps, far, longest)

    def _look(self, must: Int, longest: int) -> tuple[Shortlist, Int]:
        """Candidates of all whose places can be wanted, and by how many steps each is."""
        parts, steps = [self._catalogue.of(must)], np.full(self._num_requests, _FAR)
        steps[must] = 0
        for step in range(1, longest + 1):
            met = in_the_way(self._star, parts[-1].candidates)
            new = met[steps[met] == _FAR]
            if not len(new):
                break
            steps[new] = step
            parts.append(self._catalogue.of(new))
        return Shortlist.joined(parts), steps

    def _far_from_room(self, longest: int) -> Int:
        """Bystanders from each to a free place, itself counted; int64, shape (R,)."""
        far, reached = np.full(self._num_requests, _FAR), self._is_free.copy()
        for step in range(1, longest + 1):
            who = self._going_to(reached)
            far[who] = np.minimum(far[who], step)
            reached[self._cell[far[self._kept.request[self._index]] <= step]] = True
        return far

    def _is_near(self, steps: Int, far: Int, longest: int) -> Bool:
        """Which candidates lead to somebody near enough to what is free; bool, shape (C,)."""
        nearest = np.full(len(self._is_free), _FAR)
        np.minimum.at(nearest, self._cell, far[self._kept.request[self._index]])
        candidates = self.listed.candidates
        found: Bool = steps[candidates.request] + nearest[candidates.first_cell] <= longest
        return found

    def _going_to(self, reached: Bool) -> Int:
        """Requests with another place in cells that are reached, or in part their own."""
        candidates: Candidates = self.listed.candidates
        index, cell = candidates.cells()
        first, length = (np.zeros(self._num_requests, np.int64) for _ in range(2))
        first[self._kept.request] = self._kept.first_cell
        length[self._kept.request] = self._kept.num_cells
        who = candidates.request[index]
        is_own = (cell >= first[who]) & (cell < first[who] + length[who])
        missing = np.bincount(index, ~reached[cell] & ~is_own, minlength=len(candidates))
        is_told = length[candidates.request] > 0
        is_told &= candidates.first_cell == first[candidates.request]
        return candidates.request[(missing == 0) & ~is_told]
