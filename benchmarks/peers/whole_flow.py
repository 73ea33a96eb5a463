"""Min-cost flow on the full network, by OR-Tools; places of one cell only.

Every request sends one unit to one of its cells, or past them to the sink at the cost of
being left unplaced; cells pass on what they have room for. The network is integral, so the
flow is a plan. The solver cannot be stopped.
"""

from __future__ import annotations

import numpy as np
from ortools.graph.python import min_cost_flow

from benchmarks.pairs import Pairs
from benchmarks.peers.faces import Face, Weighted, solve_by_faces
from benchmarks.peers.peer import Answer, Peer, PeerError, PeerLimits
from engine.arrays import Int

_LARGEST = 1 << 58
"""The solver multiplies costs by the number of nodes, and adds some of them up, in int64."""


def whole_flow(pairs: Pairs, limits: PeerLimits) -> Answer:
    """Solve group after group of levels as a flow."""
    return solve_by_faces(
        pairs, limits, _flow, lambda _: _LARGEST // (pairs.num_requests + len(pairs.room) + 2)
    )


def _flow(pairs: Pairs, face: Face, cost: Weighted) -> Int:
    num_requests, num_cells = pairs.num_requests, pairs.num_cells_in_all
    sink = num_requests + num_cells
    staying = np.flatnonzero(face.may_stay)
    passing = np.flatnonzero(~face.must_fill)
    network = min_cost_flow.SimpleMinCostFlow()
    taken = network.add_arcs_with_capacity_and_unit_cost(
        pairs.request[face.pair],
        num_requests + pairs.first_cell[face.pair],
        np.ones(len(face.pair), np.int64),
        cost.pair,
    )
    network.add_arcs_with_capacity_and_unit_cost(
        staying, np.full(len(staying), sink), np.ones(len(staying), np.int64), cost.stay[staying]
    )
    network.add_arcs_with_capacity_and_unit_cost(
        num_requests + passing,
        np.full(len(passing), sink),
        pairs.room[passing],
        np.zeros(len(passing), np.int64),
    )
    kept = np.where(face.must_fill, pairs.room, 0)
    supply = np.concatenate([np.ones(num_requests, np.int64), -kept, [kept.sum() - num_requests]])
    network.set_nodes_supplies(np.arange(sink + 1), supply)
    status = network.solve()
    if status != network.OPTIMAL:
        raise PeerError(f"the flow ends with {status.name}")
    flow = network.flows(taken) if len(taken) else np.zeros(0, np.int64)
    return face.pair[np.flatnonzero(flow)]


FLOW = Peer("whole-flow", whole_flow, is_single_only=True)
