"""The linear relaxation of a component, by column generation.

The program begins with the cheapest columns of every request. At the prices it ends with, all
others are priced at once, and of each request those are added that beat every one it has, until
none does, or what is proven is as good as what could be.
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from engine.arrays import Float, Int
from engine.solve.limits import Cancel
from engine.solve.linear_solvers import (
    AT_LOWER,
    BASIC,
    Basis,
    LinearAnswer,
    solve_linear,
)
from engine.solve.matrix import Matrix
from engine.solve.prices import Priced, priced, rounded
from engine.solve.programs import Held, Programs
from engine.solve.search import SearchLimits
from engine.solve.standing import Standing

ADDED, MORE_ADDED = 10, 30
"""Columns added per request and round: while only columns are looked for, and afterwards, when few
requests want any.
"""

KEPT = 30
"""Columns of each request that stay while only columns are looked for: the dearest leave."""

MAX_ROUNDS = 60
"""Programs per relaxation."""

_NOISE = 1e-9  # of the solver's own optimum


@dataclass(frozen=True, slots=True)
class Relaxation:
    """A linear relaxation, solved.

    Parameters
    ----------
    x
        float64, shape (columns,): what the solver calls optimal.
    priced
        The matrix at the prices that prove most.
    """

    x: Float
    priced: Priced


@dataclass(frozen=True, slots=True)
class _Proof:
    """What prices of a program prove.

    Parameters
    ----------
    dual
        float64: the prices, of all rows of the program.
    at_prices
        The matrix at these prices, made whole numbers.
    lowest
        Least ``Σ weight_l·value_l``, in parts of a unit.
    """

    dual: Float
    at_prices: Priced
    lowest: int

    @property
    def proven(self) -> float:
        """The same in units."""
        return self.lowest / self.at_prices.prices.scale


class ColumnGeneration:
    """Relaxations of one matrix; what one of them needed is there for the next.

    Parameters
    ----------
    matrix
        The component.
    begin
        Columns to begin with (``standing_at``), or where an earlier one stands.
    limits, cancel
        When to stop.
    """

    def __init__(
        self,
        matrix: Matrix,
        begin: Standing,
        limits: SearchLimits,
        cancel: Cancel | None = None,
    ) -> None:
        self.work = 0.0
        self._matrix = matrix
        self._limits = limits
        self._cancel = cancel
        self._began = time.monotonic()
        self._programs = Programs(matrix)
        self._active = begin.active.copy()
        self._at = begin.at

    @property
    def standing(self) -> Standing:
        """Where it is now."""
        return Standing(self._active.copy(), self._at)

    def solve(
        self,
        weight: Int,
        held: Sequence[Held],
        tolerance: float = 1e-5,
        *,
        forgets: bool = False,
        rounds: int = MAX_ROUNDS,
    ) -> Relaxation | None:
        """Minimise ``Σ weight_l·value_l`` with some levels held; ``None`` where that failed.

        Parameters
        ----------
        weight, held
            int64, shape (L,); and the levels held.
        tolerance, rounds
            Share of the optimum that may stay unproven; most programs to solve.
        forgets
            Whether only columns are looked for: those that are dear leave the program, and it is
            enough that the optimum hardly falls any more.
        """
        found, best, value = None, None, math.inf
        for _ in range(rounds):
            answer = self._restricted(weight, held)
            if answer is None:
                break
            proofs = list(self._proofs(weight, held, _near(answer.dual, best)))
            best = _best([best, *proofs])
            if best is None:
                break
            found = Relaxation(self._whole(answer.x), best.at_prices)
            if _is_enough(answer.value, best.proven, tolerance):
                break
            if forgets and value - answer.value <= tolerance * abs(answer.value):
                break
            value = answer.value
            if not self._exchange([proof.at_prices for proof in proofs], forgets=forgets):
                break
        return found

    def _whole(self, x: Float) -> Float:
        """Values of the active columns among those of all."""
        whole = np.zeros(self._matrix.num_columns)
        whole[self._active] = x
        return whole

    def _proofs(self, weight: Int, held: Sequence[Held], duals: list[Float]) -> Iterator[_Proof]:
        """What prices prove, as far as they can be made whole numbers."""
        for dual in duals:
            at_prices = self._priced(weight, held, dual)
            if at_prices is not None:
                yield _Proof(dual, at_prices, _lowest(at_prices, weight, held))

    def _exchange(self, proofs: list[Priced], *, forgets: bool) -> bool:
        """Let columns in and out; whether any came in."""
        if forgets and proofs:
            self._forget(proofs[0].excess)
        added = ADDED if forgets else MORE_ADDED
        return sum(self._add(at_prices.excess, added) for at_prices in proofs) > 0

    def _restricted(self, weight: Int, held: Sequence[Held]) -> LinearAnswer | None:
        """The program of the active columns, solved."""
        columns = np.flatnonzero(self._active)
        program = self._programs.of(columns, weight, held)
        seconds, work = self._left()
        if work <= 0 or (seconds is not None and seconds <= 0):
            return None
        answer = solve_linear(program, seconds, work, self._cancel, self._start(columns))
        if answer is not None:
            self.work += answer.work
            self._stand(columns, answer.basis)
        return answer

    def _start(self, columns: Int) -> Basis | None:
        """Where the last program ended; the next one has the same rows."""
        if self._at is None:
            return None
        at = Basis(self._at.column[columns], self._at.row)
        num_basic = int((at.column == BASIC).sum() + (at.row == BASIC).sum())
        return at if num_basic == len(at.row) else None

    def _stand(self, columns: Int, basis: Basis | None) -> None:
        """Keep in mind where a program ended."""
        self._at = None
        if basis is not None:
            at = np.full(self._matrix.num_columns, AT_LOWER, np.int64)
            at[columns] = basis.column
            self._at = Basis(at, basis.row)

    def _left(self) -> tuple[float | None, float]:
        """Seconds and work that are left; nothing where somebody asked to stop."""
        if self._cancel is not None and self._cancel.is_set():
            return 0.0, 0.0
        work, seconds = self._limits.deterministic_seconds - self.work, self._limits.seconds
        if seconds is None:
            return None, work
        return seconds - (time.monotonic() - self._began), work

    def _priced(self, weight: Int, held: Sequence[Held], dual: Float) -> Priced | None:
        matrix, worth = self._matrix, weight.astype(np.float64)
        dual = dual[matrix.num_requests :]
        price = dict(
            zip(self._programs.levels.tolist(), dual[matrix.num_rows :].tolist(), strict=True)
        )
        for hold in held:
            worth[hold.level] -= price[hold.level]
        prices = rounded(matrix, worth, -dual[: matrix.num_rows])
        return None if prices is None else priced(matrix, prices)

    def _forget(self, excess: Int) -> None:
        """Keep the cheapest active columns of each request."""
        matrix = self._matrix
        active = np.flatnonzero(self._active[: matrix.first_unplaced])
        order = active[np.lexsort((excess[active], matrix.request[active]))]
        request = matrix.request[order]
        place = np.arange(len(order)) - np.searchsorted(request, request)
        leaves = place >= KEPT
        if self._at is not None:
            leaves &= self._at.column[order] != BASIC  # the next program begins with those
        self._active[order[leaves]] = False

    def _add(self, excess: Int, most: int) -> bool:
        """Add the columns that beat every active one of their request, at most so many of each;
        whether there are any.
        """
        matrix, own = self._matrix, len(self._matrix.request)
        active = np.flatnonzero(self._active[:own])
        best = np.full(matrix.num_requests, np.iinfo(np.int64).max)
        np.minimum.at(best, matrix.request[active], excess[active])
        better = np.flatnonzero(excess[:own] < best[matrix.request])
        better = better[np.lexsort((excess[better], matrix.request[better]))]
        request = matrix.request[better]
        place = np.arange(len(better)) - np.searchsorted(request, request)
        self._active[better[place < most]] = True
        return len(better) > 0


def _near(dual: Float, best: _Proof | None) -> list[Float]:
    """Prices to look at: those of the program, and half way to those that proved most so far.

    Programs of few columns jump between prices; what lies between proves more.
    """
    return [dual] if best is None else [dual, (dual + best.dual) / 2]


def _best(proofs: Sequence[_Proof | None]) -> _Proof | None:
    """The first of those that prove most."""
    there = [proof for proof in proofs if proof is not None]
    return max(there, key=lambda proof: proof.lowest, default=None)


def _lowest(at_prices: Priced, weight: Int, held: Sequence[Held]) -> int:
    """Least ``Σ weight_l·value_l`` that the prices prove, in parts of a unit."""
    prices = at_prices.prices
    lowest = at_prices.least
    for hold in held:
        extra = int(prices.weight[hold.level]) - prices.scale * int(weight[hold.level])
        lowest -= extra * (hold.most if extra > 0 else hold.least)
    return lowest


def _is_enough(value: float, proven: float, tolerance: float) -> bool:
    """Whether a better proof would hardly prove more."""
    if value - proven <= tolerance * max(1.0, abs(value)):
        return True
    return math.ceil(proven) >= math.ceil(value - _NOISE * max(1.0, abs(value)))
