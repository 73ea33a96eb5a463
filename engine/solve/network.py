"""Min-cost flow by OR-Tools: the one place where a network is given to it, and its answer read.

What it says is believed nowhere: prices in whole numbers prove it (``face``).
"""

from __future__ import annotations

import numpy as np
from ortools.graph.python.min_cost_flow import SimpleMinCostFlow

from engine.arrays import Int
from engine.solve.assignment import Assignment


def cheapest_flow(problem: Assignment, arc: Int, weight: Int, reward: Int) -> Int | None:
    """The arc of every request in a plan of least weight: one unit of flow per request, from its
    place to the one that this lies in, and so on to the sink.

    Parameters
    ----------
    arc, weight
        int64, shape (A,): arcs that may be used, and what each weighs.
    reward
        int64, shape (P,): what a taken seat of each place is worth.

    Returns
    -------
    int64, shape (R,)
        One of ``arc`` per request; ``None`` where the numbers are too large.
    """
    num_places, first_place = len(problem.seats), problem.num_requests
    flow, places = SimpleMinCostFlow(), np.arange(num_places)
    own = flow.add_arcs_with_capacity_and_unit_cost(
        problem.request[arc].astype(np.int32),
        (first_place + problem.place[arc]).astype(np.int32),
        np.ones(len(arc), np.int64),
        weight,
    )
    flow.add_arcs_with_capacity_and_unit_cost(
        (first_place + places).astype(np.int32),
        (first_place + problem.parent).astype(np.int32),
        problem.seats,
        -reward,
    )
    supply = np.zeros(first_place + num_places + 1, np.int64)
    supply[:first_place] = 1
    supply[-1] = -first_place
    flow.set_nodes_supplies(np.arange(len(supply), dtype=np.int32), supply)
    if flow.solve() != SimpleMinCostFlow.OPTIMAL:
        return None
    taken = arc[np.flatnonzero(flow.flows(own))]
    found: Int = taken[np.argsort(problem.request[taken], kind="stable")]
    return found
