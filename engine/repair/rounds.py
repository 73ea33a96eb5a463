"""What options of several people leave room for, whichever of them each takes.

A *unit* takes one of its options, or none. Of every row that several units share, a unit needs
as much as its most demanding option does; where these needs together fit into every such row,
every combination of choices is a plan, and otherwise some combination is not. Rows of one unit
alone are asked of each option by itself.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from engine.arrays import Bool, Int
from engine.rows import Entries
from engine.solve.matrix import Matrix


@dataclass(frozen=True, slots=True)
class Needs:
    """What candidates need of the rows that several units share.

    Parameters
    ----------
    is_shared
        bool, shape (M,): rows of several units, and rows bound to such by auxiliary columns.
    entry
        int64, shape (E,): entries of the matrix, of candidates in such rows.
    pair
        int64, shape (E,): which pair of a unit and a row each belongs to.
    pair_row
        int64, shape (N,): the row of every pair.
    is_mixed
        bool, shape (N,): candidates of several requests of the unit are in the row.
    """

    is_shared: Bool
    entry: Int
    pair: Int
    pair_row: Int
    is_mixed: Bool

    @classmethod
    def of(cls, matrix: Matrix, unit: Int) -> Needs:
        """The needs of a matrix's candidates.

        Parameters
        ----------
        unit
            int64, shape (num_requests,): unit of every request.
        """
        entry = np.flatnonzero(matrix.column_of < matrix.num_candidates)
        request = matrix.request[matrix.column_of[entry]]
        label = _row_groups(matrix)
        is_shared = _of_several(label[matrix.row_of[entry]], unit[request], len(label))[label]
        entry = entry[is_shared[matrix.row_of[entry]]]
        request = matrix.request[matrix.column_of[entry]]
        width = matrix.num_rows
        names, pair = np.unique(unit[request] * width + matrix.row_of[entry], return_inverse=True)
        is_mixed = _of_several(pair, request, len(names))
        return cls(is_shared, entry, pair, names % width, is_mixed)

    def of_columns(self, matrix: Matrix, chosen: Bool) -> Int:
        """What every pair needs for some candidates (bool, shape (columns,)); int64, ≥ 0."""
        weight = np.where(chosen[matrix.column_of[self.entry]], matrix.coefficient[self.entry], 0)
        need = np.bincount(self.pair, weight, minlength=len(self.pair_row))
        return np.maximum(need.astype(np.int64), 0)

    def by_row(self, need: Int, num_rows: int) -> Int:
        """The needs of all units together; int64, shape (M,)."""
        total = np.bincount(self.pair_row, need, minlength=num_rows)
        return total.astype(np.int64)


def _of_several(group: Int, owner: Int, num_groups: int) -> Bool:
    """Groups that have entries of several owners; bool, shape (num_groups,)."""
    width = int(np.max(owner, initial=0)) + 1
    both = np.unique(group * width + owner)
    found: Bool = np.bincount(both // width, minlength=num_groups) > 1
    return found


def _row_groups(matrix: Matrix) -> Int:
    """Rows that auxiliary columns bind together have one number; int64, shape (M,)."""
    own = len(matrix.request)
    entry = np.flatnonzero(matrix.column_of >= own)
    ends = matrix.row_of[entry], matrix.num_rows + matrix.column_of[entry] - own
    size = matrix.num_rows + matrix.num_columns - own
    graph = coo_array((np.ones(len(entry), np.int8), ends), shape=(size, size))
    label: Int = connected_components(graph, directed=False)[1]
    return label[: matrix.num_rows].astype(np.int64)


class Rooms:
    """What all options so far need, and what they leave.

    Parameters
    ----------
    matrix
        Of all candidates that could be options.
    unit
        int64, shape (num_requests,): unit of every request.
    """

    def __init__(self, matrix: Matrix, unit: Int) -> None:
        self._matrix = matrix
        self.needs = Needs.of(matrix, unit)
        blank = np.zeros(len(self.needs.pair_row), np.int64)
        self.most, self.most_or_old = blank, blank
        self.is_open = np.zeros(matrix.num_columns, np.bool_)
        self._auxiliary = np.flatnonzero(matrix.column_of >= len(matrix.request))

    def offer(self, chosen: Bool) -> None:
        """Make some candidates options, one of every unit at most; bool, shape (columns,)."""
        need = self.needs.of_columns(self._matrix, chosen)
        self.most = np.maximum(self.most, need)
        self.most_or_old = np.maximum(self.most_or_old, need)
        self._open(self.most, must=True)

    def reserve(self, chosen: Bool) -> None:
        """Keep old places for those who could return to them; bool, shape (columns,)."""
        need = self.needs.of_columns(self._matrix, chosen)
        self.most_or_old = np.maximum(self.most_or_old, need)
        self._open(self.most_or_old, must=False)

    def left(self, need: Int) -> Int:
        """What needs leave of every row, below 0 where they do not fit; int64, shape (M,)."""
        matrix, opened = self._matrix, self._auxiliary[self._opens()]
        used = np.bincount(
            matrix.row_of[opened], matrix.coefficient[opened], minlength=matrix.num_rows
        )
        return matrix.bound - self.needs.by_row(need, matrix.num_rows) - used.astype(np.int64)

    def _opens(self) -> Bool:
        opens: Bool = self.is_open[self._matrix.column_of[self._auxiliary]]
        return opens

    def _open(self, need: Int, *, must: bool) -> None:
        """Choose auxiliary columns that open rows which are needed; if they must not be opened,
        only where they exclude nothing that is needed.
        """
        matrix = self._matrix
        left = self.left(need)
        short = self.needs.is_shared & (left < 0)
        entry = self._auxiliary
        entry = entry[short[matrix.row_of[entry]] & (matrix.coefficient[entry] < 0)]
        for opener in np.unique(matrix.column_of[entry]).tolist():
            own = self._auxiliary[matrix.column_of[self._auxiliary] == opener]
            uses = own[matrix.coefficient[own] > 0]
            if must or np.all(left[matrix.row_of[uses]] >= matrix.coefficient[uses]):
                self.is_open[opener] = True
                np.subtract.at(left, matrix.row_of[own], matrix.coefficient[own])

    def fits(self) -> bool:
        """Whether every combination of options satisfies every shared row."""
        return bool(np.all(self.left(self.most)[self.needs.is_shared] >= 0))


@dataclass(frozen=True, slots=True)
class Block:
    """Rows of a round, with auxiliary columns of their own.

    Parameters
    ----------
    entries
        Columns are those of the whole matrix; those from ``num_columns`` on are new.
    bound
        int64, of every row.
    num_new
        New auxiliary columns.
    """

    entries: Entries
    bound: Int
    num_new: int = 0


def shared_block(
    matrix: Matrix, rooms: Rooms, credit: Int, rows: Bool, usable: Bool, first_new: int
) -> Block:
    """Rows that hold a round's options within what earlier ones leave.

    A unit pays only for what an option needs beyond ``credit`` (int64, of every pair). Where
    candidates of several requests of the unit are in one row, new columns count that together.

    Parameters
    ----------
    rows
        bool, shape (M,): the rows to write.
    usable
        bool, shape (columns,): candidates that can be chosen.
    first_new
        Number of the first new column.
    """
    needs, number = rooms.needs, np.cumsum(rows) - 1
    keep = usable[matrix.column_of[needs.entry]] & rows[matrix.row_of[needs.entry]]
    entry, pair = needs.entry[keep], needs.pair[keep]
    together = needs.is_mixed[pair] & (credit[pair] > 0)
    beyond = np.maximum(matrix.coefficient[entry] - credit[pair], 0)
    some = np.flatnonzero(~together & (beyond > 0))
    found = Entries(number[matrix.row_of[entry[some]]], matrix.column_of[entry[some]], beyond[some])
    free = np.flatnonzero(rows[matrix.row_of] & (matrix.column_of >= len(matrix.request)))
    free = free[~rooms.is_open[matrix.column_of[free]]]
    found = found.joined(
        Entries(number[matrix.row_of[free]], matrix.column_of[free], matrix.coefficient[free])
    )
    bound = np.maximum(rooms.left(credit), 0)[rows]
    counted = _counted(matrix, entry[together], pair[together], len(bound), first_new)
    paid = np.repeat(number[needs.pair_row[counted.pairs]], counted.num_bits)
    found = found.joined(counted.entries).joined(Entries(paid, counted.column, counted.power))
    return Block(found, np.concatenate([bound, credit[counted.pairs]]), len(counted.column))


@dataclass(frozen=True, slots=True)
class _Counted:
    """New columns that count what pairs need beyond their credit, in powers of two."""

    pairs: Int
    num_bits: int
    column: Int
    power: Int
    entries: Entries


def _counted(matrix: Matrix, entry: Int, pair: Int, first_row: int, first_new: int) -> _Counted:
    """One row per pair: ``Σ a·x - Σ 2^j·w_j ≤ credit``."""
    pairs, row = np.unique(pair, return_inverse=True)
    total = np.bincount(row, matrix.coefficient[entry].clip(0), minlength=len(pairs))
    num_bits = int(np.max(total, initial=0)).bit_length()
    power = np.tile(1 << np.arange(num_bits, dtype=np.int64), len(pairs))
    column = first_new + np.arange(len(power))
    rows = first_row + np.repeat(np.arange(len(pairs)), num_bits)
    uses = Entries(first_row + row, matrix.column_of[entry], matrix.coefficient[entry])
    return _Counted(pairs, num_bits, column, power, uses.joined(Entries(rows, column, -power)))
