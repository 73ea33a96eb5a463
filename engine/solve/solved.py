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
    pieces
        Requests (int64, ascending) and values (int64, shape (L,)) of what shares no row with the
        rest of it, where all of it is proven among all candidates; empty otherwise.
    with_less
        Bounds, int64, shape (L,), where its allowance were less by 1, by 2 … units, if it is known
        that they are higher.
    """

    requests: Int
    path: str
    values: Int
    bounds: Int
    pieces: tuple[tuple[Int, Int], ...] = ()
    with_less: tuple[Int, ...] = ()

    @property
    def is_proven(self) -> bool:
        """Whether every level meets its bound."""
        return bool(np.all(self.values == self.bounds))

    def bounds_with_less(self, less: int) -> Int:
        """Bounds where its allowance were less by so many units; int64, shape (L,)."""
        return self.with_less[less - 1] if less and self.with_less else self.bounds

    def apart(self) -> tuple[SolvedPart, ...]:
        """What shares no row by itself, where that is known; otherwise the component."""
        own = tuple(SolvedPart(rows, self.path, best, best) for rows, best in self.pieces)
        return own or (self,)


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
