"""The best places for one request, found without looking at all there are.

Levels are lexicographic, and of a place they are known by its role and its moment. So a session
can be asked what its best moment would cost, and most of them need never be opened: those whose
best is worse than enough places that were found elsewhere. What every rule is sure to admit is
counted without being looked at.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from engine.arrays import Int
from engine.costs import OfferCosts, Weighed
from engine.eligible import Sieve
from engine.offers import Offers, RolePairs
from engine.snapshot import Snapshot

_MAX_WEIGHT = 1 << 58


@dataclass(frozen=True, slots=True)
class Places:
    """Places that one request could take; arrays of shape (C,) unless said otherwise.

    Parameters
    ----------
    session, cell, num_cells
        int64 indices of the sessions and of the first cells; how many cells each takes.
    start
        int64, minutes: the told start; of a day session, its own.
    cost
        int64, shape (L, C): what each costs by itself, at every level of the policy.
    """

    session: Int
    cell: Int
    num_cells: Int
    start: Int
    cost: Int

    @classmethod
    def joined(cls, parts: Iterable[Places]) -> Places:
        """One after the other."""
        some = list(parts)
        return cls(
            np.concatenate([part.session for part in some]),
            np.concatenate([part.cell for part in some]),
            np.concatenate([part.num_cells for part in some]),
            np.concatenate([part.start for part in some]),
            np.concatenate([part.cost for part in some], axis=1),
        )

    def __len__(self) -> int:
        return len(self.cell)

    def where(self, chosen: Int) -> Places:
        """The chosen ones, by index."""
        return Places(
            self.session[chosen],
            self.cell[chosen],
            self.num_cells[chosen],
            self.start[chosen],
            self.cost[:, chosen],
        )


def nearest(sieve: Sieve, pairs: RolePairs, most: int) -> tuple[int, Places]:
    """Find the places of some pairs, all of one request, that cost least by themselves.

    Parameters
    ----------
    most
        So many at least, if there are so many; and all that cost no more than one of these.

    Returns
    -------
    count, places
        How many places every rule admits, and the cheapest of them.
    """
    suits = sieve.suits(pairs)
    costs = OfferCosts(sieve, pairs, suits)
    pair, session, num_cells = sieve.visits(pairs, suits)
    count, is_sure = sieve.sure(pairs, suits, pair, session, num_cells)

    def opened(some: Int) -> Offers:
        return sieve.offers_at(pairs, suits, pair[some], session[some], num_cells[some])

    is_sure &= count > 0
    weighed = _by_levels(costs, len(sieve.policy.levels))
    if weighed is None:
        every = opened(np.arange(len(pair)))
        return len(every), _places(sieve, costs, every)
    bound = weighed.at_least()(pair, session)
    wanted = bound <= _enough(bound[is_sure], count[is_sure], most)
    first = np.flatnonzero(~is_sure & (count > 0) | is_sure & wanted)
    offers = [opened(first)]
    weight = [weighed.of(offers[0])]
    limit = _least(weight[0], most)
    more = np.flatnonzero(is_sure & ~wanted & (bound <= limit))
    if len(more):
        offers.append(opened(more))
        weight.append(weighed.of(offers[1]))
        limit = _least(np.concatenate(weight), most)
    total = int(count[is_sure & ~wanted].sum()) + len(offers[0])
    return total, Places.joined(
        _places(sieve, costs, some.where(mine <= limit))
        for some, mine in zip(offers, weight, strict=True)
    )


def _enough(bound: Int, count: Int, most: int) -> int:
    """The least bound up to which there are so many places; the highest, if there are fewer."""
    if len(bound) > most:
        some = np.argpartition(bound, most - 1)[:most]
        bound, count = bound[some], count[some]
    order = np.argsort(bound)
    last = int(np.searchsorted(np.cumsum(count[order]), most))
    return int(bound[order[min(last, len(order) - 1)]]) if len(order) else -1


def _least(weight: Int, most: int) -> int:
    """The weight of rank ``most``, from 1; more than any, if there are fewer."""
    if len(weight) < most:
        return _MAX_WEIGHT
    return int(np.partition(weight, most - 1)[most - 1])


def _by_levels(costs: OfferCosts, num_levels: int) -> Weighed | None:
    """Costs in one number that sorts as the levels do; ``None``: it would be too large."""
    weight, width = np.zeros(num_levels, np.int64), 1
    if costs.has_rest:
        return None
    for level in reversed(range(num_levels)):
        weight[level] = width
        width *= costs.most(level) + 1
        if width > _MAX_WEIGHT:
            return None
    return costs.weighed(weight)


def _told(snapshot: Snapshot, offers: Offers) -> Int:
    visit_type = snapshot.requests.visit_type[offers.request]
    before = snapshot.visit_types.before[visit_type]
    is_day = snapshot.sessions.is_day[offers.session][offers.visit]
    return snapshot.sessions.cell_start[offers.cell] + np.where(is_day, 0, before)


def _places(sieve: Sieve, costs: OfferCosts, offers: Offers) -> Places:
    cost = np.zeros((len(sieve.policy.levels), len(offers)), np.int64)
    cost[list(costs.levels)] = costs.of(offers)
    return Places(
        offers.session[offers.visit],
        offers.cell,
        offers.num_cells[offers.visit],
        _told(sieve.snapshot, offers),
        cost,
    )
