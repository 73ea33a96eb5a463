"""Places around cells: daily caps, for instance, that every visit in some cells counts for.

What a cap leaves of a day is known before any candidate is listed, and so is which cells lie in it.
So a field keeps its caps, and a candidate that is left out is told what a seat of its day costs.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import reduce

import numpy as np

from engine.arrays import Int
from engine.policy import Policy
from engine.rules import AroundCells
from engine.snapshot import Snapshot
from engine.solve.assignment import Assignment
from engine.solve.nested import nesting


@dataclass(frozen=True, slots=True)
class Around:
    """Places that nest around cells.

    Parameters
    ----------
    seats
        int64, shape (N,): visits that each takes.
    parent
        int64, shape (N,): the next larger one that each lies in; N: none.
    of_cell
        int64, shape (K,): the smallest one around every cell of the snapshot; N: none.
    """

    seats: Int
    parent: Int
    of_cell: Int

    @classmethod
    def of(cls, snapshot: Snapshot, policy: Policy) -> Around:
        """What the constraints of a policy say of cells; nothing where that does not nest."""
        num_cells = len(snapshot.sessions.cell_start)
        rules = [rule for rule in policy.constraints if isinstance(rule, AroundCells)]
        rows = [rule.around(snapshot) for rule in rules]
        seats = np.concatenate([np.zeros(0, np.int64), *(one.bound for one in rows)])
        before = np.cumsum([0, *(len(one) for one in rows)])
        cell = np.concatenate([np.zeros(0, np.int64), *(one.candidates.column for one in rows)])
        row = [one.candidates.row + first for one, first in zip(rows, before, strict=False)]
        nested = nesting(cell, np.concatenate([np.zeros(0, np.int64), *row]), num_cells, len(seats))
        return cls.nothing(num_cells) if nested is None else cls(seats, nested[1], nested[0])

    @classmethod
    def nothing(cls, num_cells: int) -> Around:
        """No places around so many cells."""
        return cls(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(num_cells, np.int64))

    def chain(self, cell: Int) -> Int:
        """Places around some cells, at any distance; int64, ascending."""
        found, inner = [np.zeros(0, np.int64)], np.unique(self.of_cell[cell])
        while len(inner := inner[inner < len(self.seats)]):
            found.append(inner)
            inner = np.unique(self.parent[inner])
        return reduce(np.union1d, found)

    def beside(self, assignment: Assignment, cell: Int) -> Assignment:
        """An assignment whose places are cells (int64, shape (P,)), with those around them behind
        its own.
        """
        outer, num_cells = self.chain(cell), len(cell)
        if not len(outer):
            return assignment
        place = np.full(len(self.seats) + 1, num_cells + len(outer))
        place[outer] = num_cells + np.arange(len(outer))
        nowhere = assignment.place == num_cells
        return replace(
            assignment,
            place=np.where(nowhere, num_cells + len(outer), assignment.place),
            seats=np.append(assignment.seats, self.seats[outer]),
            parent=place[np.append(self.of_cell[cell], self.parent[outer])],
        )

    def prices(self, cell: Int, price: Int) -> Int:
        """Price of a seat of every cell, those without listed candidates too; int64, shape (K,).

        Parameters
        ----------
        cell
            int64, shape (P,): places that are cells.
        price
            int64, of these, and of the places around them where they take part: of each with all
            that it lies in.
        """
        every = np.zeros(len(self.of_cell), np.int64)
        if len(price) > len(cell):
            around = np.zeros(len(self.seats) + 1, np.int64)
            around[self.chain(cell)] = price[len(cell) :]
            every = around[self.of_cell]
        every[cell] = price[: len(cell)]
        return every
