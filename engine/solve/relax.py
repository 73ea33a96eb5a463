"""Level after level by linear relaxations: what could be reached, and prices that prove it.

Each level is minimised on the face of those above: they are held at their *targets*, the bounds
found so far. Where a plan reaches the targets, the bounds are its own; where it does not, the
same prices bound it, a little lower, since what a level above may cost more is priced too.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from engine.arrays import Bool, Float, Int
from engine.solve.bounds import first_rise
from engine.solve.columns import ColumnGeneration, Relaxation
from engine.solve.limits import Cancel
from engine.solve.matrix import Matrix
from engine.solve.prices import Priced
from engine.solve.programs import Held
from engine.solve.search import MAX_COST, SearchLimits
from engine.solve.standing import Standing, standing_at

_EXCHANGE = 4  # a unit of a level outweighs this many requests at their dearest below

_NEAR = 1e-6
_WHOLE = 0.999

_GLANCES = 3
"""Programs that show who wants an outsider: the model grows then, and all begins anew."""

_COARSE = 1e-4  # the joint relaxation only looks for columns


@dataclass(frozen=True, slots=True)
class Relaxed:
    """What the relaxations of all levels say.

    Parameters
    ----------
    weight
        int64, shape (L,): one cost of all levels, as a guide for searching only.
    priced
        The matrix at prices of every level: none where a level needed none, or was not
        reached; several where plans with other values above were bounded, too. Those of all
        levels together bound the last one.
    guide
        The matrix at the prices by which columns are compared.
    x
        float64, shape (columns,): the fractional plan of the last relaxation.
    targets
        int64, shape (L,): bound of every level, for plans that reach the targets above; 0
        for levels that were not reached.
    is_complete
        Whether the target of every level was reached, with nobody sent to an outsider.
    standing
        Where column generation ended.
    work
        Deterministic seconds.
    """

    weight: Int
    priced: tuple[tuple[Priced, ...], ...]
    guide: Priced
    x: Float
    targets: Int
    is_complete: bool
    standing: Standing
    work: float

    def bounds(self, values: Int, simple: Int) -> Int:
        """Bounds of all levels for a plan with ``values``; at least ``simple``, int64."""
        bounds = simple.copy()
        for level, several in enumerate(self.priced):
            for at_prices in several:
                bounds[level] = max(bounds[level], at_prices.bound(level, values, bounds))
        return bounds

    def with_less(self, row: int, less: int) -> Relaxed:
        """What the same prices say where a row had so much less room."""
        priced = tuple(
            tuple(at_prices.with_less(row, less) for at_prices in several)
            for several in self.priced
        )
        return replace(self, priced=priced)

    def useful(self, level: int, values: Int, bounds: Int) -> Bool:
        """Columns that a plan can take that is better at ``level`` and no worse above; bool,
        shape (columns,).
        """
        useful = np.ones(len(self.x), np.bool_)
        for at_prices in self.priced[level]:
            useful &= at_prices.useful(level, values, bounds)
        return useful

    @property
    def whole(self) -> Int:
        """Columns that the fractional plan chooses as a whole; int64, ascending."""
        return np.flatnonzero(self.x > _WHOLE)

    def wants_more(self, matrix: Matrix) -> Int:
        """Requests that the fractional plan sends to an outsider; int64, ascending."""
        users = np.flatnonzero(self.x[matrix.outsiders] > _NEAR)
        return np.unique(matrix.request[matrix.outsiders][users])


def relax(
    matrix: Matrix,
    first: Int,
    limits: SearchLimits,
    cancel: Cancel | None = None,
) -> Relaxed | None:
    """Solve the relaxations of all levels; ``None`` where there is none, or no time for any.

    Parameters
    ----------
    first
        int64: columns of a plan.
    limits, cancel
        When to stop.
    """
    weight = search_weights(matrix)
    if weight is None:
        return None
    columns = ColumnGeneration(matrix, standing_at(matrix, first, weight), limits, cancel)
    joint = None
    if matrix.num_outsiders:
        joint = columns.solve(weight, [], tolerance=_COARSE, forgets=True, rounds=_GLANCES)
    if joint is None or not np.any(joint.x[matrix.outsiders] > _NEAR):
        joint = columns.solve(weight, [], tolerance=_COARSE, forgets=True)
    if joint is None:
        return None
    chain = _Chain(matrix, columns, joint)
    if not np.any(joint.x[matrix.outsiders] > _NEAR):  # otherwise the model must grow first
        chain.descend()
    return Relaxed(
        weight=weight,
        priced=tuple(tuple(several) for several in chain.priced),
        guide=chain.guide,
        x=chain.x,
        targets=np.array(chain.targets + [0] * matrix.num_levels)[: matrix.num_levels],
        is_complete=len(chain.targets) == matrix.num_levels,
        standing=columns.standing,
        work=columns.work,
    )


def relax_below(
    matrix: Matrix,
    relaxed: Relaxed,
    values: Int,
    bounds: Int,
    limits: SearchLimits,
    cancel: Cancel | None = None,
) -> Relaxed:
    """Prices for plans that miss the targets: each level above lies between bound and value.

    Where a plan costs more than the target of a level, the prices of those below say little of
    it: what is spent above could be saved there.

    Parameters
    ----------
    values, bounds
        int64, shape (L,): of the plan.
    limits, cancel
        When to stop.

    Returns
    -------
    Relaxed
        With more prices, as far as time allows.
    """
    columns = ColumnGeneration(matrix, relaxed.standing, limits, cancel)
    several, least = list(relaxed.priced), bounds.copy()
    for level in range(first_rise(bounds, values) + 1, matrix.num_levels):
        if least[level] == values[level]:
            continue
        held = [
            Held(above, int(least[above]), int(values[above]))
            for above in range(level)
            if matrix.cost[above].any()
        ]
        found = columns.solve(_only(level, matrix.num_levels), held)
        if found is None:
            break
        several[level] = (*several[level], found.priced)
        least[level] = max(least[level], found.priced.bound(level, values, least))
    work = relaxed.work + columns.work
    return replace(relaxed, priced=tuple(several), standing=columns.standing, work=work)


def _only(level: int, num_levels: int) -> Int:
    """Weights of one level alone; int64, shape (L,)."""
    weight = np.zeros(num_levels, np.int64)
    weight[level] = 1
    return weight


def search_weights(matrix: Matrix) -> Int | None:
    """Weights that prefer the upper levels in all but freak cases; ``None`` if too large.

    They steer the search. What is better, and what is proven, is decided level by level.
    """
    weight = np.ones(matrix.num_levels, np.int64)
    below = matrix.cost[-1].copy()
    for level in range(matrix.num_levels - 2, -1, -1):
        dearest = int(below.max(initial=0))
        if dearest * matrix.num_columns >= MAX_COST:
            return None
        weight[level] = 1 + _EXCHANGE * dearest
        if int(weight[level]) * int(matrix.cost[level].max(initial=0)) >= MAX_COST:
            return None
        below += weight[level] * matrix.cost[level]
    return weight


class _Chain:
    """The walk down the levels, each held at its target for those below."""

    def __init__(self, matrix: Matrix, columns: ColumnGeneration, joint: Relaxation) -> None:
        self.targets: list[int] = []
        self.priced: list[list[Priced]] = [[] for _ in range(matrix.num_levels)]
        self.priced[-1] = [joint.priced]  # all levels at once bound the last one
        self.x, self.guide = joint.x, joint.priced
        self._matrix = matrix
        self._columns = columns

    def descend(self) -> None:
        """Find the target of every level, as far as time allows."""
        matrix = self._matrix
        for level in range(matrix.num_levels):
            simple = self._simple(level)
            if not self._reaches(level, simple):
                found = self._columns.solve(_only(level, matrix.num_levels), self._held())
                if found is None:
                    return
                self.priced[level].append(found.priced)
                self.x, self.guide = found.x, found.priced
                known = np.array(self.targets, np.int64)
                simple = max(simple, found.priced.bound(level, known, known))
            self.targets.append(simple)

    def _simple(self, level: int) -> int:
        """Every request at its cheapest."""
        own = len(self._matrix.request)
        cheapest = np.full(self._matrix.num_requests, np.iinfo(np.int64).max)
        np.minimum.at(cheapest, self._matrix.request, self._matrix.cost[level, :own])
        return int(cheapest.sum())

    def _reaches(self, level: int, target: int) -> bool:
        """Whether the fractional plan meets a target here, and those above."""
        worth = self._matrix.cost[: level + 1] @ self.x
        return bool(np.all(worth <= np.array([*self.targets, target]) + _NEAR))

    def _held(self) -> list[Held]:
        matrix = self._matrix
        return [
            Held(level, target, target)
            for level, target in enumerate(self.targets)
            if matrix.cost[level].any()
        ]
