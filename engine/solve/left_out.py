"""The candidates of a component that are not in its matrix, judged by prices.

Prices of cells and what a place is worth to each request prove that a plan is optimal among the
candidates in the matrix. They prove it among all of them if nobody could do better, at these
prices, with one that is not in it. Only who has an outsider that is cheap enough needs a look.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from engine.arrays import NONE, Bool, Int
from engine.cheapest import Ranked, rank
from engine.offers import Offers
from engine.shortlist import Shortlist
from engine.solve.decompose import Component
from engine.solve.flow import Proof
from engine.solve.problem import Problem

_TAKEN_AT_ONCE = 32  # of each request, the best first: prices change when they are in


class LeftOut:
    """What a component leaves out.

    Parameters
    ----------
    problem, component
        The component is one of the problem's, and no candidate of its requests lies in a row of
        another one.
    has_time
        Whether there is time to look at candidates.

    Attributes
    ----------
    better
        Candidates that were found to be better, at prices that were asked about.
    """

    def __init__(
        self, problem: Problem, component: Component, has_time: Callable[[], bool] = lambda: True
    ) -> None:
        self._problem = problem
        self._matrix = component.matrix
        self._request = problem.requests[component.request]
        self._has_time = has_time
        self.better: Shortlist | None = None

    def are_dearer(self, row: Int, proofs: list[Proof]) -> bool:
        """Whether every left-out candidate costs at least what its request has now.

        Parameters
        ----------
        row
            int64, shape (P,): row of the matrix that each place of the proofs is.
        proofs
            In strict order.

        Returns
        -------
        bool
            False also where there was no time to look; ``better`` is ``None`` then.
        """
        matrix = self._matrix
        owner, cost = matrix.request[matrix.outsiders], matrix.cost[:, matrix.outsiders]
        saved = np.stack([proof.worth[owner] - proof.weight @ cost for proof in proofs])
        doubtful = np.unique(owner[_is_positive(saved)])
        if not len(doubtful):
            return True
        if not self._has_time():
            return False
        choose = _Better(proofs, [self._prices(row, proof) for proof in proofs], self._request)
        better = self._problem.look_again(self._request[doubtful], choose)
        if not len(better.candidates):
            return True
        self.better = better
        return False

    def _prices(self, row: Int, proof: Proof) -> Int:
        """Prices of all cells; in other rows a candidate may be, or not, and nothing is asked."""
        cell = self._matrix.cell[row]
        price = np.zeros(self._problem.num_cells, np.int64)
        price[cell[cell != NONE]] = proof.price[cell != NONE]
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
        owner = np.searchsorted(self._requests, request)
        saved = np.empty((len(self._proofs), len(offers)), np.int64)
        for row, (proof, price) in enumerate(zip(self._proofs, self._prices, strict=True)):
            saved[row] = proof.worth[owner] - _covered(offers, price)
            for level, own in zip(levels, cost, strict=True):
                saved[row] -= proof.weight[level] * own
        gains = np.flatnonzero(_is_positive(saved))
        less = np.max(saved, axis=1, initial=0)[:, None] - saved[:, gains]
        ranked = rank(request[gains], less, _TAKEN_AT_ONCE)
        return Ranked(gains[ranked.kept], gains[:0])


def _is_positive(values: Int) -> Bool:
    """Whether each column of ``values`` (int64, shape (n, C)) is above 0, in strict order."""
    found, is_open = np.zeros((2, values.shape[1]), np.bool_)
    is_open[:] = True
    for row in values:
        found |= is_open & (row > 0)
        is_open &= row == 0
    return found


def _covered(offers: Offers, price: Int) -> Int:
    """Price of all cells that each offer covers."""
    num_cells = offers.num_cells[offers.visit]
    total = price[offers.cell]
    for further in range(1, int(np.max(num_cells, initial=1))):
        longer = np.flatnonzero(num_cells > further)
        total[longer] += price[offers.cell[longer] + further]
    return total
