"""Time cut into pieces, wherever a use of something begins or ends.

Sorted arrays throughout: no loop runs over pairs.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from engine.arrays import Bool, Int, ranges

_STRIDE = 1 << 41  # more minutes than any dataset spans
_HALF = _STRIDE // 2


@dataclass(frozen=True, slots=True)
class Uses:
    """Who uses what, and when; int64 arrays, shape (U,).

    Parameters
    ----------
    appointment, owner
        Indices.
    start, end
        Minutes.
    """

    appointment: Int
    owner: Int
    start: Int
    end: Int

    def where(self, chosen: Int | Bool) -> Uses:
        """Some of them."""
        return Uses(
            self.appointment[chosen], self.owner[chosen], self.start[chosen], self.end[chosen]
        )


@dataclass(frozen=True, slots=True)
class Pieces:
    """Time cut wherever somebody comes or goes; int64 arrays, shape (P,).

    Parameters
    ----------
    owner, start
        Of every piece, ascending; it ends where the next one of its owner starts.
    piece, use
        Shape (N,): every pair of a piece and a use that covers it, by use.
    """

    owner: Int
    start: Int
    piece: Int
    use: Int

    @classmethod
    def of(cls, uses: Uses, cuts: tuple[Int, Int]) -> Pieces:
        """Cut at all starts and ends, and at further pairs (owner, minute)."""
        first_key = uses.owner * _STRIDE + uses.start + _HALF
        last_key = uses.owner * _STRIDE + uses.end + _HALF
        points = np.unique(
            np.concatenate([first_key, last_key, cuts[0] * _STRIDE + cuts[1] + _HALF])
        )
        first = np.searchsorted(points, first_key)
        length = np.searchsorted(points, last_key) - first
        use = np.repeat(np.arange(len(first)), length)
        return cls(points // _STRIDE, points % _STRIDE - _HALF, ranges(first, length), use)

    @property
    def count(self) -> Int:
        """How many uses cover each piece."""
        return np.bincount(self.piece, minlength=len(self.owner))

    def covers(self, chosen: Int) -> Iterator[tuple[int, list[int]]]:
        """Some of the pieces (ascending), and the uses that cover each."""
        if not len(chosen):
            return
        wanted = np.isin(self.piece, chosen)
        piece, use = self.piece[wanted], self.use[wanted]
        order = np.lexsort((use, piece))
        heads = np.searchsorted(piece[order], chosen)
        groups = np.split(use[order], heads[1:])
        for name, group in zip(chosen.tolist(), groups, strict=True):
            yield name, group.tolist()


NO_CUTS = (np.zeros(0, np.int64), np.zeros(0, np.int64))
"""For ``Pieces.of``: none but where uses begin and end."""
