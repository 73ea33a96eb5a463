"""The best places of every day, or of every doctor, without ranking all there are.

Places come in the order of what each costs by itself. Of every group a few are looked at next to
what is booked; where too many of them are refused, or where it is not known what the others cost
there, more are looked at.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.arrays import NONE, Bool, Int

Key = tuple[int, ...]
"""What a place costs at every level, and its start: less is better."""


@dataclass(frozen=True, slots=True)
class Groups:
    """Places by their group; arrays of shape (C,).

    Parameters
    ----------
    place
        int64: places by group, in each group in their order.
    group
        int64: which group each belongs to, from 0, in the order in which groups are offered.
    within
        int64: place of each in its group, from 0.
    """

    place: Int
    group: Int
    within: Int

    @classmethod
    def of(cls, order: Int, label: Int, *, by_label: bool) -> Groups:
        """Group places.

        Parameters
        ----------
        order
            int64: places, the best first.
        label
            int64: what all places of a group share.
        by_label
            Whether groups come in the order of their labels; else in that of their best places.
        """
        labels, first, group = np.unique(label[order], return_index=True, return_inverse=True)
        if not by_label:
            rank = np.empty(len(labels), np.int64)
            rank[np.argsort(first)] = np.arange(len(labels))
            group = rank[group]
        sorted_ = np.argsort(group, kind="stable")
        size = np.bincount(group, minlength=len(labels))
        begin = np.cumsum(size) - size
        within = np.arange(len(order)) - np.repeat(begin, size)
        return cls(order[sorted_], group[sorted_], within)

    def leading(self, groups: int, per_group: int) -> Bool:
        """The first places of the first groups; bool, shape (C,)."""
        found: Bool = (self.group < groups) & (self.within < per_group)
        return found

    def rest(self, chosen: Bool) -> Int:
        """The first place of every group that is not among the chosen ones, all of which lead;
        int64, -1: there is none.
        """
        found = np.full(int(np.max(self.group, initial=NONE)) + 1, NONE)
        left = np.flatnonzero(~chosen)[::-1]
        found[self.group[left]] = self.place[left]
        return found


@dataclass(frozen=True, slots=True)
class Standing:
    """What of some groups stands next to what is booked.

    Parameters
    ----------
    keys
        Of every group: keys of its places that were looked at and stand, the best first.
    rest
        Of every group: no place that was not looked at is better than this; ``None``: all were.
    by_label
        As in ``Groups.of``.
    """

    keys: Sequence[Sequence[Key]]
    rest: Sequence[Key | None]
    by_label: bool

    def chosen(self, groups: int) -> list[int]:
        """The groups that are offered, in their order."""
        some = [group for group, keys in enumerate(self.keys) if keys]
        if not self.by_label:
            some.sort(key=lambda group: self.keys[group][0])
        return some[:groups]

    def is_settled(self, groups: int, per_group: int) -> bool:
        """Whether nothing that was not looked at belongs into the answer."""
        chosen = self.chosen(groups)
        if not all(self._is_full(group, per_group) for group in chosen):
            return False
        others = {group: rest for group, rest in enumerate(self.rest) if rest is not None}
        for group in chosen:
            others.pop(group, None)
        if len(chosen) < groups:
            return not others
        if self.by_label:
            return all(group > chosen[-1] for group in others)
        worst = self.keys[chosen[-1]][0]
        return all(worst < rest for rest in others.values())

    def _is_full(self, group: int, per_group: int) -> bool:
        """Whether the best places of a group are known."""
        keys, rest = self.keys[group], self.rest[group]
        return rest is None or (len(keys) >= per_group and keys[per_group - 1] < rest)
