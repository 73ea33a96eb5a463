"""Compiled searches: a plan of least weight and its prices, wherever they begin."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import linear_sum_assignment

from engine.arrays import NONE, Int
from engine.solve.assignment import Assignment, Start

pytest.importorskip("numba", reason="searches are compiled by Numba")

from engine.solve.augmenting import searched

FAR = 1 << 52


def settled(problem: Assignment, weight: Int, start: Start, turns: Int) -> tuple[Int, Int]:
    """Arcs and prices, however long it takes."""
    found = searched(problem, weight, start, turns, lambda: True)
    assert found is not None
    return found


def crowd(seed: int, most: int) -> Assignment:
    """Up to 12 requests that want up to 6 places of 1 or 2 seats; the smaller ``most`` is, the
    more arcs weigh the same. To be left unplaced is one more arc of everybody.
    """
    draw = np.random.default_rng(seed)
    num_requests, num_places = int(draw.integers(1, 13)), int(draw.integers(1, 7))
    wanted = draw.random((num_requests, num_places)) < draw.random()
    request, place = np.nonzero(np.append(wanted, np.ones((num_requests, 1), np.bool_), axis=1))
    weight = draw.integers(0, most + 1, (1, len(request))) * (1 + 2 * (place == num_places))
    seats = draw.integers(1, 3, num_places)
    return Assignment(
        num_requests=num_requests,
        request=request,
        place=place,
        column=np.arange(len(request)),
        cost=weight,
        seats=seats,
        parent=np.full(num_places, num_places),
        most=np.maximum.reduceat(weight, np.searchsorted(request, np.arange(num_requests)), axis=1),
    )


def least(problem: Assignment) -> int:
    """What a plan weighs at least, by a table of requests and seats."""
    seat = np.repeat(np.arange(len(problem.seats)), problem.seats)
    table = np.full((problem.num_requests, len(seat) + problem.num_requests), FAR)
    for request, place, weight in zip(problem.request, problem.place, problem.cost[0], strict=True):
        columns = seat == place
        table[request, np.flatnonzero(columns)] = weight
        if place == len(problem.seats):
            table[request, len(seat) + request] = weight
    return int(table[linear_sum_assignment(table)].sum())


def require_proof(problem: Assignment, weight: Int, arc: Int, price: Int) -> None:
    """Everybody has one arc, places are not overfull, only full ones have a price, and nobody
    could do better.
    """
    everybody = np.arange(problem.num_requests)
    assert problem.request[arc].tolist() == everybody.tolist()
    used = problem.seats_taken(arc)
    assert np.all(used <= problem.seats)
    assert np.all(price >= 0)
    assert not price[used < problem.seats].any()
    paid = weight + np.append(price, 0)[problem.place]
    best = np.minimum.reduceat(paid, np.searchsorted(problem.request, everybody))
    assert paid[arc].tolist() == best.tolist()


@given(st.integers(0, 1 << 32), st.sampled_from([0, 2, 9, 1 << 46]))
def test_the_plan_weighs_least_and_its_prices_prove_it(seed: int, most: int) -> None:
    """With nothing to begin with, among many equals, where few have room, in large numbers."""
    problem = crowd(seed, most)
    turns = np.arange(problem.num_requests)
    arc, price = settled(problem, problem.cost[0], Start.of_nothing(problem), turns)
    require_proof(problem, problem.cost[0], arc, price)
    assert problem.cost[0, arc].sum() == least(problem)


def test_who_could_not_be_left_unplaced_must_find_a_seat() -> None:
    """Two who want one seat, and nothing else: said, not searched for ever."""
    zero = np.zeros(2, np.int64)
    problem = replace(
        crowd(seed=0, most=0),
        num_requests=2,
        request=np.arange(2),
        place=zero,
        seats=np.ones(1, np.int64),
    )
    with pytest.raises(ValueError, match="no arc that takes no seat"):
        settled(problem, zero, Start.of_nothing(problem), np.arange(2))


@pytest.mark.parametrize("asked", range(3))
def test_without_time_nothing_is_said(asked: int) -> None:
    """Before requests search, or before places do: what there is by then proves nothing."""
    problem = crowd(seed=1, most=9)
    answers = iter([True] * asked)
    turns = np.arange(problem.num_requests)
    start = Start.of_nothing(problem)
    found = searched(problem, problem.cost[0], start, turns, lambda: next(answers, False))
    assert (found is None) == (asked < 2)


@given(st.integers(0, 1 << 32), st.sampled_from([2, 9, 1 << 46]), st.data())
def test_where_searches_begin_decides_nothing(seed: int, most: int, data: st.DataObject) -> None:
    """From any prices and any arcs, some of them of places that are overfull then, whoever is
    first; and from those of other weights, as from one round of a field to the next.
    """
    problem = crowd(seed, most)
    draw = np.random.default_rng(data.draw(st.integers(0, 1 << 32)))
    first = np.searchsorted(problem.request, np.arange(problem.num_requests))
    count = np.diff(first, append=len(problem.request))
    some = np.where(draw.random(len(first)) < 0.7, first + draw.integers(0, count), NONE)
    start = Start(draw.integers(0, most, len(problem.seats)), some)
    other = draw.permuted(problem.cost[0])
    for weight in (other, problem.cost[0]):
        turns = draw.permutation(problem.num_requests)
        arc, price = settled(problem, weight, start, turns)
        require_proof(problem, weight, arc, price)
        start = Start(price, arc)
    assert problem.cost[0, arc].sum() == least(problem)
