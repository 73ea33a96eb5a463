"""The answer for all open requests, and what it is put together from."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Literal

import numpy as np

from engine.arrays import Int
from engine.candidates import Candidates

StopReason = Literal["proven", "time_limit", "deterministic_limit", "cancelled"]


@dataclass(frozen=True, slots=True)
class SolvedPart:
    """A component and how far it has come.

    Parameters
    ----------
    requests
        int64 indices, ascending.
    path
        What solved it, or was tried last.
    values, bounds
        int64, shape (L,).
    each
        int64, shape (L, requests): the values of every request, where they share no row and are
        proven; ``None`` otherwise.
    with_less
        Bounds, int64, shape (L,), where its allowance were less by 1, by 2 … units, if it is known
        that they are higher.
    """

    requests: Int
    path: str
    values: Int
    bounds: Int
    each: Int | None = None
    with_less: tuple[Int, ...] = ()

    @property
    def is_proven(self) -> bool:
        """Whether every level meets its bound."""
        return bool(np.all(self.values == self.bounds))

    def bounds_with_less(self, less: int) -> Int:
        """Bounds where its allowance were less by so many units; int64, shape (L,)."""
        return self.with_less[less - 1] if less and self.with_less else self.bounds

    def apart(self) -> tuple[SolvedPart, ...]:
        """Every request by itself, where they share no row; otherwise the component."""
        if self.each is None:
            return (self,)
        return tuple(
            SolvedPart(self.requests[row : row + 1], self.path, values, values)
            for row, values in enumerate(self.each.T)
        )


@dataclass(frozen=True, slots=True)
class Solved:
    """The answer for all open requests.

    Parameters
    ----------
    taken
        The candidates chosen.
    values, bounds
        int64, shape (L,): sums over the components.
    stopped
        Why the solve ended.
    parts
        The components.
    work
        Deterministic seconds spent.
    """

    taken: Candidates
    values: Int
    bounds: Int
    stopped: StopReason
    parts: tuple[SolvedPart, ...]
    work: float

    @property
    def paths(self) -> dict[str, int]:
        """Number of components by what solved them."""
        return dict(Counter(part.path for part in self.parts))

    @property
    def num_open(self) -> int:
        """Components that are not proven."""
        return sum(not part.is_proven for part in self.parts)
