"""How long a solve may take, and how it is told to stop."""

from __future__ import annotations

import math
import os
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

HasTime = Callable[[], bool]
"""Whether to begin another step."""


def default_workers() -> int:
    """Cores of this machine."""
    return os.cpu_count() or 1


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits of one match.

    Parameters
    ----------
    seconds
        Wall time from the dataset to the end of the search; ignored where
        ``deterministic``. Building the model is never cut short, judging comes on top.
    workers
        Components solved side by side; 1 where ``deterministic`` and inside a component.
    seed
        Seed of every solver.
    deterministic
        No clock decides anything: the same input gives the same plan, to the byte.
    deterministic_seconds
        Deterministic time (the solver's own unit of work, near a second) for the whole
        match; used where ``deterministic``.
    """

    seconds: float = 60.0
    workers: int = field(default_factory=default_workers)
    seed: int = 0
    deterministic: bool = False
    deterministic_seconds: float = 120.0

    def __post_init__(self) -> None:
        for name in ("seconds", "deterministic_seconds"):
            value = getattr(self, name)
            if not 0 <= value < float("inf"):
                raise ValueError(f"{name} {value!r} is not a finite number of at least 0")
        if self.workers < 1:
            raise ValueError(f"workers {self.workers} is below 1")
        if not 0 <= self.seed < 1 << 31:
            raise ValueError(f"seed {self.seed} is outside 0 … 2^31 - 1")


class Cancel:
    """A flag that asks a running solve to stop with the best it has."""

    def __init__(self) -> None:
        self._event = threading.Event()

    def set(self) -> None:
        """Ask to stop."""
        self._event.set()

    def is_set(self) -> bool:
        """Whether somebody asked."""
        return self._event.is_set()


class Clock:
    """Whether there is time left, and whether the caller wants it to be used."""

    def __init__(self, limits: Limits, cancel: Cancel) -> None:
        self.cancel = cancel
        self._seconds = None if limits.deterministic else limits.seconds
        self._began = time.monotonic()

    def spent(self) -> float:
        """Seconds since the start."""
        return time.monotonic() - self._began

    def left(self) -> float:
        """Seconds until the deadline, at least 0; without end in deterministic mode."""
        return math.inf if self._seconds is None else max(0.0, self._seconds - self.spent())

    def has_time(self, seconds: float = 0.0) -> bool:
        """Whether to begin another step, and still have so many seconds afterwards."""
        return self.left() > seconds and not self.cancel.is_set()


class Budget:
    """Shares the time of a match among its components, as they come.

    Parameters
    ----------
    seconds
        Wall time in all.
    workers
        Components running side by side.
    weights
        One per component; the sum of what is still to come decides a share.
    """

    def __init__(self, seconds: float, workers: int, weights: list[float]) -> None:
        self._deadline = time.monotonic() + seconds
        self._workers = min(workers, max(1, len(weights)))
        self._weight_left = sum(weights)
        self._lock = threading.Lock()

    def share(self, weight: float) -> float:
        """Seconds for the next component, of what is left now."""
        with self._lock:
            left = self.left()
            part = weight / self._weight_left if self._weight_left > 0 else 1.0
            self._weight_left -= weight
            return min(left, left * self._workers * part)

    def left(self) -> float:
        """Seconds until the deadline, at least 0."""
        return max(0.0, self._deadline - time.monotonic())
