"""Strict levels with solvers that know one cost: as many levels at once as fit, then the next.

Single cells only. Levels that fit into one whole number are solved as one weighted sum, in
which a unit of a level outweighs all that the levels below it can differ by. What is left of
the problem for the levels below is its optimal face: with prices of the cells that prove the
plan optimal, a plan is optimal exactly if it takes no pair that costs more than its request
pays, leaves nobody unplaced who would pay more, and fills every cell that has a price
(complementary slackness).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from benchmarks.pairs import Pairs
from benchmarks.peers.peer import Answer, Clock, PeerError, PeerLimits
from engine.arrays import Bool, Int, Ragged, ranges

_UNPAID = -(1 << 60)
"""Price at which the search for prices of cells that must be full begins."""


@dataclass(frozen=True, slots=True)
class Face:
    """What is left to choose from.

    Parameters
    ----------
    pair
        int64: pairs that may still be taken, by index, ascending.
    may_stay
        bool, shape (R,): requests that may be left unplaced.
    must_fill
        bool, shape (K,): cells that must be full.
    """

    pair: Int
    may_stay: Bool
    must_fill: Bool


@dataclass(frozen=True, slots=True)
class Weighted:
    """Costs of a face, all levels of a group in one.

    Parameters
    ----------
    pair
        int64 ≥ 0, of every pair of the face.
    stay
        int64 ≥ 0, shape (R,): of leaving a request unplaced; 0 where it must not be.
    """

    pair: Int
    stay: Int


Solver = Callable[[Pairs, Face, Weighted], Int]
"""Finds the cheapest plan of a face: pairs taken, by index in ``Pairs``."""


def solve_by_faces(
    pairs: Pairs, limits: PeerLimits, solver: Solver, largest: Callable[[Face], int]
) -> Answer:
    """Solve group after group of levels.

    Parameters
    ----------
    solver
        Exact: its plan is optimal on the face, or it raises.
    largest
        The largest weighted cost of one request that the solver takes on a face.

    Raises
    ------
    PeerError
        A level by itself is too large for the solver, or a plan is not optimal.
    """
    clock = Clock(limits.seconds)
    face = Face(
        np.arange(len(pairs)),
        np.ones(pairs.num_requests, np.bool_),
        np.zeros(pairs.num_cells_in_all, np.bool_),
    )
    level, chosen = 0, np.zeros(0, np.int64)
    while level < pairs.num_levels:
        end, cost = _group(pairs, face, level, largest(face))
        chosen = solver(pairs, face, cost)
        if end < pairs.num_levels:
            face = _optimal_part(pairs, face, cost, chosen)
        level = end
    bounds = tuple(pairs.values(chosen).tolist())
    return Answer.of(pairs, chosen, bounds, clock)


def _group(pairs: Pairs, face: Face, first: int, largest: int) -> tuple[int, Weighted]:
    """Levels from ``first`` on whose weighted sum fits; the level after them, and the sum."""
    best: tuple[int, Weighted] | None = None
    for end in range(first + 1, pairs.num_levels + 1):
        cost = _weighted(pairs, face, first, end, largest)
        if cost is None:
            break
        best = end, cost
    if best is None:
        raise PeerError(f"the costs of level {first} are larger than the solver takes")
    return best


def _weighted(pairs: Pairs, face: Face, first: int, end: int, largest: int) -> Weighted | None:
    """The levels ``first`` to ``end`` − 1 as one; ``None``: a request could cost too much.

    From the last level up, a unit weighs 1 more than all that plans can differ by below.
    """
    request = pairs.request[face.pair]
    total = Weighted(np.zeros(len(request), np.int64), np.zeros(pairs.num_requests, np.int64))
    weight = 1
    for level in reversed(range(first, end)):
        pair, stay = pairs.cost[level][face.pair], pairs.unplaced[level]
        least, most = _extremes(request, pair, stay, face.may_stay)
        if int((most - least).max(initial=0)) * weight > largest:
            return None
        more = np.where(face.may_stay, stay - least, 0)
        total = Weighted(total.pair + weight * (pair - least[request]), total.stay + weight * more)
        weight += weight * sum((most - least).tolist())
    heaviest = max(int(total.pair.max(initial=0)), int(total.stay.max(initial=0)))
    return total if heaviest <= largest else None


def _extremes(request: Int, pair: Int, stay: Int, may_stay: Bool) -> tuple[Int, Int]:
    """Least and most that each request can cost; int64, shape (R,) both."""
    least = np.where(may_stay, stay, np.iinfo(np.int64).max)
    most = np.where(may_stay, stay, np.iinfo(np.int64).min)
    np.minimum.at(least, request, pair)
    np.maximum.at(most, request, pair)
    return least, most


def _optimal_part(pairs: Pairs, face: Face, cost: Weighted, chosen: Int) -> Face:
    """The face of the plans that cost as little as ``chosen``."""
    price = cell_prices(pairs, face, cost, chosen)
    request, cell = pairs.request[face.pair], pairs.first_cell[face.pair]
    pays = cost.stay.copy()
    place = np.searchsorted(face.pair, chosen)
    pays[pairs.request[chosen]] = cost.pair[place] + price[pairs.first_cell[chosen]]
    return Face(
        pair=face.pair[cost.pair + price[cell] == pays[request]],
        may_stay=face.may_stay & (cost.stay == pays),
        must_fill=face.must_fill | (price > 0),
    )


def cell_prices(pairs: Pairs, face: Face, cost: Weighted, chosen: Int) -> Int:
    """Prices of the cells that prove a plan optimal; int64, shape (K,).

    What a request pays is the cost of what it has and the price of its cell. Prices rise until
    nobody would pay less elsewhere: the longest paths of the residual graph, found from the
    cells whose price has just risen (Bellman–Ford). A plan is optimal exactly if that ends with
    no price on a cell that has room left, and nobody who would rather stay.

    Raises
    ------
    PeerError
        The plan is not optimal.
    """
    request, cell = pairs.request[face.pair], pairs.first_cell[face.pair]
    edges = np.searchsorted(request, np.arange(pairs.num_requests + 1))
    mine, seat = pairs.request[chosen], pairs.first_cell[chosen]
    base = cost.stay.copy()
    base[mine] = cost.pair[np.searchsorted(face.pair, chosen)]
    holders = Ragged.grouping(seat, pairs.num_cells_in_all)
    price = np.where(face.must_fill, _UNPAID, 0)
    pays = base.copy()
    pays[mine] += price[seat]
    asking = np.arange(pairs.num_requests)
    for _ in range(pairs.num_cells_in_all + 2):
        which = ranges(edges[asking], edges[asking + 1] - edges[asking])
        offer = pays[request[which]] - cost.pair[which]
        higher = offer > price[cell[which]]
        if not higher.any():
            break
        risen = cell[which[higher]]
        np.maximum.at(price, risen, offer[higher])
        asking = mine[holders.expand(np.unique(risen))[1]]
        pays[mine] = base[mine] + price[seat]
    else:
        raise PeerError("the plan is not optimal: prices rise without end")
    _require_optimal(pairs, face, cost, (price, pays), chosen)
    return price


def _require_optimal(
    pairs: Pairs, face: Face, cost: Weighted, proof: tuple[Int, Int], chosen: Int
) -> None:
    """Raise unless prices and plan prove each other."""
    price, pays = proof
    use = np.bincount(pairs.first_cell[chosen], minlength=pairs.num_cells_in_all)
    if np.any((price > 0) & ~face.must_fill & (use < pairs.room)):
        raise PeerError("the plan is not optimal: a cell that somebody would pay for has room")
    if np.any(face.may_stay & (pays > cost.stay)):
        raise PeerError("the plan is not optimal: somebody would rather stay unplaced")
    if np.any(face.must_fill & (use < pairs.room)):
        raise PeerError("the plan leaves the optimal face of the levels above")
