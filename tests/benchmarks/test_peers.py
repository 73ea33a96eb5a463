"""Peers: where they are exact they agree with the engine; where they are not they say so."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from worlds import tiny_worlds

from benchmarks.instances import Instance
from benchmarks.pairs import OtherRulesError, Pairs, make_pairs, plan_of
from benchmarks.peers import BY_NAME, PEERS
from benchmarks.peers.faces import Face, Weighted, cell_prices
from benchmarks.peers.ours import ours
from benchmarks.peers.peer import Answer, Peer, PeerError, PeerLimits
from engine.domain import Dataset
from engine.match import match
from engine.policy import Policy
from engine.snapshot import take_snapshot
from engine.solve.limits import Limits
from engine.verify.judge import verify

LIMITS = PeerLimits(seconds=60.0)
POLICY = Policy.default()
EXACT = [peer for peer in PEERS if peer.name != "first-come"]
WORLDS = [
    "single-tight-40x8x3-s0",
    "single-tight-120x15x5-s1",
    "single-loose-60x10x4-s2",
    "multi-tight-60x10x4-s3",
    "multi-loose-25x6x3-s4",
]


def able(pairs: Pairs) -> list[Peer]:
    """The exact peers that take these pairs."""
    return [peer for peer in EXACT if pairs.is_single or not peer.is_single_only]


def values_of(dataset: Dataset) -> tuple[int, ...]:
    """What the engine proves."""
    result = match(dataset, limits=Limits(deterministic=True, workers=1))
    assert result.certificate.is_proven
    return tuple(level.value for level in result.certificate.levels)


def require_true(instance_dataset: Dataset, answer: Answer) -> None:
    """The judges accept the plan and count what the peer counts."""
    assert answer.taken is not None
    snapshot = take_snapshot(instance_dataset)
    verdict = verify(snapshot, POLICY, plan_of(snapshot, answer.taken))
    assert verdict.violations == ()
    assert tuple(verdict.values.tolist()) == answer.values


@pytest.mark.parametrize("name", WORLDS)
def test_every_exact_peer_agrees_with_the_engine_on_every_level(name: str) -> None:
    """On generated worlds: the same values, the same bounds, plans that the judges accept."""
    instance = Instance.named(name)
    pairs, expected = instance.pairs(), values_of(instance.dataset)
    assert len(able(pairs)) == (6 if pairs.is_single else 3)
    for peer in able(pairs):
        answer = peer.solve(pairs, LIMITS)
        assert (answer.status, answer.values, answer.bounds) == ("optimal", expected, expected)
        require_true(instance.dataset, answer)


@given(tiny_worlds(max_requests=5))
@settings(max_examples=60)
def test_every_exact_peer_agrees_on_tiny_worlds(dataset: Dataset) -> None:
    """Seats for two, appointments in the way, day sessions, nobody who can go anywhere."""
    try:
        pairs = make_pairs(dataset, take_snapshot(dataset), POLICY)
    except OtherRulesError:
        assume(False)
    expected = values_of(dataset)
    for peer in able(pairs):
        answer = peer.solve(pairs, LIMITS)
        assert (answer.status, answer.values) == ("optimal", expected), peer.name
        require_true(dataset, answer)


@st.composite
def random_pairs(draw: st.DrawFn) -> Pairs:
    """Pairs without a world: few requests, fewer cells, and costs at three levels."""
    requests, cells = draw(st.integers(1, 6)), draw(st.integers(1, 5))
    room = draw(st.lists(st.integers(1, 2), min_size=cells, max_size=cells))
    every = [(r, k) for r in range(requests) for k in range(cells)]
    some = sorted(draw(st.sets(st.sampled_from(every), max_size=18)))
    costs = st.lists(st.integers(0, 3), min_size=len(some), max_size=len(some))
    left = st.lists(st.integers(0, 4), min_size=requests, max_size=requests)
    return Pairs(
        request=np.array([r for r, _ in some], np.int64),
        first_cell=np.array([k for _, k in some], np.int64),
        num_cells=np.ones(len(some), np.int64),
        cost=np.array([draw(costs) for _ in range(3)], np.int64).reshape(3, -1),
        unplaced=np.array([draw(left) for _ in range(3)], np.int64),
        room=np.array(room, np.int64),
        order=np.arange(requests),
        request_of=np.arange(requests),
        cell_of=np.arange(cells),
    )


def best_of_all(pairs: Pairs) -> tuple[int, ...]:
    """Value of the best of all plans, each tried."""
    plans: list[list[int]] = [[]]
    for request in range(pairs.num_requests):
        own = np.flatnonzero(pairs.request == request).tolist()
        plans = [
            more
            for plan in plans
            for more in (plan, *([*plan, pair] for pair in own))
            if pairs.is_feasible(np.array(more, np.int64))
        ]
    return min(tuple(pairs.values(np.array(plan, np.int64)).tolist()) for plan in plans)


@given(random_pairs())
def test_faces_reach_the_optimum_of_brute_force(pairs: Pairs) -> None:
    """Whatever costs what, one level at a time or several at once."""
    expected = best_of_all(pairs)
    for name in ("lapjvsp-whole", "lapjvsp-split", "whole-flow"):
        assert BY_NAME[name].solve(pairs, LIMITS).values == expected, name


@given(random_pairs())
def test_faces_reach_the_optimum_level_by_level(pairs: Pairs) -> None:
    """Where costs are so small a room that no two levels fit into one number."""
    from benchmarks.peers import faces, lapjvsp

    expected = best_of_all(pairs)
    for find in (lapjvsp._assign, lapjvsp._assign_parts):
        answer = faces.solve_by_faces(pairs, LIMITS, find, lambda _: 4)
        assert answer.values == expected


@given(random_pairs())
@settings(max_examples=40)
def test_models_reach_the_optimum_of_brute_force(pairs: Pairs) -> None:
    """The same for the MIPs and for CP-SAT."""
    expected = best_of_all(pairs)
    for name in ("highs", "scip", "plain-cpsat"):
        answer = BY_NAME[name].solve(pairs, LIMITS)
        assert (answer.status, answer.values) == ("optimal", expected), name


@pytest.mark.parametrize("name", WORLDS)
def test_first_come_first_served_is_feasible_and_never_better(name: str) -> None:
    """It breaks nothing, knows no bound, and is nowhere before the optimum."""
    instance = Instance.named(name)
    answer = BY_NAME["first-come"].solve(instance.pairs(), LIMITS)
    require_true(instance.dataset, answer)
    assert answer.status == "feasible"
    assert set(answer.bounds) == {None}
    assert answer.values is not None
    assert answer.values >= values_of(instance.dataset)


@given(random_pairs())
def test_first_come_takes_what_is_cheapest_for_each_in_turn(pairs: Pairs) -> None:
    """The first gets the cheapest of all its places; nobody is left while a place is free."""
    answer = BY_NAME["first-come"].solve(pairs, LIMITS)
    assert answer.taken is not None
    place = dict(zip(answer.taken.request.tolist(), answer.taken.first_cell.tolist(), strict=True))
    use = np.bincount(answer.taken.first_cell, minlength=pairs.num_cells_in_all)
    assert np.all(use <= pairs.room)
    for request in range(pairs.num_requests):
        own = np.flatnonzero(pairs.request == request)
        if request not in place:
            assert np.all((use >= pairs.room)[pairs.first_cell[own]])
        elif request == pairs.order[0]:
            cheapest = min(tuple(pairs.cost[:, pair]) for pair in own.tolist())
            mine = own[pairs.first_cell[own] == place[request]][0]
            assert tuple(pairs.cost[:, mine]) == cheapest


def test_the_order_of_requests_decides_who_comes_first() -> None:
    """Two want the one cell: who asked first has it, whoever needs it more."""
    two = Pairs(
        *(np.array(row, np.int64) for row in ([0, 1], [0, 0], [1, 1], [[0, 0]], [[1, 9]], [1])),
        order=np.array([0, 1]),
        request_of=np.arange(2),
        cell_of=np.arange(1),
    )
    for order, value in (([0, 1], 9), ([1, 0], 1)):
        answer = BY_NAME["first-come"].solve(replace(two, order=np.array(order)), LIMITS)
        assert answer.values == (value,)


def test_ours_is_the_match() -> None:
    """From arrays to the judged plan the engine finds what ``match`` finds."""
    instance = Instance.named("multi-tight-60x10x4-s3")
    answer = ours(instance.snapshot, instance.policy, LIMITS)
    assert answer.status == "optimal"
    assert answer.values == answer.bounds == values_of(instance.dataset)
    require_true(instance.dataset, answer)


@pytest.mark.parametrize("name", ["highs", "scip", "plain-cpsat"])
def test_a_peer_without_time_claims_nothing(name: str) -> None:
    """No plan, no bound that is not trivially true."""
    pairs = Instance.named("multi-tight-200x30x5-s0").pairs()
    answer = BY_NAME[name].solve(pairs, PeerLimits(seconds=0.0))
    assert (answer.status, answer.taken, answer.values) == ("unknown", None, None)
    assert set(answer.bounds) <= {None, 0}  # nobody emergent: known without a search
    assert answer.bounds[-1] is None


@pytest.mark.parametrize("name", ["highs", "scip", "plain-cpsat"])
def test_a_peer_that_is_stopped_claims_what_is_true(name: str) -> None:
    """What it hands over holds, and its bounds are not above the optimum."""
    instance = Instance.named("multi-tight-60x10x4-s3")
    best, pairs = values_of(instance.dataset), instance.pairs()
    for seconds in (0.02, 0.1, 0.2):
        answer = BY_NAME[name].solve(pairs, PeerLimits(seconds))
        if answer.values is not None:
            require_true(instance.dataset, answer)
            assert answer.values >= best
            assert (answer.status == "optimal") == (answer.bounds == answer.values)
        for bound, value in zip(answer.bounds, best, strict=True):
            assert bound is None or bound <= value


def test_costs_too_large_for_a_solver_are_refused() -> None:
    """A level whose costs are not exact in floats, or overflow, is no result."""
    pairs = Instance.named("single-tight-40x8x3-s0").pairs()
    huge = replace(pairs, cost=pairs.cost + (1 << 60))
    for name in ("lapjvsp-whole", "whole-flow", "highs"):
        with pytest.raises(PeerError, match="large"):
            BY_NAME[name].solve(replace(huge, unplaced=huge.unplaced * 0), LIMITS)


def test_prices_refuse_a_plan_that_is_not_optimal() -> None:
    """The proof that a face rests on does not exist for any other plan."""
    pairs = Pairs(
        *(np.array(row, np.int64) for row in ([0, 0, 1, 1], [0, 1, 0, 1], [1] * 4)),
        cost=np.array([[0, 5, 1, 0]]),
        unplaced=np.array([[9, 9]]),
        room=np.array([1, 1]),
        order=np.arange(2),
        request_of=np.arange(2),
        cell_of=np.arange(2),
    )
    face = Face(np.arange(4), np.ones(2, np.bool_), np.zeros(2, np.bool_))
    cost = Weighted(pairs.cost[0], pairs.unplaced[0])
    assert cell_prices(pairs, face, cost, np.array([0, 3])).tolist() == [0, 0]
    for worse in ([1, 2], [0], []):
        with pytest.raises(PeerError, match="not optimal"):
            cell_prices(pairs, face, cost, np.array(worse, np.int64))
