"""Sparse assignment (LAPJVsp) on all pairs, by SciPy; places of one cell only.

Every request has a place of its own at which it stays unplaced, so that a full matching
always exists; a cell with room for several stands there several times. Once on the whole,
once on every connected part by itself. SciPy cannot be stopped.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import connected_components, min_weight_full_bipartite_matching

from benchmarks.pairs import Pairs
from benchmarks.peers.faces import Face, Weighted, solve_by_faces
from benchmarks.peers.peer import Answer, Peer, PeerError, PeerLimits
from engine.arrays import Int, Ragged, ranges

_EXACT = 1 << 53
"""Whole numbers below are exact in float64, and so are their sums up to here."""


def lapjvsp_whole(pairs: Pairs, limits: PeerLimits) -> Answer:
    """Solve group after group of levels as one assignment."""
    return solve_by_faces(pairs, limits, _assign, _largest(pairs))


def lapjvsp_split(pairs: Pairs, limits: PeerLimits) -> Answer:
    """Solve group after group of levels, every connected part by itself."""
    return solve_by_faces(pairs, limits, _assign_parts, _largest(pairs))


def _largest(pairs: Pairs) -> Callable[[Face], int]:
    """What one request may cost, so that the sums of all stay exact."""
    count = max(1, pairs.num_requests)

    def largest(face: Face) -> int:
        bonus = count if face.must_fill.any() else 0  # times the largest cost, for full cells
        return _EXACT // (count * (1 + bonus)) - 2

    return largest


def _assign(pairs: Pairs, face: Face, cost: Weighted) -> Int:
    """The cheapest full matching; pairs taken, by index.

    A cell that must be full is cheaper by more than all that plans can differ by, so that as
    many such cells are filled as can be: all of them.
    """
    num_requests, room = pairs.num_requests, pairs.room
    request, cell = pairs.request[face.pair], pairs.first_cell[face.pair]
    first_seat = np.cumsum(room) - room
    dearest = np.zeros(num_requests, np.int64)
    np.maximum.at(dearest, request, cost.pair)
    np.maximum(dearest, cost.stay, out=dearest)
    more = 1 + int(dearest.sum()) if face.must_fill.any() else 0
    pair = np.repeat(np.arange(len(face.pair)), room[cell])
    seat = ranges(first_seat[cell], room[cell])
    pair_cost = cost.pair + np.where(face.must_fill[cell], 0, more)
    staying = np.flatnonzero(face.may_stay)
    num_seats = int(room.sum())
    rows = np.concatenate([request[pair], staying])
    columns = np.concatenate([seat, num_seats + staying])
    weight = np.concatenate([pair_cost[pair], cost.stay[staying] + more]) + 1  # 0: no edge
    size = (num_requests, num_seats + num_requests)
    graph = csr_array((weight.astype(np.float64), (rows, columns)), shape=size)
    try:
        row, column = min_weight_full_bipartite_matching(graph)
    except ValueError as error:
        raise PeerError(f"LAPJVsp: {error}") from error
    owner = np.repeat(np.arange(pairs.num_cells_in_all), room)
    taken = column < num_seats
    wanted = row[taken] * pairs.num_cells_in_all + owner[column[taken]]
    key = request * pairs.num_cells_in_all + cell
    order = np.argsort(key)
    return np.sort(face.pair[order[np.searchsorted(key[order], wanted)]])


def _assign_parts(pairs: Pairs, face: Face, cost: Weighted) -> Int:
    """The same for every connected part of the face by itself, put together."""
    num_requests, num_cells = pairs.num_requests, pairs.num_cells_in_all
    request, cell = pairs.request[face.pair], pairs.first_cell[face.pair]
    ends = (request, num_requests + cell)
    size = num_requests + num_cells
    graph = coo_array((np.ones(len(request), np.int8), ends), shape=(size, size))
    count, label = connected_components(graph, directed=False)
    of_pair = Ragged.grouping(label[request], count)
    of_request = Ragged.grouping(label[:num_requests], count)
    of_cell = Ragged.grouping(label[num_requests:], count)
    taken = []
    for part in np.flatnonzero(~of_pair.is_empty).tolist():
        own, asking, cells = of_pair.row(part), of_request.row(part), of_cell.row(part)
        smaller = Pairs(
            request=np.searchsorted(asking, request[own]),
            first_cell=np.searchsorted(cells, cell[own]),
            num_cells=np.ones(len(own), np.int64),
            cost=np.zeros((0, len(own)), np.int64),
            unplaced=np.zeros((0, len(asking)), np.int64),
            room=pairs.room[cells],
            order=np.arange(len(asking)),
            request_of=asking,
            cell_of=cells,
        )
        everything = Face(np.arange(len(own)), face.may_stay[asking], face.must_fill[cells])
        found = _assign(smaller, everything, Weighted(cost.pair[own], cost.stay[asking]))
        taken.append(face.pair[own[found]])
    return np.sort(np.concatenate([np.zeros(0, np.int64), *taken]))


WHOLE = Peer("lapjvsp-whole", lapjvsp_whole, is_single_only=True)
SPLIT = Peer("lapjvsp-split", lapjvsp_split, is_single_only=True)
