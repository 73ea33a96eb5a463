"""Which offers of every request are the cheapest, level by level."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from engine.arrays import Bool, Int, stretches

_MAX_KEY = 1 << 62
_MAX_TABLE = 1 << 22
_NEVER = np.iinfo(np.int64).max


@dataclass(frozen=True, slots=True)
class Ranked:
    """Offers that are kept, and what the rest cost at best; indices, int64, ascending.

    Parameters
    ----------
    kept
        Of every request, those that are listed.
    best_left
        Of every request and every combination of upper levels among those not kept, one that
        costs least at the last level.
    """

    kept: Int
    best_left: Int


def rank(request: Int, cost: Int, kept: Bool) -> Ranked:
    """Keep some offers of every request, and say what the rest cost at best.

    Parameters
    ----------
    request, cost
        As in ``cheapest``.
    kept
        bool, shape (C,).
    """
    left = np.flatnonzero(~kept)
    if not len(left):
        return Ranked(np.flatnonzero(kept), left)
    place, upper = stretches(request[left])[1], packed(cost[:-1, left])
    last = cost[-1, left] if len(cost) else upper
    return Ranked(np.flatnonzero(kept), left[_least(place, upper, last)])


def cheapest(request: Int, cost: Int, keep: int | Int) -> Bool:
    """The cheapest offers of every request, in lexicographic order of their costs.

    Parameters
    ----------
    request
        int64, shape (C,), ascending: whose each is.
    cost
        int64 ≥ 0, shape (L, C).
    keep
        How many are kept per request, at least 1; or int64, of every request that there is, in
        order. Among equals, those that come first.

    Returns
    -------
    bool, shape (C,)
    """
    start, place = stretches(request)
    count = np.diff(start, append=len(request))
    room = np.zeros(len(start), np.int64) + keep
    is_long = count > room
    most = int(np.max(room[is_long], initial=1))
    kept = ~is_long[place]
    left = np.flatnonzero(~kept)
    for rows in _blocks(cost):
        key, owner = packed(np.take(cost[rows], left, axis=1)), place[left]
        limit = _limits(key, owner, room, most)[owner]
        is_below = key < limit
        kept[left[is_below]] = True
        room -= np.bincount(owner[is_below], minlength=len(room))
        left = left[key == limit]
    owner = place[left]
    kept[left] = np.arange(len(left)) - np.searchsorted(owner, owner) < room[owner]
    return kept


def _blocks(cost: Int) -> list[slice]:
    """Rows of ``cost``, as many at a time as fit in one number."""
    ends, most = [0], 1
    for row, largest in enumerate(np.max(cost, axis=1, initial=0).tolist()):
        most *= largest + 1
        if most > _MAX_KEY and row > ends[-1]:
            ends.append(row)
            most = largest + 1
    return [slice(start, end) for start, end in pairwise([*ends, len(cost)]) if end > start]


def packed(cost: Int) -> Int:
    """One number per column of ``cost`` (int64 ≥ 0, shape (L, C)) that sorts as the column does."""
    key, most = np.zeros(cost.shape[1], np.int64), 0
    for row in cost:
        width = int(np.max(row, initial=0)) + 1
        if (most + 1) * width > _MAX_KEY:
            key, row = (np.unique(a, return_inverse=True)[1] for a in (key, row))
            most, width = int(key.max()), int(row.max()) + 1
        key = key * width + row
        most = most * width + width - 1
    return key


def _limits(key: Int, owner: Int, room: Int, most: int) -> Int:
    """Of every owner, the key of rank ``room``, from 1; more than any where there are no more.

    Parameters
    ----------
    owner
        int64, ascending: whose each key is.
    room
        int64, from 1 to ``most``: by owner.
    """
    limit = np.full(len(room), _NEVER)
    head, _ = stretches(owner)
    count = np.diff(head, append=len(owner))
    own = owner[head]
    for width in _widths(count):
        some = np.flatnonzero((count > width // 2) & (count <= width) & (count > room[own]))
        column = np.arange(max(width, most))
        at = np.minimum(head[some, None] + column, len(key) - 1)
        table = np.where(column < count[some, None], key[at], _NEVER)
        table.partition(most - 1, axis=1)
        ranked = np.sort(table[:, :most], axis=1)
        limit[own[some]] = ranked[np.arange(len(some)), room[own[some]] - 1]
    return limit


def _widths(count: Int) -> list[int]:
    """Powers of two between which the stretches' lengths fall."""
    sizes = np.unique(np.ceil(np.log2(count)).astype(np.int64))
    return [1 << size for size in sizes.tolist()]


def _least(place: Int, upper: Int, last: Int) -> Int:
    """Of every combination of ``place`` and ``upper``, one with the least ``last``: its index."""
    width = int(np.max(upper, initial=0)) + 1
    if (int(np.max(place, initial=0)) + 1) * width > _MAX_TABLE:
        names, name = np.unique(packed(np.stack([place, upper])), return_inverse=True)
        size = len(names)
    else:
        name, size = place * width + upper, (int(np.max(place, initial=0)) + 1) * width
    least = np.full(size, _NEVER)
    np.minimum.at(least, name, last)
    is_least = np.flatnonzero(last == least[name])
    _, first = np.unique(name[is_least], return_index=True)
    return np.sort(is_least[first])
