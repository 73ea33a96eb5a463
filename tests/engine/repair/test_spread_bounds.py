"""Bounds of a limit that is spread: what is said of components holds for all of them together."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from itertools import product, zip_longest
from typing import Any, NamedTuple

import numpy as np
import pytest
from clinic import Clinic, at
from hypothesis import given
from hypothesis import strategies as st
from told import ANYBODY

from engine.arrays import Int
from engine.candidates import Candidates
from engine.domain import DoctorWish, Wishes
from engine.events.events import DoctorAbsent
from engine.repair import searches, spread
from engine.repair.extent import Extent
from engine.repair.repair import repair
from engine.solve import solution
from engine.solve.allowance import Allowance
from engine.solve.limits import Limits
from engine.solve.problem import Problem
from engine.solve.solved import Solved, SolvedPart
from engine.solve.solver import solve

FAST = Limits(deterministic=True, workers=1)
USE = 2
"""The level of what is limited, of four."""


Costs = tuple[int, ...]
"""Of a plan, level by level."""


class Known(NamedTuple):
    """Components, each with a plan for every use of the limit, and what runs found of them."""

    plans: list[list[Costs]]
    found: list[list[Costs]]
    spread: spread._Spread
    more: int


def least(plans: list[list[Costs]], limit: int) -> Costs:
    """What any choice of plans within a limit costs at least, one of each component."""
    sums = (tuple(map(sum, zip(*choice, strict=True))) for choice in product(*plans))
    return min(costs for costs in sums if costs[USE] <= limit)


def _costs(part: SolvedPart) -> Costs:
    return tuple(part.values.tolist())


def run_of(parts: Sequence[SolvedPart]) -> Solved:
    """A run that did not come to its end."""
    nothing = np.zeros(4, np.int64)
    return Solved(Candidates.none(), nothing, nothing, "time_limit", tuple(parts), 0.0)


def spread_of(allowance: Allowance, count: int, *runs: Sequence[SolvedPart]) -> spread._Spread:
    """What runs with none, one, two … of the limit, and at last all of it, found of components."""
    *less, whole = map(run_of, runs)
    made = spread._Spread(allowance, np.arange(count), whole)
    for more, run in enumerate(less):
        made.add(more, run)
    return made


@st.composite
def known_parts(draw: st.DrawFn) -> Known:
    """Two or three components that use some of the limit, and perhaps one that uses none; what
    runs found need not be the best, and bounds hold, but need not be tight.
    """
    few, most = st.integers(0, 3), draw(st.integers(1, 2))
    more, count = most + draw(st.integers(0, 1)), draw(st.integers(2, 3))
    plans: list[list[Costs]] = [
        [(0, draw(few), use, draw(few)) for use in range(most + 1)] for _ in range(count)
    ]
    runs = [
        [_part(draw, row, own[: run + 1]) for row, own in enumerate(plans)] for run in range(most)
    ]
    within = [range(more - less + 1) for less in range(1, more + 1)]
    runs.append([_part(draw, row, own, within) for row, own in enumerate(plans)])
    if draw(st.booleans()):
        plans.append([(0, draw(few), 0, draw(few))])
        runs[-1].append(_part(draw, count, plans[-1]))
    allowance = Allowance(USE, 0, np.zeros(len(plans), np.int64), more)
    made = spread_of(allowance, count, *runs)
    found = [[_costs(part) for part in parts if part is not None] for parts in zip_longest(*runs)]
    return Known(plans, found, made, more)


def _part(
    draw: st.DrawFn, row: int, allowed: list[Costs], within: Sequence[range] = ()
) -> SolvedPart:
    """What a run found of a component, as a rule the best."""
    found = draw(st.sampled_from([min(allowed)] * 3 + allowed))
    with_less = [_bounds(draw, allowed[: len(uses)], found) for uses in within]
    bounds = _bounds(draw, allowed, found)
    return SolvedPart(np.array([row]), "", np.array(found), bounds, None, tuple(with_less))


def _bounds(draw: st.DrawFn, allowed: list[Costs], found: Costs) -> Int:
    """Bounds of every level for plans that are no worse above than what was found; anything where
    there is none.
    """
    bounds = []
    for level in range(4):
        above = [np.array(plan[:level]) <= found[:level] for plan in allowed]
        good = [plan[level] for plan, is_good in zip(allowed, above, strict=True) if all(is_good)]
        bounds.append(max(0, min(good, default=99) - draw(st.sampled_from((0, 0, 0, 1, 9)))))
    return np.array(bounds)


@given(known_parts())
def test_bounds_hold_for_every_way_to_share_the_limit(known: Known) -> None:
    """Whatever was found of components and however little is proven: the best of it is taken, no
    choice of plans is better than a bound where it is as good above, and what is proven is best.
    """
    for limit in range(known.more + 1):
        found, best = known.spread.best(limit), least(known.plans, limit)
        values, bounds = tuple(found.values.tolist()), found.bounds.tolist()
        assert values == least(known.found, limit)
        assert all(found.bounds <= found.values)
        for level in range(4):
            if values[:level] == best[:level]:
                assert bounds[level] <= best[level]
        if found.stopped == "proven":
            assert values == best


def test_prices_of_the_whole_limit_prove_what_runs_with_less_do_not() -> None:
    """Two components, each with two left who could be spared by one more each. With the limit of
    one, and with none, runs claim nothing, and the prices of the whole are exact. A third leaves
    one whatever is done, and displaces one.
    """
    nothing = np.zeros(4, np.int64)
    left = [np.array([0, 2 - use, use, 0]) for use in range(3)]
    with_less = (left[1], left[0])
    runs = [
        [SolvedPart(np.array([row]), "", values, nothing) for row in range(2)]
        for values in left[:2]
    ]
    whole = (SolvedPart(np.array([row]), "", left[2], left[2], None, with_less) for row in range(2))
    rest = SolvedPart(np.array([2]), "", left[1], left[1])
    allowance = Allowance(USE, 0, np.array([0, 0, 1]), 2)
    made = spread_of(allowance, 2, *runs, [*whole, rest])
    for limit in range(3):
        found = made.best(limit)
        assert found.values.tolist() == [0, 5 - limit, 1 + limit, 0]
        assert found.bounds.tolist() == [0, 5 - limit, 1, 0]


def test_a_run_that_is_not_chosen_need_not_be_proven() -> None:
    """A run with none of the limit proves nothing of one of two components; but with one more
    displaced, one fewer is left, which is proven, and no plan with less is better.
    """
    one, none = np.array([0, 1, 1, 7]), np.array([0, 2, 0, 5])
    own = [
        SolvedPart(np.array([0]), "", none, np.array([0, 1, 0, 0])),
        SolvedPart(np.array([0]), "", one, one),
    ]
    other = SolvedPart(np.array([1]), "", none, none)
    allowance = Allowance(USE, 0, np.array([0, 0]), 1)
    made = spread_of(allowance, 2, *([part, other] for part in own))
    found = made.best(1)
    assert found.values.tolist() == found.bounds.tolist() == [0, 3, 1, 12]
    assert found.stopped == "proven"


@pytest.mark.parametrize("needed", [0, 1])
def test_where_one_uses_less_than_it_needs_nothing_is_claimed(needed: int) -> None:
    """What it does without could be another's: no bound holds, however much is proven of each."""
    values = np.array([0, 1, 0, 5])
    parts = [SolvedPart(np.array([row]), "", values, values) for row in range(2)]
    allowance = Allowance(USE, 0, np.array([needed, 0]), 1)
    found = spread_of(allowance, 2, parts).best(1)
    assert found.values.tolist() == [0, 2, 0, 10]
    assert found.bounds.tolist() == ([0] * 4 if needed else [0, 2, 0, 10])


@pytest.fixture
def solves(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, Solved]]:
    """What searches find while nothing but relaxations proves anything, and with how much more."""
    found: list[tuple[int, Solved]] = []

    def solve_and_tell(problem: Problem, *args: Any, **more: Any) -> Solved:
        assert problem.allowance is not None
        found.append((problem.allowance.more, solve(problem, *args, **more)))
        return found[-1][1]

    monkeypatch.setattr(solution, "simple_bounds", lambda _, values: np.zeros_like(values))
    monkeypatch.setattr(searches, "solve", solve_and_tell)
    return found


def in_a_row(clinic: Clinic, name: str, count: int) -> None:
    """Some lose a place of half an hour with one doctor, and could have those of as many with
    another, who could go to a third.
    """
    clinic.visit_type("long", minutes=30)
    for number in range(3):
        doctor = f"{name}-{number}"
        clinic.doctor(doctor).role(doctor, doctor_id=doctor)
        end = at("09:00", 3) + timedelta(minutes=30 * count)
        clinic.session("09:00", f"{end:%H:%M}", day=3, role_id=doctor)
    for number in range(2 * count):
        first, kind, minutes = (0, "long", 30) if number < count else (1, "visit", 15)
        doctors = tuple(DoctorWish(doctor_id=f"{name}-{first + more}") for more in range(2))
        wishes, request = Wishes(doctors=doctors), f"{name}-request-{number}"
        clinic.request(request, visit_type_id=kind, wishes=wishes, insists_on=("doctors",))
        start = at("09:00", 3) + timedelta(minutes=30 * (number % count))
        end, role_id = start + timedelta(minutes=minutes), f"{name}-{first}"
        clinic.appointment(f"{start:%H:%M}", f"{end:%H:%M}", 3, request, role_id=role_id)


def test_every_component_says_what_it_would_cost_with_less(
    solves: list[tuple[int, Solved]],
) -> None:
    """Two components in which each who is displaced spares one of four. Where each may displace
    two, prices say that three or four would be left with less; who could not use so much says
    nothing.
    """
    clinic = Clinic()
    for name, count in (("a", 4), ("b", 4), ("c", 1)):
        in_a_row(clinic, name, count)
    out = [
        DoctorAbsent(doctor_id=f"{name}-0", start=at("00:00", 3), end=at("00:00", 4))
        for name in "abc"
    ]
    found = repair(clinic.dataset(), out, ANYBODY, Extent(max_additional=2), FAST)
    assert [(point.additional, point.unplaced[3]) for point in found.points] == [
        (0, 9),
        (1, 8),
        (2, 7),
    ]
    assert found.is_proven
    routine = found.points[0].policy.levels.index("unplaced_routine")
    whole = next(solved for more, solved in solves if more == 2)
    bounds = [[row[routine] for row in (part.bounds, *part.with_less)] for part in whole.parts]
    assert sorted(bounds) == [[0], [2, 3, 4], [2, 3, 4]]
    [alone] = (part for part in whole.parts if len(part.requests) == 2)
    assert alone.bounds_with_less(2) is alone.bounds
