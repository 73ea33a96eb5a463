"""The best plan of an assignment, level by level, proven.

The optimum comes from SciPy's sparse assignment (LAPJVsp), of many requests from compiled searches,
and is not believed: prices of the rows, in whole numbers, prove it. A price is what one more seat
would save; the plan is optimal if no request could do better elsewhere at the prices there, and
only full rows have one.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib.util import find_spec

import numpy as np

from engine.arrays import Int
from engine.solve.assignment import Assignment, Start
from engine.solve.face import Face
from engine.solve.limits import HasTime

MAX_WEIGHT = 1 << 47
"""Largest weight of an arc: sums of many stay exact in a float of 53 bits."""

SEARCHED = 5_000
"""From so many requests on, compiled searches are faster, where Numba is installed: to load them
takes half a second, and to compile them, once, some seven."""

_TRADES = (16, 8, 4, 2, 1)  # arcs that a rough weight outweighs


@dataclass(frozen=True, slots=True)
class Proof:
    """Prices at which nobody could do better, for some of the levels.

    Parameters
    ----------
    weight
        int64, shape (L,): of every level; 0 for those that it does not speak of.
    price
        int64, shape (P,): of every place.
    worth
        int64, shape (R,): weight and price of the arc that each request has.
    """

    weight: Int
    price: Int
    worth: Int


def optimal_arcs(problem: Assignment) -> Int | None:
    """The arc of every request in a plan that is best level by level, proven; int64, shape (R,)."""
    best = best_plan(problem)
    return None if best is None else best[0]


def is_searched(problem: Assignment) -> bool:
    """Whether the best plan is found by compiled searches."""
    has_many = problem.num_requests >= SEARCHED and not problem.is_nested
    return has_many and find_spec("numba") is not None


def best_plan(
    problem: Assignment, start: Start | None = None, has_time: HasTime = lambda: True
) -> tuple[Int, list[Proof]] | None:
    """A plan that is best level by level, and the proofs, in strict order.

    As many levels as the numbers allow are settled at once, by one weight; those below, among
    the plans that are as good there. A plan found by rough weights for all levels at once is
    tried first: as a rule it is best already, and only needs its proofs.

    Parameters
    ----------
    start
        From where a plan of rough weights is sought first. It saves time if it is nearly right.
    has_time
        Asked before what may take long.

    Returns
    -------
    tuple
        The arc of every request, int64, shape (R,), and the proofs; ``None`` where there are none,
        or no time for them.
    """
    face, proofs, settled = Face.whole(problem), list[Proof](), 0
    arcs: Int | None = None
    rough = _rough_weights(problem.most)
    if rough is not None:
        weight = rough @ problem.cost
        arcs = _first_arcs(face, weight, start, has_time)
    while settled < len(problem.cost):
        weights = _weights(problem.most[settled:], _largest_weight(face))
        if not len(weights):
            return None
        whole = np.zeros(len(problem.cost), np.int64)
        whole[settled : settled + len(weights)] = weights
        weight = weights @ problem.cost[settled : settled + len(weights)]
        found = None if arcs is None else face.prices(weight, arcs)
        if found is None:
            if not has_time():
                return None
            arcs = face.matched(weight)
            found = None if arcs is None else face.prices(weight, arcs)
        if found is None:
            return None
        proofs.append(Proof(whole, *found))
        face, settled = face.narrowed(weight, *found), settled + len(weights)
    return None if arcs is None else (arcs, proofs)


def _first_arcs(face: Face, weight: Int, start: Start | None, has_time: HasTime) -> Int | None:
    """The arc of every request in a plan of least weight; ``None`` where it was not found."""
    if is_searched(face.problem):
        from engine.solve.augmenting import searched

        start = start or Start.of_nothing(face.problem)
        found = searched(face.problem, weight, start, face.turns(weight), has_time)
        return None if found is None else found[0]
    arcs = None if start is None else face.matched_near(weight, start.price)
    return face.matched(weight) if arcs is None else arcs


def start_after(problem: Assignment, arcs: Int) -> Start | None:
    """Where to start from when some arcs are added to a problem whose best plan is known."""
    rough = _rough_weights(problem.most)
    if rough is None:
        return None
    return Start(Face.whole(problem).low_prices(rough @ problem.cost, arcs), arcs)


def _rough_weights(most: Int) -> Int | None:
    """Weights of all levels: exact ones where they fit, else such as only make a trade of few
    arcs against one level up unlikely; ``None`` where not even these fit.

    Parameters
    ----------
    most
        int64, shape (L, R): the largest cost of each request.
    """
    largest, exact = np.max(most, axis=1, initial=0).tolist(), _weights(most, MAX_WEIGHT)
    if len(exact) == len(most):
        return exact
    for trade in _TRADES:
        weights: list[int] = []
        for level in range(len(most) - 1, -1, -1):
            below = zip(weights, largest[level + 1 :], strict=True)
            weights.insert(0, 1 + trade * sum(w * c for w, c in below))
        if sum(w * c for w, c in zip(weights, largest, strict=True)) <= MAX_WEIGHT:
            return np.array(weights, np.int64)
    return None


def _weights(most: Int, largest_weight: int) -> Int:
    """Weights of as many levels as fit, from the first; int64.

    A plan of least ``Σ w_l·c_l`` is best level by level if ``w_l = 1 + Σ_{m > l} w_m·v_m``, where
    v_m is no less than level m can be.

    Parameters
    ----------
    most
        int64, shape (levels, R): the largest cost of each request.
    largest_weight
        No arc may weigh more.
    """
    value, largest = most.sum(axis=1).tolist(), np.max(most, axis=1, initial=0).tolist()
    best: list[int] = []
    for end in range(1, len(value) + 1):
        weights = [1] * end
        for level in range(end - 2, -1, -1):
            weights[level] += sum(weights[m] * value[m] for m in range(level + 1, end))
        if sum(w * c for w, c in zip(weights, largest, strict=False)) > largest_weight:
            break
        best = weights
    return np.array(best, np.int64)


def _largest_weight(face: Face) -> int:
    """What an arc may weigh, so that filling the places weighs more than all arcs."""
    return MAX_WEIGHT // (1 + face.problem.num_requests) if face.is_full.any() else MAX_WEIGHT
