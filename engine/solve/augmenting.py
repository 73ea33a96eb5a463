"""An assignment by shortest searches, compiled: it begins anywhere, and gives prices.

Every request without a place searches for the cheapest way to one: it takes a seat, whoever had it
goes on to another, and so on until a seat is free. What is nearer than that gets dearer by the
difference. Where a place with a price has a free seat, the search goes the other way: who would
come, whose seat would be free then, and so on until it is worth nothing; and prices fall.

So prices and a plan that were right for fewer arcs are the beginning for more: only who has
something better now searches. All numbers are whole.

The searches for who has no place are those of R. Jonker and A. Volgenant (Computing 38, 1987).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple, TypeVar

import numpy as np
from numba import njit

from engine.arrays import NONE, Int, Ragged
from engine.solve.assignment import Assignment, Start
from engine.solve.limits import HasTime

_NEVER = 1 << 62
_SEARCHES_AT_ONCE = 64  # in the largest fields some take a hundredth of a second each

F = TypeVar("F", bound=Callable[..., Any])


class Net(NamedTuple):
    """Requests, arcs and places; the last place is nowhere, with a seat for everybody.

    Parameters
    ----------
    first
        int64, shape (R + 1,): arcs of request r are those from ``first[r]`` up to
        ``first[r + 1]``.
    request, place, weight
        int64, shape (A,).
    seats
        int64, shape (P + 1,).
    first_to, arc_to
        int64, shapes (P + 2,) and (A,): the same by place.
    """

    first: Int
    request: Int
    place: Int
    weight: Int
    seats: Int
    first_to: Int
    arc_to: Int


class Stand(NamedTuple):
    """Where the plan stands. Nobody who has an arc could do better at these prices.

    Parameters
    ----------
    price, used
        int64, shape (P + 1,): of every place; and seats that are taken.
    arc
        int64, shape (R,): of every request; -1: none yet.
    guest, after
        int64, shapes (P + 1,) and (R,): who took the last seat of a place; and who before each.
    """

    price: Int
    used: Int
    arc: Int
    guest: Int
    after: Int


class Front(NamedTuple):
    """Places that a search has reached; int64, shape (P + 1,).

    Parameters
    ----------
    distance, through
        How far each is, and by which arc it is reached.
    turn
        The last search that reached it.
    heap, at
        Those that it has yet to go on from, the nearest first; and where each stands there.
    done
        Those that it went on from.
    """

    distance: Int
    through: Int
    turn: Int
    heap: Int
    at: Int
    done: Int


def searched(
    problem: Assignment, weight: Int, start: Start, turns: Int, has_time: HasTime
) -> tuple[Int, Int] | None:
    """The arc of every request in a plan of least weight, and the prices that prove it; int64,
    shapes (R,) and (P,). ``None``: there was no time.

    Parameters
    ----------
    problem
        No place lies in another.
    weight
        int64, shape (A,): of every arc.
    start
        Where to begin.
    turns
        int64, shape (R,): the order in which requests search.
    has_time
        Asked again and again.

    Raises
    ------
    ValueError
        Somebody has no arc that takes no seat, and finds no other.
    """
    num_requests, num_places = problem.num_requests, len(problem.seats) + 1
    to = Ragged.grouping(problem.place, num_places)
    first = np.searchsorted(problem.request, np.arange(num_requests + 1))
    seats = np.append(problem.seats, num_requests)
    whole = (np.ascontiguousarray(row) for row in (problem.request, problem.place, weight))
    request, place, weight = whole
    net = Net(first, request, place, weight, seats, to.offset, to.value)
    of_places = np.zeros((8, num_places), np.int64)
    price, nobody = np.append(start.price, 0), np.full(num_requests, NONE)
    stand = Stand(price, of_places[0], start.arc.copy(), of_places[1] + NONE, nobody)
    front, turn = Front(*of_places[2:]), 0
    _keep(net, stand)
    for begin in range(0, num_requests, _SEARCHES_AT_ONCE):
        if not has_time():
            return None
        turn = _place(net, stand, front, turns[begin : begin + _SEARCHES_AT_ONCE], turn)
    for begin in range(0, num_places, _SEARCHES_AT_ONCE):
        if not has_time():
            return None
        end = min(num_places, begin + _SEARCHES_AT_ONCE)
        turn = _fill_up(net, stand, front, begin, end, turn)
    return stand.arc, stand.price[:-1]


def _compiled(function: F) -> F:
    """Compile a function when it is first called, and keep that on disk where there is a place."""
    compiler: Any = njit  # its types say less than those of the function
    try:
        made: F = compiler(cache=True, nogil=True)(function)
    except RuntimeError:  # nowhere to write
        made = compiler(nogil=True)(function)
    return made


@_compiled
def _keep(net: Net, stand: Stand) -> None:
    """Let those stay who can do no better."""
    for request in range(len(stand.arc)):
        arc = stand.arc[request]
        if arc >= 0:
            place = net.place[arc]
            paid = net.weight[arc] + stand.price[place]
            stand.arc[request] = -1
            if stand.used[place] < net.seats[place] and paid == _least(net, stand, request):
                _take(net, stand, arc)


@_compiled
def _place(net: Net, stand: Stand, front: Front, requests: Int, turn: int) -> int:
    """Search for those of some requests who have no place; the last turn."""
    for request in requests:
        if stand.arc[request] < 0:
            turn += 1
            _seek(net, stand, front, request, turn)
    return turn


@_compiled
def _fill_up(net: Net, stand: Stand, front: Front, begin: int, end: int, turn: int) -> int:
    """Search for places of a range with a price and a free seat; the last turn."""
    for place in range(begin, end):
        while stand.price[place] > 0 and stand.used[place] < net.seats[place]:
            turn += 1
            _fill(net, stand, front, place, turn)
    return turn


@_compiled
def _least(net: Net, stand: Stand, request: int) -> int:
    """What the best arc of a request weighs, the price of its place included."""
    least = _NEVER
    for arc in range(net.first[request], net.first[request + 1]):
        least = min(least, net.weight[arc] + stand.price[net.place[arc]])
    return least


@_compiled
def _take(net: Net, stand: Stand, arc: int) -> None:
    """Give a request the seat that an arc leads to."""
    request, place = net.request[arc], net.place[arc]
    stand.arc[request] = arc
    stand.used[place] += 1
    stand.after[request] = stand.guest[place]
    stand.guest[place] = request


@_compiled
def _leave(net: Net, stand: Stand, request: int) -> None:
    """Take its seat from a request."""
    place = net.place[stand.arc[request]]
    stand.used[place] -= 1
    if stand.guest[place] == request:
        stand.guest[place] = stand.after[request]
        return
    other = stand.guest[place]
    while stand.after[other] != request:
        other = stand.after[other]
    stand.after[other] = stand.after[request]


@_compiled
def _seek(net: Net, stand: Stand, front: Front, request: int, turn: int) -> None:
    """Find the nearest free seat, move everybody on the way there, and raise prices before it."""
    first, _, where, weight, seats, _, _ = net
    price, used, arc_of, guest, after = stand
    far, through, turn_of, heap, at, done = front
    nearest, end, size, num_done = _NEVER, -1, 0, 0
    who, base, worth = request, 0, _least(net, stand, request)
    while True:
        for arc in range(first[who], first[who + 1]):
            place = where[arc]
            distance = base + weight[arc] + price[place] - worth
            if distance >= nearest:
                continue
            if used[place] < seats[place]:
                nearest, end, through[place] = distance, place, arc
            elif turn_of[place] != turn or distance < far[place]:
                if turn_of[place] != turn:
                    turn_of[place], at[place], size = turn, size, size + 1
                far[place], through[place] = distance, arc
                _rise(heap, at, far, place)
        if who != request and after[who] >= 0:
            who = after[who]
        elif size and far[heap[0]] < nearest:
            place, size = _next(heap, at, far, size), size - 1
            done[num_done], num_done = place, num_done + 1
            base, who = far[place], guest[place]
        else:
            break
        worth = weight[arc_of[who]] + price[where[arc_of[who]]]
    if end < 0:
        raise ValueError("a request has no arc that takes no seat")
    for place in done[:num_done]:
        price[place] += nearest - far[place]
    _move(net, stand, through, end, request)


@_compiled
def _move(net: Net, stand: Stand, through: Int, end: int, request: int) -> None:
    """Give a seat to whoever reached a place, then theirs, and so on to who has none."""
    who = NONE
    while who != request:
        arc = through[end]
        who = net.request[arc]
        if who != request:
            end = net.place[stand.arc[who]]
            _leave(net, stand, who)
        _take(net, stand, arc)


@_compiled
def _fill(net: Net, stand: Stand, front: Front, place: int, turn: int) -> None:
    """Find who would take a free seat at the least loss, and who theirs, until the last is worth
    nothing or was nobody's; move them, and lower prices before it.
    """
    _, request, where, weight, _, first_to, arc_to = net
    price, _, arc_of, _, _ = stand
    far, through, turn_of, heap, at, done = front
    nearest, end, num_done = _NEVER, place, 0
    turn_of[place], far[place], heap[0], size = turn, 0, place, 1
    while size and far[heap[0]] < nearest:
        to, size = _next(heap, at, far, size), size - 1
        done[num_done], num_done = to, num_done + 1
        if far[to] + price[to] < nearest:
            nearest, end = far[to] + price[to], to
        for arc in arc_to[first_to[to] : first_to[to + 1]]:
            has = arc_of[request[arc]]
            left = where[has]
            distance = far[to] + weight[arc] + price[to] - weight[has] - price[left]
            if left == to or distance >= nearest:
                continue
            if turn_of[left] != turn or distance < far[left]:
                if turn_of[left] != turn:
                    turn_of[left], at[left], size = turn, size, size + 1
                far[left], through[left] = distance, arc
                _rise(heap, at, far, left)
    for to in done[:num_done]:
        price[to] -= max(0, nearest - far[to])
    while end != place:
        arc = through[end]
        _leave(net, stand, request[arc])
        _take(net, stand, arc)
        end = where[arc]


@_compiled
def _rise(heap: Int, at: Int, far: Int, place: int) -> None:
    """Put a place of a heap before those that are farther."""
    index = at[place]
    while index > 0:
        above = (index - 1) >> 1
        other = heap[above]
        if far[other] <= far[place]:
            break
        heap[index], at[other] = other, index
        index = above
    heap[index], at[place] = place, index


@_compiled
def _next(heap: Int, at: Int, far: Int, size: int) -> int:
    """The nearest place of a heap of that size, which is taken out."""
    nearest, place = heap[0], heap[size - 1]
    index, distance = 0, far[place]
    while 2 * index + 1 < size - 1:
        below = 2 * index + 1
        if below + 2 < size:
            below += far[heap[below + 1]] < far[heap[below]]
        other = heap[below]
        if far[other] >= distance:
            break
        heap[index], at[other] = other, index
        index = below
    heap[index], at[place] = place, index
    return nearest
