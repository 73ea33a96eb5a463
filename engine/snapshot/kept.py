"""Which rows of a table are kept, in which of several worlds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from engine.arrays import NONE, Int, Pairs, frozen, rows_taken

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

T = TypeVar("T", bound="DataclassInstance")

_STRIDE = 1 << 36  # more rows than any table has


@dataclass(frozen=True, slots=True)
class Kept:
    """Rows of a table, world by world, then by index; each has a new index: its place here.

    Parameters
    ----------
    key
        int64, ascending: world times a stride, plus row.
    world, row
        int64.
    """

    key: Int
    world: Int
    row: Int

    @classmethod
    def of(cls, world: Int, row: Int) -> Kept:
        """Keep some rows, each once in its world."""
        key = np.unique(world * _STRIDE + row)
        return cls(key, key // _STRIDE, key % _STRIDE)

    def __len__(self) -> int:
        return len(self.key)

    def at(self, world: Int | np.int64, row: Int) -> Int:
        """New index of rows in their worlds, broadcast; -1 of what is not kept, and of -1."""
        key = np.where(row == NONE, NONE, world * _STRIDE + row)
        place = np.searchsorted(self.key, key)
        place[place == len(self.key)] = 0
        if not len(self.key):
            return np.full(key.shape, NONE, np.int64)
        return np.where(self.key[place] == key, place, NONE)

    def taken(self, table: T) -> T:
        """The rows themselves."""
        return rows_taken(table, self.row)


def columns_taken(pairs: Pairs, world: Int, columns: Kept) -> Pairs:
    """Pairs with new columns, those whose column is kept; ``world`` of every row, int64."""
    if not len(pairs.key):
        return Pairs(pairs.key, pairs.value, max(1, len(columns)))
    row, column = np.divmod(pairs.key, max(1, pairs.width))
    new, width = columns.at(world[row], column), max(1, len(columns))
    kept = np.flatnonzero(new != NONE)
    key = row[kept] * width + new[kept]
    order = np.argsort(key, kind="stable")
    return Pairs(frozen(key[order]), frozen(pairs.value[kept][order]), width)
