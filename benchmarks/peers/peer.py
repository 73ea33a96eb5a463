"""What a peer is: a name, what it can take, and one function from pairs to an answer."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from benchmarks.pairs import Pairs, Taken
from engine.arrays import Int

Status = Literal["optimal", "feasible", "unknown"]
"""Optimal: the peer claims that every level is proven. Feasible: a plan, and less of a claim.
Unknown: no plan in the time given."""


class PeerError(RuntimeError):
    """A peer's solver failed, or answered what cannot be."""


@dataclass(frozen=True, slots=True)
class PeerLimits:
    """When a peer is to stop.

    Parameters
    ----------
    seconds
        Wall time for all levels together. Not every solver can be stopped; who starts one
        kills it then.
    workers
        Threads.
    seed
        Of solvers that have one.
    """

    seconds: float
    workers: int = 1
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Answer:
    """What a peer found.

    Parameters
    ----------
    status
        What it claims.
    taken
        The plan; ``None`` where unknown.
    values
        What it costs, level by level; ``None`` where unknown.
    bounds
        For every level, what no plan that is no worse above can cost less than; ``None``
        where the method knows nothing.
    seconds
        Wall time: of a peer from the pairs to the answer, of the engine from the arrays to the
        judged plan.
    """

    status: Status
    taken: Taken | None
    values: tuple[int, ...] | None
    bounds: tuple[int | None, ...]
    seconds: float

    @classmethod
    def of(
        cls, pairs: Pairs, chosen: Int | None, bounds: tuple[int | None, ...], clock: Clock
    ) -> Answer:
        """An answer; it is optimal where every level's bound is reached."""
        seconds = clock.spent()
        if chosen is None:
            return cls("unknown", None, None, bounds, seconds)
        values = tuple(pairs.values(chosen).tolist())
        status: Status = "optimal" if bounds == values else "feasible"
        return cls(status, pairs.taken(chosen), values, bounds, seconds)


class Clock:
    """Time since a peer began, and what is left of its limit."""

    def __init__(self, seconds: float) -> None:
        self._began = time.monotonic()
        self._seconds = seconds

    def spent(self) -> float:
        """Seconds since the start."""
        return time.monotonic() - self._began

    def left(self) -> float:
        """Seconds until the limit, at least 0."""
        return max(0.0, self._seconds - self.spent())


@dataclass(frozen=True, slots=True)
class Peer:
    """A way to solve pairs.

    Parameters
    ----------
    name
        In tables and on the command line.
    solve
        From pairs to an answer.
    is_single_only
        It takes places of one cell only.
    """

    name: str
    solve: Callable[[Pairs, PeerLimits], Answer]
    is_single_only: bool = False


def nothing_taken() -> Int:
    """The pairs of the plan that places nobody."""
    return np.zeros(0, np.int64)
