"""Evaluated offers of requests that are looked at time after time."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import numpy as np

from engine.arrays import Bool, Int
from engine.eligible import Sieve
from engine.offers import Pairs
from engine.shortlist import Choose, Evaluated, Shortlist, by_chunk, evaluated, shortlist

MOST_OFFERS = 6_000_000
"""Offers that are kept, some forty bytes each; of other requests they are evaluated anew."""


class Memory:
    """Looks at all candidates of some requests, and remembers what they cost.

    Parameters
    ----------
    sieve
        What is offered.
    num_eligible
        int64, shape (R,): candidates of each request.
    workers
        Threads.
    """

    def __init__(self, sieve: Sieve, num_eligible: Int, workers: int = 1) -> None:
        self._sieve = sieve
        self._num_eligible = num_eligible
        self._workers = workers
        self._parts: list[_Known] = []
        self._is_known = np.zeros(sieve.snapshot.num_requests, np.bool_)
        self._num_offers = 0

    @property
    def num_cells(self) -> int:
        """Cells of the snapshot."""
        return len(self._sieve.snapshot.sessions.cell_start)

    def look(self, requests: Int, choose: Choose) -> Shortlist:
        """List the chosen candidates of some requests (int64, ascending)."""
        new = requests[~self._is_known[requests]]
        fits = self._num_offers + np.cumsum(self._num_eligible[new]) <= MOST_OFFERS
        self._remember(new[fits])
        new = new[~fits]
        is_wanted = np.zeros(len(self._is_known), np.bool_)
        is_wanted[requests] = True
        with ThreadPoolExecutor(self._workers) as pool:
            known = list(pool.map(lambda part: part.of(is_wanted).listed(choose), self._parts))
        if len(new) or not known:
            known.append(shortlist(self._sieve, new, choose, self._workers))
        return Shortlist.joined(known)

    def _remember(self, requests: Int) -> None:
        """Evaluate offers and keep them."""
        if not len(requests):
            return

        def work(pairs: Pairs) -> list[Evaluated]:
            return [_slim(part) for part in evaluated(self._sieve, pairs)]

        for parts in by_chunk(self._sieve, requests, self._workers, work):
            self._parts += [_Known(part, part.offers.request) for part in parts]
            self._num_offers += sum(len(part.offers) for part in parts)
        self._is_known[requests] = True


@dataclass(frozen=True, slots=True)
class _Known:
    """Evaluated offers, and whose each is: int64, shape (C,)."""

    part: Evaluated
    request: Int

    def of(self, is_wanted: Bool) -> Evaluated:
        """Those of some requests (bool, shape (R,))."""
        chosen = np.flatnonzero(is_wanted[self.request])
        part = self.part
        return replace(part, offers=part.offers.where(chosen), cost=part.cost[:, chosen])


def _slim(part: Evaluated) -> Evaluated:
    """The same without the tables by which it was judged."""
    pairs = part.offers.pairs
    nothing = pairs.at_moments.where(np.zeros(0, np.int64))
    return replace(part, offers=replace(part.offers, pairs=replace(pairs, at_moments=nothing)))
