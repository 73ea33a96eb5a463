"""Fall apart: requests that share no row are solved apart."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from engine.arrays import NONE, Int, Ragged
from engine.solve.matrix import Matrix


@dataclass(frozen=True, slots=True)
class Component:
    """A part of the matrix that shares no row with the rest.

    Parameters
    ----------
    matrix
        Its columns and rows, numbered from 0.
    column
        int64, ascending: the column of the whole matrix that each of its columns is.
    request
        int64, ascending: the request of the whole matrix that each of its requests is.
    """

    matrix: Matrix
    column: Int
    request: Int


def decompose(matrix: Matrix, field: Int | None = None) -> list[Component]:
    """Connected components of the requests by shared rows, the smallest first.

    Requests that share no row with anybody are put together in one component: each takes
    its cheapest place.

    Parameters
    ----------
    field
        int64, shape (num_requests,): requests of the same field are kept together, unless it is
        -1.
    """
    count, label = _labels(matrix, np.zeros(0, np.int64) if field is None else field)
    label_of_column, label_of_row = label[: matrix.num_columns], label[matrix.num_columns :]
    columns = Ragged.grouping(label_of_column, count)
    rows = Ragged.grouping(label_of_row, count)
    entries = Ragged.grouping(label_of_row[matrix.row_of], count)
    parts = [
        _component(matrix, columns.row(name), rows.row(name), entries.row(name))
        for name in np.flatnonzero(~columns.is_empty).tolist()
    ]
    return sorted(parts, key=lambda part: part.matrix.num_columns)


def cut_out(matrix: Matrix, requests: Int) -> Matrix:
    """The part of some requests (int64, ascending), which share no row with the others."""
    own = len(matrix.request)
    kept = np.zeros(matrix.num_columns, np.bool_)
    kept[:own] = np.isin(matrix.request, requests)
    while True:
        rows = np.zeros(matrix.num_rows, np.bool_)
        rows[matrix.row_of[kept[matrix.column_of]]] = True
        entry = rows[matrix.row_of]
        if kept[matrix.column_of[entry]].all():
            return _component(matrix, *map(np.flatnonzero, (kept, rows, entry))).matrix
        kept[matrix.column_of[entry]] = True


def pieces(matrix: Matrix) -> list[Int]:
    """Requests (int64, ascending) of each part that shares no row with the rest."""
    count, label = _connected(matrix, np.zeros(0, np.int64))
    of_requests = Ragged.grouping(label[matrix.num_columns + matrix.num_rows :], count)
    return [of_requests.row(name) for name in np.flatnonzero(~of_requests.is_empty).tolist()]


def _labels(matrix: Matrix, field: Int) -> tuple[int, Int]:
    """Number of components, and the name of that of every column, then of every row. Requests
    that share no row with anybody have one together.
    """
    count, label = _connected(matrix, field)
    first_request = matrix.num_columns + matrix.num_rows
    members = np.bincount(label[first_request:], minlength=count)
    alone = members[label] == 1
    return count + 1, np.where(alone, count, label)[:first_request]


def _connected(matrix: Matrix, field: Int) -> tuple[int, Int]:
    """Number of connected components, and that of every column, row, and request, in turn."""
    num_columns, num_rows, num_own = matrix.num_columns, matrix.num_rows, len(matrix.request)
    first_request = num_columns + num_rows
    first_field = first_request + matrix.num_requests
    nodes = first_field + int(np.max(field, initial=NONE)) + 1
    held = np.flatnonzero(field != NONE)
    ends = (
        np.concatenate([matrix.column_of, np.arange(num_own), first_request + held]),
        np.concatenate(
            [num_columns + matrix.row_of, first_request + matrix.request, first_field + field[held]]
        ),
    )
    graph = coo_array((np.ones(len(ends[0]), np.int8), ends), shape=(nodes, nodes))
    count, label = connected_components(graph, directed=False)
    return count, label[:first_field]


def _component(matrix: Matrix, columns: Int, rows: Int, entries: Int) -> Component:
    """Cut a component out; all three arguments are ascending."""
    ends = [matrix.num_candidates, matrix.first_unplaced, len(matrix.request)]
    first_outsider, first_unplaced, first_auxiliary = np.searchsorted(columns, ends).tolist()
    own = matrix.request[columns[:first_auxiliary]]
    requests = own[first_unplaced:]
    part = Matrix(
        num_candidates=first_outsider,
        num_outsiders=first_unplaced - first_outsider,
        num_requests=len(requests),
        request=np.searchsorted(requests, own),
        row_of=np.searchsorted(rows, matrix.row_of[entries]),
        column_of=np.searchsorted(columns, matrix.column_of[entries]),
        coefficient=matrix.coefficient[entries],
        bound=matrix.bound[rows],
        cost=matrix.cost[:, columns],
    )
    return Component(part, columns, requests)
