"""Pairs: what the peers are given is what the engine would consider."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from clinic import Clinic, at

from benchmarks.instances import Instance
from benchmarks.pairs import OtherRulesError, Pairs, TooManyPairsError, make_pairs, plan_of
from engine.policy import Policy
from engine.seats import Seats
from engine.snapshot import take_snapshot
from engine.solve.problem import Problem
from engine.verify.judge import verify

POLICY = Policy.default()


def pairs_of(clinic: Clinic, policy: Policy = POLICY) -> Pairs:
    """All pairs of a clinic."""
    dataset = clinic.dataset()
    return make_pairs(dataset, take_snapshot(dataset), policy)


def test_pairs_are_all_that_the_engine_considers() -> None:
    """As many pairs, as many cells and the same costs as in the engine's matrix."""
    instance = Instance.named("multi-tight-60x10x5")
    pairs, matrix = instance.pairs(), Problem(instance.snapshot, instance.policy).matrix
    assert len(pairs) == matrix.num_candidates
    count, requests = matrix.num_candidates, matrix.num_requests
    assert np.array_equal(pairs.request, matrix.request[:count])
    assert np.array_equal(pairs.cost, matrix.cost[:, :count])
    assert np.array_equal(pairs.unplaced, matrix.cost[:, count : count + requests])
    assert not pairs.is_single
    assert Instance.named("single-tight-60x10x5").pairs().is_single


def test_values_are_those_of_the_judges() -> None:
    """What pairs say of a plan is what the judges count, and nothing is broken."""
    instance = Instance.named("multi-tight-60x10x5")
    pairs = instance.pairs()
    _, first = np.unique(pairs.request, return_index=True)
    chosen = next(first[:n] for n in range(len(first), 0, -1) if pairs.is_feasible(first[:n]))
    verdict = verify(
        instance.snapshot, instance.policy, plan_of(instance.snapshot, pairs.taken(chosen))
    )
    assert len(chosen) > 1
    assert verdict.violations == ()
    assert verdict.values.tolist() == pairs.values(chosen).tolist()


def test_a_plan_that_takes_too_much_is_not_feasible() -> None:
    """Two places for one request, or two requests in one cell with room for one."""
    pairs = pairs_of(Clinic().session("09:00", "09:30").request("ann").request("bob"))
    assert pairs.request.tolist() == [0, 0, 1, 1]
    assert pairs.first_cell.tolist() == [0, 1, 0, 1]
    assert pairs.is_feasible(np.array([0, 3]))
    assert not pairs.is_feasible(np.array([0, 2]))
    assert not pairs.is_feasible(np.array([0, 1]))


def test_requests_are_in_the_order_in_which_they_were_made() -> None:
    """By the instant, whatever the clocks showed; at the same instant as they are listed."""
    clinic = Clinic(as_of=at("12:00")).session(day=1)
    for name, created in (
        ("late", "2026-03-02T09:30:00-05:00"),
        ("early", "2026-03-02T10:00:00+01:00"),
        ("also-late", "2026-03-02T14:30:00+00:00"),
        ("first", "2026-03-01T23:00:00-05:00"),
    ):
        clinic.request(name, created=at("12:00").fromisoformat(created))
    assert pairs_of(clinic).order.tolist() == [3, 1, 0, 2]


def test_pairs_come_back_from_a_file(tmp_path: Path) -> None:
    """Every array is as it was."""
    pairs = Instance.named("multi-loose-30x8x3").pairs()
    pairs.save(tmp_path / "pairs.npz")
    again = Pairs.load(tmp_path / "pairs.npz")
    for name in Pairs.__dataclass_fields__:
        assert np.array_equal(getattr(pairs, name), getattr(again, name)), name
        assert getattr(again, name).dtype == np.int64


def test_no_pairs_come_back_from_a_file(tmp_path: Path) -> None:
    """A world in which nobody can go anywhere."""
    pairs = pairs_of(Clinic().request("ann"))
    pairs.save(tmp_path / "pairs.npz")
    again = Pairs.load(tmp_path / "pairs.npz")
    assert len(again) == 0
    assert again.values(np.zeros(0, np.int64)).sum() == 1


def test_too_many_pairs_are_refused() -> None:
    """The limit itself is allowed."""
    instance = Instance.named("single-tight-60x10x5")
    count = len(instance.pairs())
    assert len(instance.pairs(count)) == count
    with pytest.raises(TooManyPairsError, match=f"more than {count - 1:,} pairs"):
        instance.pairs(count - 1)


def test_rules_that_the_peers_do_not_know_are_refused() -> None:
    """Two visits of one patient at a time: the peers would solve another problem."""
    clinic = Clinic().doctor("other").role("other", doctor_id="other")
    clinic.session("09:00", "09:15").session("09:00", "09:15", role_id="other")
    clinic.request("one", "ann").request("two", "ann")
    with pytest.raises(OtherRulesError, match="slot_capacity"):
        pairs_of(clinic)


def test_an_objective_that_counts_together_is_refused() -> None:
    """The spread of load has no cost per pair."""
    clinic = Clinic().session("09:00", "10:00").request("ann").request("bob")
    with pytest.raises(OtherRulesError):
        pairs_of(clinic, POLICY.replace("load_spread"))


def test_cells_have_the_room_that_the_policy_gives() -> None:
    """Seats of the session, and those of overbooking."""
    clinic = Clinic().session("09:00", "09:30", capacity=2).request("ann")
    policy = POLICY.with_seats(Seats(overbooking=0.5))
    assert pairs_of(clinic).room.tolist() == [2, 2]
    assert pairs_of(clinic, policy).room.tolist() == [3, 2]
