"""The candidates of a component that are not in its matrix, judged by prices.

Prices of cells and what a place is worth to each request prove that a plan is optimal among the
candidates in the matrix. They prove it among all of them if nobody could do better, at these
prices, with one that is not in it. Only who has an outsider that is cheap enough needs a look.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from engine.arrays import NONE, Int
from engine.cheapest import Ranked, rank
from engine.offers import Offers
from engine.shortlist import Shortlist
from engine.solve.decompose import Component
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

    def is_dearer(self, weight: Int, row: Int, price: Int, worth: Int) -> bool:
        """Whether every left-out candidate costs at least what its request has now.

        Parameters
        ----------
        weight
            int64, shape (l,): of the first l levels; those below count nothing.
        row, price
            int64, shape (P,): rows of the matrix, and their prices, at least 0; others have none.
        worth
            int64, shape (requests,): weight and price of what each request of the matrix has.

        Returns
        -------
        bool
            False also where there was no time to look; ``better`` is ``None`` then.
        """
        matrix = self._matrix
        owner = matrix.request[matrix.outsiders]
        least = weight @ matrix.cost[: len(weight), matrix.outsiders]
        doubtful = np.unique(owner[least < worth[owner]])
        if not len(doubtful):
            return True
        if not self._has_time():
            return False
        cell_price = np.zeros(self._problem.num_cells, np.int64)
        is_cell = matrix.cell[row] != NONE  # in other rows it may be, or not: nothing is asked
        cell_price[matrix.cell[row[is_cell]]] = price[is_cell]
        value = np.zeros(self._problem.num_requests, np.int64)
        value[self._request] = worth
        better = self._problem.look(self._request[doubtful], _better(weight, cell_price, value))
        if not len(better.candidates):
            return True
        self.better = better
        return False


def _better(
    weight: Int, cell_price: Int, worth: Int
) -> Callable[[Offers, Int, tuple[int, ...]], Ranked]:
    """Choose, of every request, those that cost less than what it has, the best first."""
    before = np.concatenate([[0], np.cumsum(cell_price)])

    def choose(offers: Offers, cost: Int, levels: tuple[int, ...]) -> Ranked:
        request, num_cells = offers.request, offers.num_cells[offers.visit]
        saved = worth[request] + before[offers.cell] - before[offers.cell + num_cells]
        for row, level in enumerate(levels):
            if level < len(weight):
                saved -= weight[level] * cost[row]
        gains = np.flatnonzero(saved > 0)
        dearest = int(np.max(saved, initial=0))
        ranked = rank(request[gains], dearest - saved[None, gains], _TAKEN_AT_ONCE)
        return Ranked(gains[ranked.kept], gains[:0])

    return choose
