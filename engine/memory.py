"""Evaluated offers of requests that are looked at time after time."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from engine.arrays import Int
from engine.eligible import Sieve
from engine.offers import Pairs
from engine.shortlist import Choose, Evaluated, Shortlist, by_chunk, evaluated, shortlist

MOST_OFFERS = 8_000_000
"""Offers that are kept; some forty bytes each."""


class Memory:
    """Looks at all candidates of some requests, and remembers what they cost.

    Parameters
    ----------
    sieve
        What is offered.
    workers
        Threads.
    """

    def __init__(self, sieve: Sieve, workers: int) -> None:
        self._sieve = sieve
        self._workers = workers
        self._parts: list[Evaluated] = []
        self._is_known = np.zeros(sieve.snapshot.num_requests, np.bool_)
        self._num_offers = 0

    @property
    def num_cells(self) -> int:
        """Cells of the snapshot."""
        return len(self._sieve.snapshot.sessions.cell_start)

    def look(self, requests: Int, choose: Choose) -> Shortlist:
        """List the chosen candidates of some requests (int64, ascending)."""
        new = requests[~self._is_known[requests]]
        if self._num_offers < MOST_OFFERS:
            self._remember(new)
            new = new[:0]
        is_wanted = np.zeros(len(self._is_known), np.bool_)
        is_wanted[requests] = True
        known = [part.of_requests(is_wanted).listed(choose) for part in self._parts]
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
            self._parts += parts
            self._num_offers += sum(len(part.offers) for part in parts)
        self._is_known[requests] = True


def _slim(part: Evaluated) -> Evaluated:
    """The same without the tables by which it was judged."""
    pairs = part.offers.pairs
    nothing = pairs.at_moments.where(np.zeros(0, np.int64))
    return replace(part, offers=replace(part.offers, pairs=replace(pairs, at_moments=nothing)))
