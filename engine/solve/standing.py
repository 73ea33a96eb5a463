"""Columns that column generation begins with, and goes on from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.arrays import Bool, Int
from engine.solve.linear_solvers import Basis
from engine.solve.matrix import Matrix

FIRST = 10
"""Columns of each request at first."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where column generation stands: from there it can go on.

    Parameters
    ----------
    active
        bool, shape (columns,): columns of the program.
    at
        The last basis, of all columns and all rows.
    """

    active: Bool
    at: Basis | None


def standing_at(matrix: Matrix, first: Int, weight: Int) -> Standing:
    """The columns ``first`` (int64) of a plan, and the cheapest of every request that has another
    than its very cheapest, by ``weight`` (int64, of the levels).
    """
    active = np.ones(matrix.num_columns, np.bool_)
    own = len(matrix.request)
    rank = rank_by(matrix, weight @ matrix.cost[:, :own])
    chosen = first[first < own]
    wants_more = np.ones(matrix.num_requests, np.bool_)
    wants_more[matrix.request[chosen]] = rank[chosen] > 0
    active[:own] = (rank < FIRST) & wants_more[matrix.request]
    active[matrix.first_unplaced :] = True
    active[first] = True
    return Standing(active, None)


def rank_by(matrix: Matrix, cost: Int) -> Int:
    """Place of every column of a request among the request's own, by cost; from 0."""
    order = np.lexsort((cost, matrix.request))
    request = matrix.request[order]
    rank = np.empty(len(order), np.int64)
    rank[order] = np.arange(len(order)) - np.searchsorted(request, request)
    return rank
