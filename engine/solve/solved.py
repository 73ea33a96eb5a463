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
    """

    requests: Int
    path: str
    values: Int
    bounds: Int

    @property
    def is_proven(self) -> bool:
        """Whether every level meets its bound."""
        return bool(np.all(self.values == self.bounds))


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
