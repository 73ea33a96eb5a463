"""Draws, by what they mean."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeVar

import numpy as np

T = TypeVar("T")


class Dice:
    """A seeded source of draws; the same seed gives the same draws."""

    def __init__(self, seed: int) -> None:
        self.rng = np.random.default_rng(seed)

    def chance(self, share: float) -> bool:
        """True as often as ``share`` says."""
        return bool(self.rng.random() < share)

    def whole(self, least: int, most: int) -> int:
        """A whole number, both ends included."""
        return int(self.rng.integers(least, most + 1))

    def pick(self, things: Sequence[T]) -> T:
        """One of ``things``."""
        return things[int(self.rng.integers(len(things)))]

    def skewed(self, things: Sequence[T]) -> T:
        """One of ``things``, the first ones more often."""
        return things[int(len(things) * self.rng.random() ** 1.5)]

    def weighted(self, shares: Mapping[T, float]) -> T:
        """One of the keys, as often as its share says."""
        return list(shares)[int(self.rng.choice(len(shares), p=list(shares.values())))]

    def some(self, things: Sequence[T], number: int) -> list[T]:
        """``number`` different ones of ``things``, in their order."""
        chosen = self.rng.choice(len(things), number, replace=False).tolist()
        return [things[i] for i in sorted(chosen)]
