"""What the peers are given: every eligible pair of a request and a place, ready-made.

The engine decides who may go where and what it costs (``engine.eligible``,
``engine.shortlist.candidate_costs``); nothing is decided here, and no loop runs over pairs.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np

from engine.arrays import Int, ranges
from engine.candidates import Candidates
from engine.costs import candidate_costs, unplaced_costs
from engine.domain import Dataset
from engine.eligible import candidates_by_chunk
from engine.plan import PLACED, Plan
from engine.policy import Policy
from engine.shortlist import Shortlist
from engine.snapshot import Snapshot
from engine.solve.matrix import build_matrix
from engine.time_grid import elapsed


class TooManyPairsError(ValueError):
    """There are more pairs than the peers are to be given."""


class OtherRulesError(ValueError):
    """More couples the pairs than their requests and their cells."""


@dataclass(frozen=True, slots=True)
class Taken:
    """Places that requests take; int64, indices in the snapshot.

    Parameters
    ----------
    request
        Whose each is; nobody is named twice.
    first_cell, num_cells
        The cells covered, ``first_cell`` and those after it.
    """

    request: Int
    first_cell: Int
    num_cells: Int


@dataclass(frozen=True)
class Pairs:
    """An assignment problem: P pairs of R requests and places in K cells, at L levels.

    A request takes one pair at most, a cell as many pairs as it has room for. What every
    level counts is minimised, the first level before all others.

    Parameters
    ----------
    request
        int64, shape (P,), ascending, from 0.
    first_cell, num_cells
        int64, shape (P,): the cells covered, ``first_cell`` and those after it, from 0.
    cost
        int64 ≥ 0, shape (L, P): of taking a pair.
    unplaced
        int64 ≥ 0, shape (L, R): of leaving a request unplaced.
    room
        int64 ≥ 1, shape (K,).
    order
        int64, shape (R,): the requests in the order in which they were made.
    request_of, cell_of
        int64, shapes (R,) and (K,): their indices in the snapshot.
    """

    request: Int
    first_cell: Int
    num_cells: Int
    cost: Int
    unplaced: Int
    room: Int
    order: Int
    request_of: Int
    cell_of: Int

    def __len__(self) -> int:
        return len(self.request)

    @property
    def num_levels(self) -> int:
        """L."""
        return len(self.cost)

    @property
    def num_requests(self) -> int:
        """R."""
        return len(self.request_of)

    @property
    def num_cells_in_all(self) -> int:
        """K."""
        return len(self.room)

    @property
    def is_single(self) -> bool:
        """Whether every place is one cell: requests and cells are then a bipartite graph."""
        return bool(np.all(self.num_cells == 1))

    def uses(self) -> tuple[Int, Int]:
        """Every use (index of a pair, cell it covers)."""
        index = np.repeat(np.arange(len(self)), self.num_cells)
        return index, ranges(self.first_cell, self.num_cells)

    def gain(self, level: int) -> Int:
        """Cost of taking a pair instead of leaving its request unplaced; int64, shape (P,)."""
        return self.cost[level] - self.unplaced[level][self.request]

    def values(self, chosen: Int) -> Int:
        """Value of every level if the pairs ``chosen``, by index, are taken; int64, shape (L,)."""
        left = np.ones(self.num_requests, np.bool_)
        left[self.request[chosen]] = False
        return self.cost[:, chosen].sum(axis=1) + self.unplaced[:, left].sum(axis=1)

    def is_feasible(self, chosen: Int) -> bool:
        """Whether no request takes two of the pairs, and no cell more than it has room for."""
        taken = np.bincount(self.request[chosen], minlength=self.num_requests)
        cell = ranges(self.first_cell[chosen], self.num_cells[chosen])
        use = np.bincount(cell, minlength=self.num_cells_in_all)
        return bool(np.all(taken <= 1) and np.all(use <= self.room))

    def taken(self, chosen: Int) -> Taken:
        """The places of the pairs ``chosen``, by index."""
        return Taken(
            self.request_of[self.request[chosen]],
            self.cell_of[self.first_cell[chosen]],
            self.num_cells[chosen],
        )

    def save(self, file: Path) -> None:
        """Write the arrays; of the costs only those levels at which any pair costs something."""
        arrays = {field.name: getattr(self, field.name) for field in fields(self)}
        paid = np.flatnonzero(self.cost.any(axis=1))
        np.savez(file, **(arrays | {"cost": self.cost[paid], "paid": paid}))

    @classmethod
    def load(cls, file: Path) -> Pairs:
        """Read what ``save`` wrote; a level that costs nothing takes no memory until it does."""
        with np.load(file, allow_pickle=False) as stored:
            arrays = {name: stored[name] for name in stored.files}
        paid, cost = arrays.pop("paid"), arrays["cost"]
        arrays["cost"] = np.zeros((len(arrays["unplaced"]), len(arrays["request"])), np.int64)
        arrays["cost"][paid] = cost
        return cls(**arrays)


def make_pairs(
    dataset: Dataset, snapshot: Snapshot, policy: Policy, most: int | None = None
) -> Pairs:
    """Every eligible candidate of the open requests, with its costs; safe to give to peers.

    Raises
    ------
    TooManyPairsError
        There are more than ``most``.
    OtherRulesError
        By ``require_cells_alone``.
    """
    pairs = list_pairs(dataset, snapshot, policy, most)
    require_cells_alone(snapshot, policy, pairs)
    return pairs


def list_pairs(
    dataset: Dataset, snapshot: Snapshot, policy: Policy, most: int | None = None
) -> Pairs:
    """The pairs, whatever else may couple them.

    Raises
    ------
    TooManyPairsError
        There are more than ``most``.
    """
    requests = np.flatnonzero(snapshot.is_open)
    parts: list[Candidates] = []
    for chunk in candidates_by_chunk(snapshot, policy, requests):
        parts.append(chunk)
        if most is not None and sum(map(len, parts)) > most:
            raise TooManyPairsError(f"there are more than {most:,} pairs")
    candidates = Candidates.joined(parts)
    cost = candidate_costs(snapshot, policy, candidates)
    cell_of = np.unique(candidates.cells()[1])
    return Pairs(
        request=np.searchsorted(requests, candidates.request),
        first_cell=np.searchsorted(cell_of, candidates.first_cell),
        num_cells=candidates.num_cells,
        cost=cost,
        unplaced=unplaced_costs(snapshot, policy)[:, requests],
        room=policy.seats.room(snapshot)[cell_of],
        order=_as_made(dataset, requests),
        request_of=requests,
        cell_of=cell_of,
    )


def require_cells_alone(snapshot: Snapshot, policy: Policy, pairs: Pairs) -> None:
    """Raise if, without the room of cells, any row could still bind.

    Raises
    ------
    OtherRulesError
        A rule other than the room of cells couples some of the pairs, or an objective counts what
        several do together: the peers would solve another problem.
    """
    taken = pairs.taken(np.arange(len(pairs)))
    candidates = Candidates.at(snapshot, taken.request, taken.first_cell, taken.num_cells)
    nobody, nothing = np.zeros(0, np.int64), np.zeros((pairs.num_levels, 0), np.int64)
    listed = Shortlist(candidates, pairs.cost, nobody, nothing)
    rules = policy.without("slot_capacity")
    matrix = build_matrix(snapshot, rules, listed, pairs.request_of)
    if matrix.num_rows:
        raise OtherRulesError(
            f"{matrix.num_rows} rows of rules other than slot_capacity bind these pairs"
        )


def _as_made(dataset: Dataset, requests: Int) -> Int:
    """Positions in ``requests`` in the order of ``created``; at once: as they are listed."""
    rows = [dataset.requests[request] for request in requests.tolist()]
    start = dataset.header.as_of
    ago = [elapsed(row.created, start) for row in rows]
    return np.array(sorted(range(len(rows)), key=lambda row: -ago[row]), np.int64)


def plan_of(snapshot: Snapshot, taken: Taken) -> Plan:
    """The plan in which requests take places."""
    places = Candidates.at(snapshot, taken.request, taken.first_cell, taken.num_cells)
    plan = Plan.empty(snapshot)
    plan.state[places.request] = PLACED
    plan.role[places.request], plan.session[places.request] = places.role, places.session
    plan.start[places.request], plan.end[places.request] = places.start, places.end
    return plan
