"""Candidates that are not on the list, judged by prices.

Prices of cells and what a place is worth to each request prove that a plan is optimal among the
candidates listed. They prove it among all of them if nobody could do better, at these prices, with
one that is not. Only who has an outsider that is cheap enough needs a look. Every visit takes one
cell here.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from engine.arrays import Bool, Int, stretches
from engine.cheapest import Ranked, cheapest
from engine.costs import OfferCosts
from engine.eligible import Matters, Sieve
from engine.offers import Offers
from engine.shortlist import Shortlist, shortlist
from engine.snapshot import Snapshot
from engine.solve.flow import Proof

HasTime = Callable[[], bool]
"""Whether to begin another step."""

_NEVER = 1 << 60
_TAKEN_AT_ONCE = 64  # of each request, the best first: prices change when they are in


class LeftOut:
    """What the list of some requests leaves out.

    Parameters
    ----------
    listed
        What is on it, and outsiders for the rest.
    requests
        int64 indices, ascending.
    cell
        int64, shape (P,): the cells that have prices.
    sieve
        By which candidates are found.
    has_time
        Whether there is time to.

    Attributes
    ----------
    better
        Candidates that were found to be better, at prices that were asked about.
    """

    def __init__(
        self, listed: Shortlist, requests: Int, cell: Int, sieve: Sieve, has_time: HasTime
    ) -> None:
        self._owner = np.searchsorted(requests, listed.outsider_request)
        self._cost = listed.outsider_cost
        self._requests = requests
        self._cell = cell
        self._sieve = sieve
        self._has_time = has_time
        self.better: Shortlist | None = None

    def are_dearer(self, proofs: list[Proof]) -> bool:
        """Whether every left-out candidate costs at least what its request has now.

        Parameters
        ----------
        proofs
            In strict order.

        Returns
        -------
        bool
            False also where there was no time to look; ``better`` is ``None`` then.
        """
        saved = [proof.worth[self._owner] - proof.weight @ self._cost for proof in proofs]
        doubtful = np.unique(self._owner[_is_positive(np.stack(saved))])
        if not len(doubtful):
            return True
        if not self._has_time():
            return False
        pairs = [(proof, self._prices(proof)) for proof in proofs]
        better = _Better(self._sieve.snapshot, pairs, self._requests)
        found = shortlist(self._sieve, self._requests[doubtful], better, look=better.where)
        if not len(found.candidates):
            return True
        self.better = found
        return False

    def _prices(self, proof: Proof) -> Int:
        """Prices of all cells of the snapshot; more than any where there is no room."""
        price = np.where(self._sieve.room > 0, 0, _NEVER)
        price[self._cell] = proof.price
        return price


class _Better:
    """Chooses, of every request, offers that cost less than what it has, the best first.

    Parameters
    ----------
    proofs
        In strict order, with the price of every cell (int64, shape (K,)).
    requests
        int64, ascending: the requests that the proofs speak of.
    """

    def __init__(self, snapshot: Snapshot, proofs: list[tuple[Proof, Int]], requests: Int) -> None:
        self._snapshot = snapshot
        self._proofs = proofs
        self._requests = requests

    def where(self, costs: OfferCosts) -> Matters:
        """Look only where the cheapest cost and the lowest price of a session would be better."""
        sessions, least = self._snapshot.sessions, []
        for proof, price in self._proofs:
            lowest = np.full(self._snapshot.num_sessions, _NEVER)
            np.minimum.at(lowest, sessions.cell_session, price)
            least.append((proof.worth, costs.at_least(proof.weight), lowest))
        owner = np.searchsorted(self._requests, costs.pairs.request)

        def matters(pair: Int, session: Int) -> Bool:
            saved = [
                worth[owner[pair]] - weighs(pair, session) - lowest[session]
                for worth, weighs, lowest in least
            ]
            return _is_positive(np.stack(saved))

        return matters

    def __call__(self, offers: Offers, cost: Int, levels: tuple[int, ...]) -> Ranked:
        request = offers.request
        head, stretch = stretches(request)
        owner = np.searchsorted(self._requests, request[head])[stretch]
        saved = np.empty((len(self._proofs), len(offers)), np.int64)
        for row, (proof, price) in enumerate(self._proofs):
            saved[row] = proof.worth[owner] - price[offers.cell]
            for level, own in zip(levels, cost, strict=True):
                if proof.weight[level]:
                    saved[row] -= proof.weight[level] * own
        gains = np.flatnonzero(_is_positive(saved))
        less = np.max(saved, axis=1, initial=0)[:, None] - saved[:, gains]
        order = np.concatenate([less, cost[:, gains]])  # many are equal by what counts so far
        kept = cheapest(request[gains], order, _TAKEN_AT_ONCE)
        return Ranked(gains[kept], gains[:0])


def _is_positive(values: Int) -> Bool:
    """Whether each column of ``values`` (int64, shape (n, C)) is above 0, in strict order."""
    found, is_open = np.zeros((2, values.shape[1]), np.bool_)
    is_open[:] = True
    for row in values:
        found |= is_open & (row > 0)
        is_open &= row == 0
    return found
