"""Components of rows that nest: seats within places, which lie in larger places.

A doctor takes so many visits a day, and every cell of that day so many at a time: whoever takes a
seat of a cell takes one of the day too. Where of any two rows one holds all of the other's
candidates, or none, requests, rows and a sink make a network, and what it carries at least cost
is whole. Which rule a row is of does not matter.
"""

from __future__ import annotations

import numpy as np

from engine.arrays import Bool, Int
from engine.solve.assignment import MIN_SHARE, Assignment, cheapest_arcs
from engine.solve.matrix import Matrix


def nested_of(matrix: Matrix) -> Assignment | None:
    """The nested places that a matrix is, or contains; ``None`` where its rows do not nest.

    Rows with other coefficients than ones, or with other columns than candidates, are left out.
    """
    is_plain = np.ones(matrix.num_rows, np.bool_)
    is_odd = (matrix.coefficient != 1) | (matrix.column_of >= matrix.num_candidates)
    is_plain[matrix.row_of[is_odd]] = False
    entry = is_plain[matrix.row_of]
    if not entry.any() or np.count_nonzero(entry) < MIN_SHARE * len(entry):
        return None
    plain, num_own = matrix.with_rows(is_plain), len(matrix.request)
    nested = nesting(plain.column_of, plain.row_of, num_own, plain.num_rows)
    if nested is None:
        return None
    least = np.full(num_own, plain.num_rows)
    np.minimum.at(least, plain.column_of, plain.bound[plain.row_of])
    return cheapest_arcs(matrix, nested[0], least > 0, plain.bound, nested[1])


def nesting(column: Int, row: Int, num_columns: int, num_rows: int) -> tuple[Int, Int] | None:
    """How rows lie in each other, by their entries; ``None`` where two of them cross.

    Returns
    -------
    place, parent
        int64: the smallest row of every column, and the next larger one of every row;
        ``num_rows``: none.
    """
    size = np.bincount(row, minlength=num_rows)
    order = np.lexsort((row, size[row], column))
    column, row = column[order], row[order]
    parent = _parents(column, row, num_rows)
    if parent is None:
        return None
    place = np.full(num_columns, num_rows)
    is_smallest = np.ones(len(column), np.bool_)
    is_smallest[1:] = column[1:] != column[:-1]
    place[column[is_smallest]] = row[is_smallest]
    return place, parent


def _parents(column: Int, row: Int, num_rows: int) -> Int | None:
    """The next larger row of each, ``num_rows`` for none; ``None`` where two of a row's columns
    have different ones.
    """
    larger = np.full(len(row), num_rows)
    is_same: Bool = column[1:] == column[:-1]
    larger[:-1][is_same] = row[1:][is_same]
    parent = np.full(num_rows, num_rows)
    parent[row] = larger
    return parent if np.array_equal(parent[row], larger) else None
