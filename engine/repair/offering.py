"""Options round by round: each round gives as many units as can be one more, at the least cost."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from engine.arrays import Bool, Int, Ragged
from engine.errors import VerificationError
from engine.repair.rounds import Block, Rooms, shared_block
from engine.rows import Entries
from engine.solve.decompose import decompose
from engine.solve.levels import improve
from engine.solve.matrix import Matrix, without_idle_rows
from engine.solve.search import SearchLimits
from engine.solve.solution import first_solution

_WORK = 5.0
"""Deterministic seconds for one component of one round; what is found until then is offered."""


class Rounds:
    """Gives units further options.

    Parameters
    ----------
    matrix
        Requests and all candidates that they could be offered, with rows and costs.
    unit
        int64, shape (num_requests,): unit of every request.
    planned
        int64: columns that are the first options.
    old
        int64: columns of places to which people may want to return. They are no options.
    """

    def __init__(self, matrix: Matrix, unit: Int, planned: Int, old: Int) -> None:
        self._matrix = matrix
        self._unit = unit
        self._num_units = int(np.max(unit, initial=-1)) + 1
        self._is_single = np.bincount(unit, minlength=self._num_units) == 1
        self._usable = np.zeros(matrix.num_columns, np.bool_)
        self._usable[: matrix.num_candidates] = True
        self._usable[old] = False
        self._rooms = Rooms(matrix, unit)
        self._has_old = self._touched(old)
        self.options: list[list[Int]] = [[] for _ in range(self._num_units)]
        self._active = self._bundles(planned)
        self._enter(planned)
        if len(old):
            self._rooms.reserve(self._mask(old))

    def _bundles(self, planned: Int) -> Bool:
        """Requests that options place: those that the plan does, of units that it places
        nowhere all; bool, shape (num_requests,).
        """
        placed = np.zeros(self._matrix.num_requests, np.bool_)
        placed[self._matrix.request[planned]] = True
        has_any = np.zeros(self._num_units, np.bool_)
        has_any[self._unit[placed]] = True
        return placed | ~has_any[self._unit]

    def _mask(self, columns: Int) -> Bool:
        mask = np.zeros(self._matrix.num_columns, np.bool_)
        mask[columns] = True
        return mask

    def _touched(self, columns: Int) -> Bool:
        """Rows in which some columns are; bool, shape (M,)."""
        found = np.zeros(self._matrix.num_rows, np.bool_)
        found[self._matrix.row_of[self._mask(columns)[self._matrix.column_of]]] = True
        return found

    def _enter(self, columns: Int) -> None:
        """Make columns, at most one option of every unit, options."""
        of_unit = Ragged.grouping(self._unit[self._matrix.request[columns]], self._num_units)
        for unit in range(self._num_units):
            option = columns[of_unit.row(unit)]
            if len(option):
                self.options[unit].append(option)
        self._rooms.offer(self._mask(columns))
        self._usable[columns[self._is_single[self._unit[self._matrix.request[columns]]]]] = False

    def one_more(self) -> bool:
        """Give every unit one more option, if it can be; whether any got one.

        Raises
        ------
        VerificationError
            Some choice of options would break a row: a fault of the engine.
        """
        found = self._solved(*self._round())
        if not len(found):
            return False
        self._enter(found)
        if not self._rooms.fits():
            raise VerificationError("options do not fit together in every combination")
        got = np.zeros(self._num_units, np.bool_)
        got[self._unit[self._matrix.request[found]]] = True
        self._active &= got[self._unit]
        return True

    def _solved(self, matrix: Matrix, column: Int) -> Int:
        """Columns chosen in a round, ascending; ``column`` says which is which in the whole."""
        limits = SearchLimits(None, _WORK, 1, 0)
        found = [np.zeros(0, np.int64)]
        for part in decompose(without_idle_rows(matrix)):
            solution = improve(part.matrix, first_solution(part.matrix), limits)
            chosen = part.column[solution.chosen]
            found.append(column[chosen[chosen < matrix.num_candidates]])
        return np.sort(np.concatenate(found))

    def _round(self) -> tuple[Matrix, Int]:
        """The matrix of the next round, and which columns its candidates are."""
        whole = self._matrix
        usable = self._usable.copy()
        usable[: whole.num_candidates] &= self._active[whole.request[: whole.num_candidates]]
        own = np.flatnonzero(usable)
        left = whole.first_unplaced + np.flatnonzero(self._active)
        blocks = list(self._blocks(usable))
        num_new = sum(block.num_new for block in blocks)
        auxiliary = np.arange(len(whole.request), whole.num_columns + num_new)
        kept = np.concatenate([own, left, auxiliary])
        number = np.full(whole.num_columns + num_new, -1, np.int64)
        number[kept] = np.arange(len(kept))
        row, column, coefficient = _stacked(blocks)
        order = np.lexsort((number[column], row))
        requests = np.flatnonzero(self._active)
        owner = np.searchsorted(requests, whole.request[np.concatenate([own, left])])
        cost = np.zeros((whole.num_levels, len(kept)), np.int64)
        cost[:, : len(own) + len(left)] = whole.cost[:, np.concatenate([own, left])]
        matrix = Matrix(
            num_candidates=len(own),
            num_outsiders=0,
            num_requests=len(requests),
            request=owner,
            row_of=row[order],
            column_of=number[column[order]],
            coefficient=coefficient[order],
            bound=np.concatenate([block.bound for block in blocks]),
            cost=cost,
        )
        return matrix, own

    def _blocks(self, usable: Bool) -> Iterator[Block]:
        """Rows of a round: what units share; beside old places; of each unit; whole units."""
        matrix, rooms = self._matrix, self._rooms
        shared = rooms.needs.is_shared
        first = matrix.num_columns
        beside = shared & self._has_old
        for credit, rows in ((rooms.most, shared), (rooms.most_or_old, beside)):
            block = shared_block(matrix, rooms, credit, rows, usable, first)
            first += block.num_new
            yield block
        yield self._of_one_unit(usable, ~shared)
        yield self._whole_units(usable)
        yield self._others(usable)

    def _of_one_unit(self, usable: Bool, rows: Bool) -> Block:
        """Rows of one unit, for one option by itself."""
        matrix, number = self._matrix, np.cumsum(rows) - 1
        first, end = matrix.first_unplaced, len(matrix.request)
        is_own = (matrix.column_of >= first) & (matrix.column_of < end)
        left_out = np.zeros(matrix.num_columns, np.bool_)
        left_out[first:end] = ~self._active
        kept = usable.copy()
        kept[first:end] = self._active
        kept[end:] = True
        entry = np.flatnonzero(kept[matrix.column_of] & rows[matrix.row_of])
        gone = np.flatnonzero(is_own & left_out[matrix.column_of] & rows[matrix.row_of])
        used = np.bincount(matrix.row_of[gone], matrix.coefficient[gone], minlength=len(rows))
        bound = np.maximum(matrix.bound - used.astype(np.int64), 0)[rows]
        uses = Entries(
            number[matrix.row_of[entry]], matrix.column_of[entry], matrix.coefficient[entry]
        )
        return Block(uses, bound)

    def _whole_units(self, usable: Bool) -> Block:
        """``u_r + Σ x_s ≤ 1`` round the requests of a unit: all of them, or none."""
        requests = np.flatnonzero(self._active & ~self._is_single[self._unit])
        requests = requests[np.argsort(self._unit[requests], kind="stable")]
        unit = self._unit[requests]
        following = np.roll(requests, -1)
        is_last = np.append(unit[1:] != unit[:-1], True)[: len(unit)]
        following[is_last] = requests[np.searchsorted(unit, unit[is_last])]
        pairs = following != requests
        before, following = requests[pairs], following[pairs]
        row_of = np.full(self._matrix.num_requests, -1, np.int64)
        row_of[following] = np.arange(len(following))
        column = np.flatnonzero(usable[: self._matrix.num_candidates])
        row = row_of[self._matrix.request[column]]
        column, row = column[row >= 0], row[row >= 0]
        every = np.arange(len(before))
        ones = np.ones(len(before), np.int64)
        unplaced = Entries(every, self._matrix.first_unplaced + before, ones)
        uses = Entries(row, column, np.ones(len(column), np.int64))
        return Block(uses.joined(unplaced), ones)

    def _others(self, usable: Bool) -> Block:
        """An option of several requests differs from each earlier one in a place at least."""
        earlier = [
            option
            for unit in np.flatnonzero(~self._is_single).tolist()
            for option in self.options[unit]
            if usable[option].all()
        ]
        column = np.concatenate([np.zeros(0, np.int64), *earlier])
        size = np.array([len(option) for option in earlier], np.int64)
        row = np.repeat(np.arange(len(earlier)), size)
        return Block(Entries(row, column, np.ones(len(column), np.int64)), size - 1)


def _stacked(blocks: list[Block]) -> tuple[Int, Int, Int]:
    """Entries of blocks one below the other: row, column, coefficient."""
    first = np.cumsum([0] + [len(block.bound) for block in blocks])
    rows = [block.entries.row + at for block, at in zip(blocks, first.tolist(), strict=False)]
    return (
        np.concatenate(rows),
        np.concatenate([block.entries.column for block in blocks]),
        np.concatenate([block.entries.coefficient for block in blocks]),
    )
