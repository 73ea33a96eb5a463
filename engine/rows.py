"""Sparse linear rows: how a coupling rule says itself, once for every solver."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from engine.arrays import Bool, Int


@dataclass(frozen=True, slots=True)
class Entries:
    """Coefficients; int64, shape (E,).

    Parameters
    ----------
    row
        Index of the row.
    column
        Index of a candidate, or of a request, or the key of an auxiliary column.
    coefficient
        The number.
    """

    row: Int
    column: Int
    coefficient: Int

    @classmethod
    def none(cls) -> Entries:
        """No coefficients."""
        empty = np.zeros(0, np.int64)
        return cls(empty, empty, empty)

    def where(self, chosen: Int) -> Entries:
        """The chosen ones, by index."""
        return Entries(self.row[chosen], self.column[chosen], self.coefficient[chosen])

    def renumbered(self, row: Int) -> Entries:
        """The same, with other indices of the rows."""
        return Entries(row[self.row], self.column, self.coefficient)

    def joined(self, other: Entries) -> Entries:
        """These and others."""
        return Entries(
            np.concatenate([self.row, other.row]),
            np.concatenate([self.column, other.column]),
            np.concatenate([self.coefficient, other.coefficient]),
        )


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows ``Σ a·x + Σ b·z + Σ c·u ≤ bound`` over binary columns.

    A row's key and bound depend on the snapshot alone, so that rows of several chunks of
    candidates agree. Use that cannot move is subtracted from the bound already, which is
    never negative: leaving everybody unplaced is always feasible.

    Parameters
    ----------
    key
        int64, shape (M,), ascending: the row's name within its rule.
    bound
        int64, shape (M,), ≥ 0.
    candidates
        Coefficients of candidates x. A negative one makes room for others of its row.
    auxiliary
        Coefficients of auxiliary binary columns z, by the key of the column. A negative
        one opens its row: ``Σ x − seats · z ≤ 0``.
    unplaced
        Coefficients of u, a request left unplaced, by the index of the request; open
        requests only.
    left_out
        Least coefficients, below 0, that candidates of a request may have which are not
        listed; by the index of the request. Without it a row would ask too much where only
        some candidates are in the model.
    """

    key: Int
    bound: Int
    candidates: Entries
    auxiliary: Entries = field(default_factory=Entries.none)
    unplaced: Entries = field(default_factory=Entries.none)
    left_out: Entries = field(default_factory=Entries.none)

    def __len__(self) -> int:
        return len(self.key)

    @classmethod
    def none(cls) -> Rows:
        """No rows."""
        empty = np.zeros(0, np.int64)
        return cls(empty, empty, Entries.none())

    def joined(self, other: Rows) -> Rows:
        """These rows and others of the same rule, with other keys."""
        keys = np.concatenate([self.key, other.key])
        place = np.argsort(np.argsort(keys))
        mine, theirs = place[: len(self)], place[len(self) :]
        bound = np.empty(len(keys), np.int64)
        bound[mine], bound[theirs] = self.bound, other.bound
        parts = (
            self_part.renumbered(mine).joined(other_part.renumbered(theirs))
            for self_part, other_part in (
                (self.candidates, other.candidates),
                (self.auxiliary, other.auxiliary),
                (self.unplaced, other.unplaced),
                (self.left_out, other.left_out),
            )
        )
        return Rows(np.sort(keys), bound, *parts)

    def blocked(self, num_candidates: int) -> Bool:
        """Candidates that fit into a row by no choice of the others; bool, shape (C,)."""
        opens = np.zeros(len(self), np.int64)
        for part in (self.candidates, self.auxiliary):
            np.subtract.at(opens, part.row, np.minimum(part.coefficient, 0))
        uses = self.candidates
        too_much = uses.coefficient > (self.bound + opens)[uses.row]
        found = np.zeros(num_candidates, np.bool_)
        found[uses.column[too_much]] = True
        return found


def at_most(key: Int, column: Int, room_key: Int, room: Int, default: int = 0) -> Rows:
    """Rows that count candidates against a room.

    Parameters
    ----------
    key, column
        int64, shape (E,): one use of the row ``key`` by the candidate ``column`` each.
    room_key, room
        int64, shape (N,): bounds, by ascending key.
    default
        Bound of rows that ``room_key`` does not name.
    """
    keys, row = np.unique(key, return_inverse=True)
    bound = np.full(len(keys), default, np.int64)
    _, here, there = np.intersect1d(keys, room_key, assume_unique=True, return_indices=True)
    bound[here] = room[there]
    uses = Entries(row.astype(np.int64), column, np.ones(len(column), np.int64))
    return Rows(keys, bound, uses)
