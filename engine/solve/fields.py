"""Fields: requests that share roles, solved by flow before there is any matrix.

Where every visit takes one cell, a field is an assignment but for the rules that couple visits
beyond the room of cells, and for what visits cost together. It is solved without those, but for
what holds cells whole (``around``): where the assignment breaks a daily cap, it is solved as a
network. What is found bounds every plan, and where the plans of all fields together satisfy the
other rules too, and cost nothing together, they are optimal.

Only some candidates of a field are listed. The rest is judged by prices, and what would be better
joins the list, until nothing is.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from engine.arrays import Int, Ragged, distinct
from engine.packed import Packed
from engine.shortlist import Shortlist
from engine.side_by_side import side_by_side
from engine.solve.assignment import Assignment, Start
from engine.solve.flow import best_plan, is_searched, start_after
from engine.solve.greedy import greedy
from engine.solve.left_out import LeftOut
from engine.solve.limits import HasTime
from engine.solve.problem import Problem

_FEW_NEW, _FEW_TO_SEARCH = 0.02, 0.5
"""With no more new candidates per request than that, the last prices are near to the next, and
compiled searches go on from the last plan."""


@dataclass(frozen=True, slots=True)
class Field:
    """A plan of a field, if no rule but the room of cells coupled its requests.

    Parameters
    ----------
    requests
        int64 indices, ascending.
    taken
        The candidates chosen.
    values
        int64, shape (L,).
    is_proven
        Whether it is the best; otherwise time was over.
    """

    requests: Int
    taken: Shortlist
    values: Int
    is_proven: bool


def solve_fields(problem: Problem, workers: int, has_time: HasTime) -> list[Field]:
    """Solve the fields in which every visit takes one cell.

    The largest take most of the time. On one thread all others are solved meanwhile, the smallest
    first: where time is over, as many as can be are proven.

    Parameters
    ----------
    workers
        Threads.
    has_time
        Whether to begin another step.

    Returns
    -------
    list
        What was found in time, the largest field first.
    """
    groups = _groups(problem)
    every = range(len(groups))
    turns = [*every[: workers - 1], *reversed(every[workers - 1 :])]
    found = side_by_side(lambda turn: _solved(problem, groups[turn], has_time), turns, workers)
    by_size = sorted(zip(turns, found, strict=True), key=lambda pair: pair[0])
    return [field for _, field in by_size if field is not None]


def _groups(problem: Problem) -> list[Int]:
    """Requests of every field in which a visit takes one cell, the largest field first."""
    survey, requests = problem.survey, problem.requests
    name = survey.field[requests] + 1  # 0: requests that may go nowhere are a field too
    members = Ragged.grouping(name, int(np.max(name, initial=0)) + 1)
    groups = [requests[members.row(row)] for row in np.flatnonzero(~members.is_empty).tolist()]
    single = [group for group in groups if survey.longest[group].max() <= 1]
    return sorted(single, key=lambda group: -int(survey.num_eligible[group].sum()))


def _solved(problem: Problem, requests: Int, has_time: HasTime) -> Field | None:
    """The optimum of one field, or what there was when time was over."""
    listed = problem.model.of_requests(requests)
    unplaced = problem.unplaced_cost[:, requests]
    most = np.maximum(problem.survey.most[:, requests], unplaced)
    left_out = LeftOut(listed, requests, problem.sieve, has_time)
    around, is_capped = problem.around, False
    last: _Last | None = None
    found: Field | None = None
    while has_time():
        cell, place = distinct(listed.first_cell)
        assignment = _assignment(listed, requests, place, problem.sieve.room[cell], unplaced, most)
        capped = around.beside(assignment, cell)
        if is_capped:
            assignment = capped
        start = None if last is None else last.start(assignment, cell)
        best = best_plan(assignment, start, has_time)
        if best is None:
            break
        arcs, proofs = best
        found = _field(listed, requests, assignment, arcs)
        if not capped.has_room(arcs):
            is_capped, last = True, None
            continue
        if left_out.are_dearer(proofs, [around.prices(cell, proof.price) for proof in proofs]):
            return replace(found, is_proven=True)
        if left_out.better is None:
            break
        few = _FEW_TO_SEARCH if is_searched(assignment) else _FEW_NEW
        is_near = len(left_out.better) <= few * len(requests)
        is_near &= not is_capped
        last = _Last.of(problem, assignment, arcs, cell) if is_near else None
        listed = listed.with_new(left_out.better)
    return found


def _field(listed: Packed, requests: Int, assignment: Assignment, arcs: Int) -> Field:
    """The plan of some arcs, of which nothing is proven yet."""
    column = assignment.column[arcs]
    taken = listed.chosen(np.sort(column[column >= 0]))
    return Field(requests, taken, assignment.cost[:, arcs].sum(axis=1), is_proven=False)


@dataclass(frozen=True, slots=True)
class _Last:
    """What a round leaves to the next.

    Parameters
    ----------
    price
        int64, shape (K,): of all cells of the snapshot.
    cell
        int64, shape (R,): that each request has; K: none.
    """

    price: Int
    cell: Int

    @classmethod
    def of(cls, problem: Problem, assignment: Assignment, arcs: Int, cell: Int) -> _Last | None:
        """Of the best plan, where the assignment's places are some cells."""
        start = start_after(assignment, arcs)
        if start is None:
            return None
        price = np.zeros(len(problem.sieve.room), np.int64)
        price[cell] = start.price
        return cls(price, np.append(cell, len(price))[assignment.place[arcs]])

    def start(self, assignment: Assignment, cell: Int) -> Start:
        """The same where the assignment has more arcs, and its places are other cells."""
        of_arc = np.append(cell, len(self.price))[assignment.place]
        kept = np.flatnonzero(of_arc == self.cell[assignment.request])
        return Start(self.price[cell], kept)


def _assignment(
    listed: Packed, requests: Int, place: Int, seats: Int, unplaced: Int, most: Int
) -> Assignment:
    """Requests and their places; the last arc of everybody is to be left unplaced."""
    who = listed.request
    first = np.searchsorted(who, requests)
    end = np.searchsorted(who, requests, side="right")
    everybody = np.arange(len(requests))
    last = end + everybody
    is_listed = np.ones(len(who) + len(requests), np.bool_)
    is_listed[last] = False
    cost = np.empty((len(unplaced), len(is_listed)), np.int64)
    cost[:, last] = unplaced
    for level, own in enumerate(listed.costs):
        cost[level, is_listed] = own
    return Assignment(
        num_requests=len(requests),
        request=np.insert(np.repeat(everybody, end - first), end, everybody),
        place=np.insert(place, end, len(seats)),
        column=np.insert(np.arange(len(who)), end, -1),
        cost=cost,
        seats=seats,
        parent=np.full(len(seats), len(seats)),
        most=most,
    )


def stand_together(problem: Problem, fields: list[Field]) -> bool:
    """Whether plans of fields satisfy, together, the rules that were left out, and cost no more
    together than each by itself.
    """
    matrix = problem.matrix_of(Shortlist.joined([field.taken for field in fields]))
    if not matrix.num_rows:
        return True
    chosen = greedy(matrix, first=np.arange(matrix.num_candidates))
    if not chosen[: matrix.num_candidates].all():
        return False
    apart = np.sum([field.values for field in fields], axis=0)
    return np.array_equal(matrix.values(chosen), apart)
