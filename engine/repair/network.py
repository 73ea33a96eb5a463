"""Who takes which cell when few take part: an assignment with seats for being left unplaced."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.arrays import NONE, Int, distinct
from engine.costs import unplaced_costs
from engine.policy import Policy
from engine.repair.world import World
from engine.shortlist import Shortlist
from engine.snapshot import FORCED
from engine.solve.assignment import Assignment
from engine.solve.flow import optimal_arcs


class UnprovenError(Exception):
    """An assignment was found, but no prices that prove it."""


@dataclass(frozen=True, slots=True)
class Network:
    """Arcs from those who take part to cells, and from the forced to being left unplaced.

    Parameters
    ----------
    listed
        Candidates of those who take part, the places told among them.
    num_requests, num_classes
        How many take part; how many urgency classes there are.
    request, place, column
        int64, shape (A,), by request, then by place: whose it is, from 0; the cell, from 0, or
        the number of cells + the urgency class; index of the candidate, or -1.
    cost
        int64, shape (L, A).
    seats
        int64, shape (cells,).
    levels
        Names of the levels.
    """

    listed: Shortlist
    num_requests: int
    num_classes: int
    request: Int
    place: Int
    column: Int
    cost: Int
    seats: Int
    levels: tuple[str, ...]

    @classmethod
    def of(cls, world: World, links: Shortlist, policy: Policy) -> Network:
        """The network of a world.

        Parameters
        ----------
        links
            What those who take part could take, beside what they were told; others are not
            looked at.
        policy
            Whose objectives are counted.
        """
        snapshot, requests = world.snapshot, world.requests
        room = policy.seats.room(snapshot)
        own = links.candidates
        wanted = np.isin(own.request, requests) & (room[own.first_cell] > 0)
        told = Shortlist.of(snapshot, policy, world.kept)
        listed = told.with_new(links.chosen(np.flatnonzero(wanted)))
        cell, place = distinct(listed.candidates.first_cell)
        forced = np.flatnonzero(snapshot.told.standing[requests] == FORCED)
        unplaced = unplaced_costs(snapshot, policy)[:, requests[forced]]
        classes = [row for row, name in enumerate(policy.levels) if name.startswith("unplaced_")]
        urgency = unplaced[classes].argmax(axis=0)
        request = np.concatenate([np.searchsorted(requests, listed.candidates.request), forced])
        place = np.concatenate([place, len(cell) + urgency])
        order = np.lexsort((place, request))
        column = np.concatenate([np.arange(len(listed.candidates)), np.full(len(forced), NONE)])
        return cls(
            listed=listed,
            num_requests=len(requests),
            num_classes=len(classes),
            request=request[order],
            place=place[order],
            column=column[order],
            cost=np.concatenate([listed.cost, unplaced], axis=1)[:, order],
            seats=room[cell],
            levels=policy.levels,
        )

    def best(self, seats: tuple[int, ...] = (), *, displaced_first: bool = False) -> Int | None:
        """The best plan, proven: the arc of everybody; ``None`` where there is none.

        Parameters
        ----------
        seats
            How many of the first urgency classes may be left unplaced; of the others, all.
        displaced_first
            Whether it matters less who is left unplaced than how many are displaced.

        Raises
        ------
        UnprovenError
            There may be one, but nothing was proven.
        """
        order = list(range(len(self.levels)))
        if displaced_first:
            order.insert(0, order.pop(self.levels.index("displaced")))
        kept, place, limits = self._open(np.array(seats, np.int64))
        owner, cost = self.request[kept], self.cost[order][:, kept]
        first = np.searchsorted(owner, np.arange(self.num_requests))
        if len(np.unique(owner)) < self.num_requests:
            return None
        seats_open = np.concatenate([self.seats, limits])
        problem = Assignment(
            num_requests=self.num_requests,
            request=owner,
            place=place,
            column=self.column[kept],
            cost=cost,
            seats=seats_open,
            parent=np.full(len(seats_open), len(seats_open)),
            most=np.maximum.reduceat(cost, first, axis=1),
        )
        try:
            arcs = optimal_arcs(problem)
        except ValueError:  # more people than seats
            return None
        if arcs is None:
            raise UnprovenError
        return kept[arcs]

    def _open(self, seats: Int) -> tuple[Int, Int, Int]:
        """Arcs that can be used where the first urgency classes have so many seats, the place of
        each, and the seats of the classes that have any.
        """
        num_cells, some = len(self.seats), np.flatnonzero(seats)
        number = np.full(num_cells + self.num_classes, num_cells + len(some))  # nowhere
        number[:num_cells] = np.arange(num_cells)
        number[num_cells : num_cells + len(seats)] = NONE
        number[num_cells + some] = num_cells + np.arange(len(some))
        place = number[self.place]
        kept = np.flatnonzero(place != NONE)
        return kept, place[kept], seats[some]

    def unplaced(self, arcs: Int) -> tuple[int, ...]:
        """People left unplaced, class by class."""
        urgency = self.place[arcs] - len(self.seats)
        return tuple(np.bincount(urgency[urgency >= 0], minlength=self.num_classes).tolist())

    def displaced(self, arcs: Int) -> int:
        """People displaced."""
        return int(self.cost[self.levels.index("displaced"), arcs].sum())

    def values(self, arcs: Int) -> Int:
        """Value of every level; int64, shape (L,)."""
        return self.cost[:, arcs].sum(axis=1)

    def taken(self, arcs: Int) -> Shortlist:
        """The candidates of arcs."""
        column = self.column[arcs]
        return self.listed.chosen(np.sort(column[column >= 0]))
