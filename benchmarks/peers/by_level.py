"""Level after level with a solver that minimises one of them: what the MIPs and CP-SAT share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from benchmarks.pairs import Pairs
from benchmarks.peers.peer import Answer, Clock, PeerError, nothing_taken
from engine.arrays import Int


@dataclass(frozen=True, slots=True)
class Found:
    """What one solve found at one level.

    Parameters
    ----------
    chosen
        int64: pairs taken, by index; ``None``: no solution.
    bound
        Of the level, constant included; ``None``: none is known.
    """

    chosen: Int | None
    bound: int | None


class LevelModel(Protocol):
    """A model of pairs, minimised at one level at a time."""

    def minimise(self, level: int, hint: Int | None, seconds: float) -> Found:
        """Minimise a level; ``hint``: the last plan found, pairs by index."""

    def hold(self, level: int, value: int) -> None:
        """From now on allow only plans whose value at ``level`` is at most ``value``."""


def level_by_level(pairs: Pairs, model: LevelModel, clock: Clock) -> Answer:
    """Minimise the levels in order, each held at the value reached, until the time is over.

    A level that is not proven in time ends the walk: there is no time left for those below.

    Raises
    ------
    PeerError
        A solution breaks a row, or what was held.
    """
    chosen: Int | None = None
    bounds: list[int | None] = [None] * pairs.num_levels
    for level in range(pairs.num_levels):
        if not pairs.gain(level).any():  # all plans cost the same here
            bounds[level] = int(pairs.unplaced[level].sum())
            continue
        if clock.left() <= 0:
            break
        found = model.minimise(level, chosen, clock.left())
        bounds[level] = None if found.bound is None else max(0, found.bound)  # costs are ≥ 0
        if found.chosen is not None:
            _require_held(pairs, chosen, found.chosen, level)
            chosen = found.chosen
        if chosen is None or int(pairs.values(chosen)[level]) != bounds[level]:
            break
        model.hold(level, int(pairs.values(chosen)[level]))
    if chosen is None and None not in bounds:  # nothing was ever searched: all plans cost the same
        chosen = nothing_taken()
    return Answer.of(pairs, chosen, tuple(bounds), clock)


def _require_held(pairs: Pairs, before: Int | None, after: Int, level: int) -> None:
    """Raise where a solution, rounded, breaks what the model was told."""
    if not pairs.is_feasible(after):
        raise PeerError(f"the solution of level {level} takes a request or a cell too often")
    held = pairs.values(nothing_taken() if before is None else before)[:level]
    reached = pairs.values(after)[:level]
    if np.any(reached > held):
        raise PeerError(
            f"level {level} was bought above: {reached.tolist()}, held at {held.tolist()}"
        )
