"""Which offers of every request are the cheapest, level by level."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.arrays import Bool, Int, ranges, stretches

_MAX_KEY = 1 << 62
_MAX_TABLE = 1 << 22
_NEVER = np.iinfo(np.int64).max


@dataclass(frozen=True, slots=True)
class Ranked:
    """Offers that are kept, and what the rest cost at best; indices, int64, ascending.

    Parameters
    ----------
    kept
        Of every request, the cheapest.
    best_left
        Of every request and every combination of upper levels among those not kept, one that
        costs least at the last level.
    """

    kept: Int
    best_left: Int


def rank(request: Int, cost: Int, keep: int, whole: Bool | None = None) -> Ranked:
    """Keep the cheapest offers of every request, and say what the rest cost at best.

    Parameters
    ----------
    request, cost, keep, whole
        As in ``cheapest``.
    """
    kept = cheapest(request, cost, keep, whole)
    left = np.flatnonzero(~kept)
    if not len(left):
        return Ranked(np.flatnonzero(kept), left)
    place, upper = stretches(request[left])[1], packed(cost[:-1, left])
    last = cost[-1, left] if len(cost) else upper
    return Ranked(np.flatnonzero(kept), left[_least(place, upper, last)])


def cheapest(request: Int, cost: Int, keep: int, whole: Bool | None = None) -> Bool:
    """The cheapest offers of every request, in lexicographic order of their costs.

    Parameters
    ----------
    request
        int64, shape (C,), ascending: whose each is.
    cost
        int64 ≥ 0, shape (L, C).
    keep
        How many are kept per request; among equals, those that come first.
    whole
        bool, shape (C,): of these requests, all are kept.

    Returns
    -------
    bool, shape (C,)
    """
    start, place = stretches(request)
    count = np.diff(start, append=len(request))
    is_long = count > keep if whole is None else (count > keep) & ~whole[start]
    kept = np.ones(len(request), np.bool_)
    if is_long.any():
        some = np.flatnonzero(is_long)
        kept[is_long[place]] = _smallest(packed(cost), start[some], count[some], keep)
    return kept


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


def _smallest(key: Int, start: Int, count: Int, keep: int) -> Bool:
    """The ``keep`` smallest keys of every stretch, the first among equals; bool, in their order.

    Parameters
    ----------
    start, count
        int64: stretches of ``key``, ascending, each longer than ``keep``.
    """
    limit, room = np.empty((2, len(start)), np.int64)
    for width in _widths(count):
        some = np.flatnonzero((count > width // 2) & (count <= width))
        column = np.arange(width)
        at = np.minimum(start[some, None] + column, len(key) - 1)
        table = np.where(column < count[some, None], key[at], _NEVER)
        table.partition(keep - 1, axis=1)
        limit[some] = table[:, keep - 1]
        room[some] = keep - np.count_nonzero(table[:, :keep] < limit[some, None], axis=1)
    place = np.repeat(np.arange(len(start)), count)
    key = key[ranges(start, count)]
    kept: Bool = key < limit[place]
    equal = np.flatnonzero(key == limit[place])
    owner = place[equal]
    first = np.searchsorted(owner, np.arange(len(start)))
    kept[equal[np.arange(len(equal)) - first[owner] < room[owner]]] = True
    return kept


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
