"""What patients were told, where they may be told something else: the world of a repair."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.arrays import NONE, Bool, Int

FORCED, CONTESTED, BYSTANDER = range(3)
"""How somebody stands who may be told another place: the event took the place; two hold it and
one of them may keep it; or nothing happened, and moving is a favour to others."""


@dataclass(frozen=True, slots=True)
class Told:
    """What was told to those who may move; arrays of shape (R,).

    Parameters
    ----------
    standing
        int64: ``FORCED``, ``CONTESTED``, ``BYSTANDER``; -1: was told nothing, or does not move.
    role
        int64 index or -1.
    first_cell
        int64: the first cell it covers; -1: it cannot be kept.
    start, end
        int64, minutes: the told interval.
    has_time
        bool: there is a told time (false in a day session).
    is_confirmed
        bool: the patient has confirmed it.
    asked_first
        bool: of those who contest a place, the one who asked first.
    """

    standing: Int
    role: Int
    first_cell: Int
    start: Int
    end: Int
    has_time: Bool
    is_confirmed: Bool
    asked_first: Bool

    @classmethod
    def nothing(cls, num_requests: int) -> Told:
        """Nobody was told anything."""
        index, minutes = np.full(num_requests, NONE, np.int64), np.zeros(num_requests, np.int64)
        flag = np.zeros(num_requests, np.bool_)
        return cls(index, index, index, minutes, minutes, flag, flag, flag)

    @property
    def is_innocent(self) -> Bool:
        """Whether each could stay, alone: contested, or a bystander; bool, shape (R,)."""
        innocent: Bool = self.standing >= CONTESTED
        return innocent

    @property
    def can_stay(self) -> Bool:
        """Whose place can be kept, and has a told time; bool, shape (R,)."""
        stays: Bool = (self.first_cell != NONE) & self.has_time
        return stays

    @property
    def is_needy(self) -> Bool:
        """Whether each has no place and needs one: who is forced; where nobody was told anything,
        whoever is open; bool, shape (R,).
        """
        needy: Bool = self.standing == FORCED
        return needy if (self.standing != NONE).any() else ~needy
