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
from engine.memory import Memory
from engine.offers import Offers
from engine.shortlist import Shortlist
from engine.solve.flow import Proof

HasTime = Callable[[], bool]
"""Whether to begin another step."""

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
    memory
        Looks at candidates.
    has_time
        Whether there is time to.

    Attributes
    ----------
    better
        Candidates that were found to be better, at prices that were asked about.
    """

    def __init__(
        self, listed: Shortlist, requests: Int, cell: Int, memory: Memory, has_time: HasTime
    ) -> None:
        self._owner = np.searchsorted(requests, listed.outsider_request)
        self._cost = listed.outsider_cost
        self._requests = requests
        self._cell = cell
        self._memory = memory
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
        choose = _Better(proofs, [self._prices(proof) for proof in proofs], self._requests)
        better = self._memory.look(self._requests[doubtful], choose)
        if not len(better.candidates):
            return True
        self.better = better
        return False

    def _prices(self, proof: Proof) -> Int:
        """Prices of all cells of the snapshot."""
        price = np.zeros(self._memory.num_cells, np.int64)
        price[self._cell] = proof.price
        return price


class _Better:
    """Chooses, of every request, offers that cost less than what it has, the best first.

    Parameters
    ----------
    proofs
        In strict order.
    prices
        int64, shape (K,) each: of every cell.
    requests
        int64, ascending: the requests that the proofs speak of.
    """

    def __init__(self, proofs: list[Proof], prices: list[Int], requests: Int) -> None:
        self._proofs = proofs
        self._prices = prices
        self._requests = requests

    def __call__(self, offers: Offers, cost: Int, levels: tuple[int, ...]) -> Ranked:
        request = offers.request
        head, stretch = stretches(request)
        owner = np.searchsorted(self._requests, request[head])[stretch]
        saved = np.empty((len(self._proofs), len(offers)), np.int64)
        for row, (proof, price) in enumerate(zip(self._proofs, self._prices, strict=True)):
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
