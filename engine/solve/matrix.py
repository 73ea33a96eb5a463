"""The one matrix every solver reads: columns, rows, and a cost vector per level."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import reduce

import numpy as np

from engine.arrays import Bool, Int, Ragged
from engine.candidates import Candidates
from engine.costs import unplaced_costs
from engine.policy import Policy
from engine.rows import Entries, Rows
from engine.rules import StepRule
from engine.shortlist import Shortlist
from engine.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Matrix:
    """Binary columns, ``A·x ≤ b``, one place per request, and costs to minimise by level.

    Columns come in four blocks: candidates x; outsiders y, which stand for candidates that
    are left out; u, a request left unplaced each; auxiliary z, which no request owns. For
    every request
    ``Σ x + Σ y + u = 1``. A solution with an outsider is no plan, but its value bounds all
    plans.

    Parameters
    ----------
    num_candidates, num_outsiders, num_requests
        Sizes of the first three blocks.
    request
        int64, of every column of the first three blocks: whose it is, from 0.
    row_of, column_of, coefficient
        int64, shape (E,): entries of A, by row, then column.
    bound
        int64, shape (M,), ≥ 0.
    cost
        int64 ≥ 0, shape (L, columns): costs, level by level.
    """

    num_candidates: int
    num_outsiders: int
    num_requests: int
    request: Int
    row_of: Int
    column_of: Int
    coefficient: Int
    bound: Int
    cost: Int

    @property
    def num_columns(self) -> int:
        """Number of columns of all blocks."""
        return self.cost.shape[1]

    @property
    def num_rows(self) -> int:
        """Number of rows of A."""
        return len(self.bound)

    @property
    def num_levels(self) -> int:
        """Number of levels."""
        return len(self.cost)

    @property
    def outsiders(self) -> slice:
        """Columns of the outsiders."""
        return slice(self.num_candidates, self.num_candidates + self.num_outsiders)

    @property
    def first_unplaced(self) -> int:
        """Column of the first request left unplaced."""
        return self.num_candidates + self.num_outsiders

    def values(self, chosen: Bool) -> Int:
        """Value of every level for a solution, bool, shape (columns,); int64, shape (L,)."""
        return self.cost[:, chosen].sum(axis=1)

    def is_feasible(self, chosen: Bool) -> bool:
        """Whether a solution satisfies every row and gives every request one column."""
        weight = np.where(chosen[self.column_of], self.coefficient, 0)
        use = np.bincount(self.row_of, weight, minlength=self.num_rows)
        taken = np.bincount(self.request[chosen[: len(self.request)]], minlength=self.num_requests)
        return bool(np.all(use <= self.bound) and np.all(taken == 1))

    def with_rows(self, kept: Bool) -> Matrix:
        """The same columns under those rows only."""
        entry, number = kept[self.row_of], np.cumsum(kept) - 1
        return replace(
            self,
            row_of=number[self.row_of[entry]],
            column_of=self.column_of[entry],
            coefficient=self.coefficient[entry],
            bound=self.bound[kept],
        )


def build_matrix(snapshot: Snapshot, policy: Policy, listed: Shortlist, requests: Int) -> Matrix:
    """Put the rows of every constraint and the costs of every objective into one matrix.

    Rows that can never bind are left out.

    Parameters
    ----------
    listed
        Candidates and outsiders of ``requests``.
    requests
        int64 indices, ascending: the requests to place.
    """
    candidates = listed.candidates
    stack = _Stack(snapshot, policy, listed, requests)
    for level, rows, costs in _all_rows(snapshot, policy, candidates):
        stack.add(level, rows, costs)
    entries = reduce(Entries.joined, stack.blocks)
    order = np.lexsort((entries.column, entries.row))
    owner = np.concatenate([candidates.request, listed.outsider_request, requests])
    own_costs = (listed.cost, listed.outsider_cost, unplaced_costs(snapshot, policy)[:, requests])
    matrix = Matrix(
        num_candidates=len(candidates),
        num_outsiders=len(listed.outsider_request),
        num_requests=len(requests),
        request=np.searchsorted(requests, owner),
        row_of=entries.row[order],
        column_of=entries.column[order],
        coefficient=entries.coefficient[order],
        bound=np.concatenate(stack.bounds),
        cost=np.concatenate([*own_costs, *stack.costs], axis=1),
    )
    return without_idle_rows(matrix)


class _Stack:
    """Rows of one rule below those of the other, with their auxiliary columns side by side.

    Parameters
    ----------
    blocks, bounds
        Entries and bounds of all rows so far.
    costs
        int64, shape (L, columns) each: what auxiliary columns cost.
    """

    def __init__(
        self, snapshot: Snapshot, policy: Policy, listed: Shortlist, requests: Int
    ) -> None:
        self.blocks = [Entries.none()]
        self.bounds = [np.zeros(0, np.int64)]
        self.costs: list[Int] = []
        self._requests = requests
        self._outsiders = Ragged.grouping(listed.outsider_request, snapshot.num_requests)
        self._first_outsider = len(listed.candidates)
        self._first_unplaced = self._first_outsider + len(listed.outsider_request)
        self._num_levels = len(policy.levels)
        self._num_rows, self._num_columns = 0, self._first_unplaced + len(requests)

    def add(self, level: int, rows: Rows, costs: Mapping[int, int]) -> None:
        """Put rows below; ``costs``, at ``level``, of their auxiliary columns by key."""
        keys, number = np.unique(rows.auxiliary.column, return_inverse=True)
        for part, column in self._parts(rows, self._num_columns + number):
            self.blocks.append(Entries(part.row + self._num_rows, column, part.coefficient))
        self.bounds.append(rows.bound)
        cost = np.zeros((self._num_levels, len(keys)), np.int64)
        if costs:
            cost[level] = [costs[key] for key in keys.tolist()]
        self.costs.append(cost)
        self._num_rows += len(rows)
        self._num_columns += len(keys)

    def _parts(self, rows: Rows, auxiliary: Int) -> Iterator[tuple[Entries, Int]]:
        """Entries block by block, and their columns of the matrix; those of ``auxiliary`` ones."""
        yield rows.candidates, rows.candidates.column
        yield rows.auxiliary, auxiliary
        is_to_place = np.isin(rows.unplaced.column, self._requests)
        left = rows.unplaced.where(np.flatnonzero(is_to_place))
        yield left, self._first_unplaced + np.searchsorted(self._requests, left.column)
        which, outsider = self._outsiders.expand(rows.left_out.column)
        yield rows.left_out.where(which), self._first_outsider + outsider


def _all_rows(
    snapshot: Snapshot, policy: Policy, candidates: Candidates
) -> Iterator[tuple[int, Rows, Mapping[int, int]]]:
    """Rows of every rule; of an objective, its level and the cost of its auxiliary columns."""
    for constraint in policy.constraints:
        yield 0, constraint.rows(snapshot, candidates), {}
    for objective in policy.objectives:
        if isinstance(objective, StepRule):
            rows, costs = objective.steps(snapshot, candidates)
            yield policy.levels.index(objective.level), rows, costs


def without_idle_rows(matrix: Matrix) -> Matrix:
    """Leave out rows that no choice can violate.

    A request takes one column, so it adds its largest coefficient at most.
    """
    num_auxiliary = matrix.num_columns - len(matrix.request)
    own = matrix.num_requests + np.arange(num_auxiliary)
    owner = np.concatenate([matrix.request, own])[matrix.column_of]
    order = np.lexsort((owner, matrix.row_of))
    row, who = matrix.row_of[order], owner[order]
    is_first = np.ones(len(order), np.bool_)
    is_first[1:] = (row[1:] != row[:-1]) | (who[1:] != who[:-1])
    begins = np.flatnonzero(is_first)
    if not len(begins):
        return matrix.with_rows(np.zeros(matrix.num_rows, np.bool_))
    largest = np.maximum(np.maximum.reduceat(matrix.coefficient[order], begins), 0)
    reach = np.bincount(row[begins], largest, minlength=matrix.num_rows)
    return matrix.with_rows(reach > matrix.bound)
