"""Array types, and two ways to store a relation between indices."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

Int = NDArray[np.int64]
Float = NDArray[np.float64]
Bool = NDArray[np.bool_]

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

A = TypeVar("A", bound=NDArray[Any])
T = TypeVar("T", bound="DataclassInstance")

NONE = -1
"""Index that stands for "there is none"."""


def ints(values: Iterable[int]) -> Int:
    """Read-only int64 array of ``values``."""
    return frozen(np.fromiter(values, np.int64))


def frozen(array: A) -> A:
    """``array``, made read-only."""
    array.setflags(write=False)
    return array


@dataclass(frozen=True, slots=True)
class Ragged:
    """Rows of different lengths.

    Parameters
    ----------
    offset
        int64, shape (rows + 1,): row ``i`` is ``value[offset[i]:offset[i + 1]]``.
    value
        int64, all rows one after the other.
    """

    offset: Int
    value: Int

    @classmethod
    def of(cls, rows: Iterable[Sequence[int]]) -> Ragged:
        """Store ``rows``."""
        kept = [list(row) for row in rows]
        offset = np.concatenate([[0], np.cumsum([len(row) for row in kept], dtype=np.int64)])
        return cls(frozen(offset.astype(np.int64)), ints(v for row in kept for v in row))

    @classmethod
    def grouping(cls, group: Int, num_groups: int) -> Ragged:
        """Sort indices by their group: row ``g`` lists every ``i`` with ``group[i] == g``."""
        order = np.argsort(group, kind="stable")
        offset = np.searchsorted(group[order], np.arange(num_groups + 1))
        return cls(frozen(offset.astype(np.int64)), frozen(order.astype(np.int64)))

    @property
    def is_empty(self) -> Bool:
        """Whether each row is empty, bool, shape (rows,)."""
        return np.diff(self.offset) == 0

    def row(self, index: int) -> Int:
        """Row ``index``."""
        return self.value[self.offset[index] : self.offset[index + 1]]

    def expand(self, rows: Int) -> tuple[Int, Int]:
        """Walk the given rows one after the other.

        Returns
        -------
        place, value
            int64: position in ``rows``, and the value found there.
        """
        length = self.offset[rows + 1] - self.offset[rows]
        place = np.repeat(np.arange(len(rows)), length)
        return place, self.value[ranges(self.offset[rows], length)]

    def take(self, rows: Int) -> Ragged:
        """The given rows, in that order; a row named twice is there twice."""
        if not len(self.value):
            return Ragged(frozen(np.zeros(len(rows) + 1, np.int64)), self.value)
        length = self.offset[rows + 1] - self.offset[rows]
        offset = np.concatenate([[0], np.cumsum(length)]).astype(np.int64)
        return Ragged(frozen(offset), frozen(self.value[ranges(self.offset[rows], length)]))

    def joined(self, others: Ragged) -> Ragged:
        """These rows, then the others."""
        offset = np.concatenate([self.offset, self.offset[-1] + others.offset[1:]])
        return Ragged(frozen(offset), frozen(np.concatenate([self.value, others.value])))

    def holds(self, rows: Int, value: Int) -> Bool:
        """Whether some rows hold a value each; bool, the shape of ``rows`` and ``value`` (N,)."""
        place, found = self.expand(rows)
        holds = np.zeros(len(rows), np.bool_)
        holds[place[found == value[place]]] = True
        return holds

    def touch(self, chosen: Bool) -> Bool:
        """Whether each row holds a chosen value.

        Parameters
        ----------
        chosen
            bool, shape (n, width): sets of values.

        Returns
        -------
        bool, shape (n, rows)
        """
        held = np.zeros((len(chosen), len(self.value) + 1), np.int64)
        np.cumsum(chosen[:, self.value], axis=1, out=held[:, 1:])
        found: Bool = held[:, self.offset[1:]] > held[:, self.offset[:-1]]
        return found

    def mask(self, width: int) -> Bool:
        """Membership, bool, shape (rows, width)."""
        found = np.zeros((len(self.offset) - 1, width), np.bool_)
        row = np.repeat(np.arange(len(found)), np.diff(self.offset))
        found[row, self.value] = True
        return found


@dataclass(frozen=True, slots=True)
class Pairs:
    """Values of sparse pairs (row, column), looked up in bulk.

    Parameters
    ----------
    key
        int64, ascending: ``row * width + column``.
    value
        int64, of every key.
    width
        Number of columns.
    """

    key: Int
    value: Int
    width: int

    @classmethod
    def of(cls, pairs: Mapping[tuple[int, int], int], width: int) -> Pairs:
        """Store ``pairs``; columns are below ``width``."""
        keys = ints(row * width + column for row, column in pairs)
        order = np.argsort(keys, kind="stable")
        return cls(frozen(keys[order]), frozen(ints(pairs.values())[order]), width)

    def get(self, row: ArrayLike, column: ArrayLike, default: int) -> Int:
        """Value of each pair (broadcast), ``default`` where there is none.

        A negative row or column is nobody: it has no pair.
        """
        if not len(self.key):
            return np.full(np.broadcast_shapes(np.shape(row), np.shape(column)), default, np.int64)
        rows, columns = np.asarray(row, np.int64), np.asarray(column, np.int64)
        keys = np.where((rows < 0) | (columns < 0), NONE, rows * self.width + columns)
        place = np.minimum(np.searchsorted(self.key, keys), len(self.key) - 1)
        return np.where(self.key[place] == keys, self.value[place], default)

    def take(self, rows: Int) -> Pairs:
        """Pairs of the given rows, numbered anew in that order."""
        if not len(self.key):
            return self
        first = np.searchsorted(self.key, rows * self.width)
        length = np.searchsorted(self.key, (rows + 1) * self.width) - first
        kept = ranges(first, length)
        shift = np.repeat((np.arange(len(rows)) - rows) * self.width, length)
        return Pairs(frozen(self.key[kept] + shift), frozen(self.value[kept]), self.width)

    def joined(self, others: Pairs, num_rows: int) -> Pairs:
        """These pairs, of so many rows, then those of further rows."""
        key = np.concatenate([self.key, others.key + num_rows * self.width])
        value = np.concatenate([self.value, others.value])
        return Pairs(frozen(key), frozen(value), self.width)

    def has(self, row: ArrayLike, column: ArrayLike) -> Bool:
        """Whether each pair (broadcast) is stored, with a value of 0 or more."""
        return self.get(row, column, NONE) != NONE


def rows_taken(table: T, rows: Int) -> T:
    """The given rows of a struct of arrays, in that order; a row named twice is there twice.

    Parameters
    ----------
    table
        A dataclass, each field a tuple, an array, ``Ragged`` or ``Pairs`` with a row for each.
    rows
        int64 indices.
    """
    return type(table)(*(_taken(getattr(table, name), rows) for name in _names(type(table))))


@cache
def _names(table: type[DataclassInstance]) -> tuple[str, ...]:
    return tuple(field.name for field in fields(table))


def _taken(column: Any, rows: Int) -> Any:
    if isinstance(column, Ragged | Pairs):
        return column.take(rows)
    if isinstance(column, tuple):
        return tuple(column[row] for row in rows.tolist())
    return frozen(column[rows])


def rows_joined(table: T, others: T) -> T:
    """All rows of a struct of arrays, then those of another.

    Parameters
    ----------
    table, others
        As in ``rows_taken``; the first field is a tuple.
    """
    names = _names(type(table))
    num_rows = len(getattr(table, names[0]))
    pairs = ((getattr(table, name), getattr(others, name)) for name in names)
    return type(table)(*(_joined(mine, theirs, num_rows) for mine, theirs in pairs))


def _joined(mine: Any, theirs: Any, num_rows: int) -> Any:
    if isinstance(mine, Pairs):
        return mine.joined(theirs, num_rows)
    if isinstance(mine, Ragged):
        return mine.joined(theirs)
    if isinstance(mine, tuple):
        return mine + theirs
    return frozen(np.concatenate([mine, theirs]))


def positions_in(rows: Int, values: Int) -> Int:
    """Position of every value in ``rows``, the first if it is there twice; ``NONE`` stays.

    Every other value is there.
    """
    order = np.argsort(rows, kind="stable")
    place = np.minimum(np.searchsorted(rows[order], values), len(rows) - 1)
    return np.where(values == NONE, NONE, order[place])


def ranges(start: Int, length: Int) -> Int:
    """Concatenate ``start[i], start[i] + 1, …`` of ``length[i]`` numbers each."""
    before = np.cumsum(length) - length
    numbers: Int = np.repeat(start - before, length)
    return numbers + np.arange(len(numbers), dtype=np.int64)


def distinct(values: Int) -> tuple[Int, Int]:
    """Indices that occur, and which of them each is: ``np.unique`` by counting, without sorting.

    Parameters
    ----------
    values
        int64 ≥ 0, of any shape.

    Returns
    -------
    found, place
        int64: ascending; and the position in ``found`` of every value, in the shape of ``values``.
    """
    found = np.flatnonzero(np.bincount(values.ravel()))
    place = np.zeros(int(np.max(found, initial=-1)) + 1, np.int64)
    place[found] = np.arange(len(found))
    return found, place[values]


def stretches(values: Int) -> tuple[Int, Int]:
    """Cut an array where its value changes.

    Returns
    -------
    head, stretch
        int64: index of the first of each stretch of equal values; the stretch of every value.
    """
    is_head = np.ones(len(values), np.bool_)
    is_head[1:] = values[1:] != values[:-1]
    return np.flatnonzero(is_head), np.cumsum(is_head) - 1


def meets(left: Bool, right: Bool) -> Bool:
    """Whether each row of ``left`` shares a true column with each row of ``right``.

    Parameters
    ----------
    left, right
        bool, shapes (n, k) and (m, k).

    Returns
    -------
    bool, shape (n, m)
    """
    return (left.astype(np.float32) @ right.astype(np.float32).T) > 0
