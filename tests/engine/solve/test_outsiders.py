"""Candidates that are not in the model: a proof must hold for them too."""

from __future__ import annotations

import pytest
from brute_force import optimum
from clinic import Clinic
from hypothesis import given
from hypothesis import strategies as st
from worlds import tiny_worlds

from engine import shortlist
from engine.domain import Dataset, DoctorTerm, DoctorWish, Wishes
from engine.match import match
from engine.policy import Policy
from engine.snapshot import take_snapshot
from engine.solve import flow, problem
from engine.solve.limits import Limits
from engine.solve.problem import Problem
from engine.solve.solved import Solved
from engine.solve.solver import solve

FAST = Limits(deterministic=True, workers=1)


def solved(dataset: Dataset, keep: int) -> Solved:
    """Solve with so few candidates per request in the model at first."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(problem, "KEEP_ALL_BELOW", 0)
        patch.setattr(shortlist, "FEW", 0)
        patch.setattr(shortlist, "LIST_ALL", -1)
        return solve(Problem(take_snapshot(dataset), Policy.default(), keep), FAST)


def test_a_candidate_left_out_may_be_what_makes_room() -> None:
    """Ida at nine needs somebody within a quarter of an hour: Kim's dear place at half past
    nine, which is not in the model, is that. Nothing is proven without it.
    """
    clinic = Clinic()
    for name, start, end in (
        ("a", "09:00", "09:15"),
        ("a2", "10:15", "10:30"),
        ("b", "10:00", "10:15"),
        ("c", "10:30", "10:45"),
        ("c2", "10:30", "10:45"),
        ("d", "09:30", "09:45"),
    ):
        clinic.doctor(name).role(name, doctor_id=name).session(start, end, role_id=name)
    for name, prices in (
        ("ida", {"a": 0.0, "a2": 10.0}),
        ("jon", {"b": 0.0}),
        ("kim", {"c": 0.0, "c2": 0.0, "d": 1.0}),
    ):
        clinic.request(
            name,
            wishes=Wishes(doctors=tuple(DoctorWish(doctor_id=d, days=0.0) for d in prices)),
            insists_on=("doctors",),
            doctor_terms=tuple(DoctorTerm(doctor_id=d, days=p) for d, p in prices.items()),
        )
    clinic.link("ida", "jon", "kim", max_gap_minutes=15)
    answer = solved(clinic.dataset(), keep=2)
    assert answer.stopped == "proven"
    assert tuple(answer.values.tolist()) == optimum(clinic.dataset())


@given(
    dataset=tiny_worlds(max_requests=4, always=("linked", "family", "rooms", "two_roles")),
    keep=st.integers(1, 3),
)
def test_linked_worlds_are_proven_with_few_candidates(dataset: Dataset, keep: int) -> None:
    """With links and rooms too, what is proven with outsiders is the optimum."""
    answer = solved(dataset, keep)
    assert answer.stopped == "proven"
    assert tuple(answer.values.tolist()) == optimum(dataset)
    assert answer.values.tolist() == answer.bounds.tolist()


@pytest.mark.parametrize("weight", [flow.MAX_WEIGHT, 1 << 24])
@given(dataset=tiny_worlds(max_requests=5, always=("two_roles", "prices")), keep=st.integers(1, 2))
def test_prices_prove_what_is_left_out(dataset: Dataset, keep: int, weight: int) -> None:
    """Visits of one cell, judged by prices: the optimum of all candidates, also where every level
    has prices of its own.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(flow, "MAX_WEIGHT", weight)
        answer = solved(dataset, keep)
    assert answer.stopped == "proven"
    assert tuple(answer.values.tolist()) == optimum(dataset)


def test_where_nothing_is_lost_by_it_requests_are_left_unplaced() -> None:
    """A policy that does not count the unplaced has a plan that costs nothing: nobody placed."""
    clinic = Clinic().session("09:00", "10:00").request("ann")
    result = match(clinic.dataset(), Policy.default().without("unplaced_requests"), FAST)
    assert not result.plan.is_placed.any()
    assert result.certificate.is_proven
