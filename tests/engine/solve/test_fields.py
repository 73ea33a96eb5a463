"""Fields: solved before there is any matrix, with a few of their candidates, and not believed
where another rule objects.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from brute_force import optimum
from clinic import Clinic
from fields import FAST, always, by_cpsat, few, single, uncoupled, values_of
from hypothesis import given
from hypothesis import strategies as st
from worlds import tiny_worlds

from engine import eligible
from engine.arrays import Bool, Int
from engine.domain import Dataset
from engine.match import match
from engine.snapshot import take_snapshot
from engine.solve import fields, flow, left_out, rounds, solution, solver
from engine.solve.allowance import Allowance
from engine.solve.fields import Field, solve_fields, stand_together
from engine.solve.left_out import LeftOut
from engine.solve.limits import Cancel, Clock, HasTime, Limits
from engine.solve.matrix import Matrix
from engine.solve.problem import Problem
from engine.solve.solution import Solution
from engine.solve.solved import Solved
from engine.solve.solver import solve


@pytest.mark.parametrize("tightness", ["tight", "loose"])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_few_candidates_give_the_optimum_of_all(tightness: str, seed: int) -> None:
    """With one candidate of everybody listed, fields grow to the values that they have with
    all of them, which are those of CP-SAT.
    """
    dataset, policy = single(tightness, seed), uncoupled()
    with_few = few(dataset, policy)
    assert len(with_few.listed.candidates) <= len(with_few.requests)
    assert len(with_few.listed.outsider_request)
    with_all = Problem(take_snapshot(dataset), policy)
    assert not len(with_all.listed.outsider_request)
    assert values_of(with_few) == values_of(with_all) == by_cpsat(dataset, policy)


@pytest.mark.parametrize(
    ("module", "name", "value"),
    [
        (left_out, "_TAKEN_AT_ONCE", 1),
        (flow, "MAX_WEIGHT", 1 << 24),
        (flow, "_TRADES", ()),
        (flow, "SEARCHED", 0),
    ],
)
def test_how_a_field_grows_does_not_change_where_to(
    monkeypatch: pytest.MonkeyPatch, module: object, name: str, value: object
) -> None:
    """One candidate at a time, a proof for every level, no rough weights, compiled searches."""
    dataset, policy = single("tight", 2), uncoupled()
    expected = values_of(Problem(take_snapshot(dataset), policy))
    monkeypatch.setattr(module, name, value)
    assert values_of(few(dataset, policy)) == expected


def test_threads_change_nothing() -> None:
    """Fields side by side are the fields one by one."""
    problem = few(single("loose", 1))
    one, two = (solve_fields(problem, workers, always) for workers in (1, 2))
    assert [field.requests.tolist() for field in one] == [field.requests.tolist() for field in two]
    assert [field.values.tolist() for field in one] == [field.values.tolist() for field in two]


@pytest.mark.parametrize("workers", [1, 2, 9])
def test_small_fields_come_first_beside_the_largest(
    monkeypatch: pytest.MonkeyPatch, workers: int
) -> None:
    """Where time is over, as many as can be are proven: one thread begins with the smallest, the
    others with the largest; and they are told by size all the same.
    """
    problem, begun = few(single("loose", 1)), list[int]()
    eligible = problem.survey.num_eligible

    def solved(_problem: Problem, requests: Int, _has_time: object) -> Int:
        begun.append(int(eligible[requests].sum()))
        return requests

    monkeypatch.setattr(fields, "_solved", solved)
    monkeypatch.setattr(fields, "side_by_side", lambda work, things, _: [*map(work, things)])
    sizes = [int(eligible[requests].sum()) for requests in solve_fields(problem, workers, always)]
    assert sizes == sorted(sizes, reverse=True)
    assert len(sizes) > 2
    assert begun == [*sizes[: workers - 1], *reversed(sizes[workers - 1 :])]


@given(tiny_worlds(max_requests=5, always=("two_roles", "places", "prices")), st.integers(1, 2))
def test_fields_bound_every_plan(dataset: Dataset, keep: int) -> None:
    """What fields cost by themselves, no plan of theirs undercuts; and where they stand together
    and are all there is, they are the optimum.
    """
    problem = few(dataset, keep=keep)
    found = solve_fields(problem, 1, always)
    if not found or sum(len(field.requests) for field in found) < len(problem.requests):
        return
    values = tuple(np.sum([field.values for field in found], axis=0).tolist())
    best = optimum(dataset)
    assert values <= best
    assert not stand_together(problem, found) or values == best


def two_specialties(*names: str) -> Clinic:
    """Two requests of those names' patients, each for a specialty; the first role has one."""
    clinic = Clinic().role("role", specialties=("207R00000X",)).doctor("other")
    for number, (name, specialty) in enumerate(
        zip(names, ("207R00000X", "208000000X"), strict=True)
    ):
        clinic.request(f"r{number}", name, specialty=specialty)
    return clinic


def solved_with_few(clinic: Clinic) -> tuple[Problem, Solved]:
    """A clinic's problem, and its solution."""
    problem = few(clinic.dataset())
    return problem, solve(problem, FAST)


def assert_not_believed(clinic: Clinic) -> None:
    """Two fields whose plans do not stand together; the whole is solved and proven all the same."""
    problem, answer = solved_with_few(clinic)
    found = solve_fields(few(clinic.dataset()), 1, always)
    assert [len(field.requests) for field in found] == [1, 1]
    assert not stand_together(few(clinic.dataset()), found)
    best = optimum(clinic.dataset())
    assert tuple(np.sum([field.values for field in found], axis=0).tolist()) < best
    assert answer.stopped == "proven"
    assert tuple(answer.values.tolist()) == best
    assert answer.values.tolist() == answer.bounds.tolist()
    assert len(problem.listed.candidates) >= 2


def test_a_patient_is_not_in_two_fields_at_once() -> None:
    """Ann needs two specialties, and both are best at nine: she is seen by one of them later."""
    clinic = two_specialties("ann", "ann")
    clinic.role("second", doctor_id="other", specialties=("208000000X",))
    clinic.session("09:00", "09:15").session("09:00", "09:15", role_id="second")
    clinic.session("09:00", "09:15", day=1, role_id="second")
    assert_not_believed(clinic)


def test_a_doctor_is_not_in_two_fields_at_once() -> None:
    """One doctor has two specialties in roles of their own, both from nine: one patient waits."""
    clinic = two_specialties("ann", "bob")
    clinic.role("second", specialties=("208000000X",))
    clinic.session("09:00", "09:15").session("09:00", "09:15", role_id="second")
    clinic.session("09:00", "09:15", day=1, role_id="second")
    assert_not_believed(clinic)


def test_who_belongs_together_over_fields_is_left_out_together() -> None:
    """All or none: where one field has no place left, nobody of the other is placed."""
    clinic = two_specialties("ann", "bob")
    clinic.role("second", doctor_id="other", specialties=("208000000X",))
    clinic.session("09:00", "09:15").link("r0", "r1", all_or_none=True)
    _, answer = solved_with_few(clinic)
    assert answer.stopped == "proven"
    assert len(answer.taken) == 0
    assert tuple(answer.values.tolist()) == optimum(clinic.dataset())


def test_longer_visits_are_no_field() -> None:
    """A visit of two cells is left to the matrix, the fields beside it are solved."""
    clinic = two_specialties("ann", "bob").visit_type("long", minutes=30)
    clinic.role("second", doctor_id="other", specialties=("208000000X",))
    clinic.requests[1] = replace(clinic.requests[1], visit_type_id="long")
    clinic.session("09:00", "10:00").session("09:00", "10:00", role_id="second")
    problem, answer = solved_with_few(clinic)
    assert [field.requests.tolist() for field in solve_fields(problem, 1, always)] == [[0]]
    assert answer.stopped == "proven"
    assert tuple(answer.values.tolist()) == optimum(clinic.dataset())


@pytest.mark.parametrize("seed", [1, 2])
def test_what_visits_cost_together_is_counted_though_fields_know_nothing_of_it(seed: int) -> None:
    """With the load counted fields bound every level but the last; they are not believed where
    their visits cost something together, and the answer is that of CP-SAT alone.
    """
    dataset, policy = single("tight", seed, 20), uncoupled().replace("load_spread")
    found = solve_fields(few(dataset, policy), 1, always)
    apart = np.sum([field.values for field in found], axis=0)
    assert apart[policy.levels.index("load")] == 0
    answer = solve(few(dataset, policy), FAST)
    best = by_cpsat(dataset, policy)
    assert answer.stopped == "proven"
    assert tuple(answer.values.tolist()) == best
    assert tuple(apart.tolist())[:-1] == best[:-1]
    assert stand_together(few(dataset, policy), found) == (best[-1] == 0)
    assert (answer.paths.keys() == {"flow"}) == (best[-1] == 0)


def test_fields_are_believed_where_visits_cost_nothing_together() -> None:
    """A doctor whose blocks have begun every step already: another visit begins none."""
    clinic = Clinic().session("09:00", "10:00").appointment("09:00", "09:45").request("ann")
    policy = uncoupled().replace("load_spread", steps_per_doctor=1)
    problem = few(clinic.dataset(), policy)
    assert stand_together(problem, solve_fields(problem, 1, always))
    answer = solve(few(clinic.dataset(), policy), FAST)
    assert answer.paths == {"flow": 1}
    assert tuple(answer.values.tolist()) == by_cpsat(clinic.dataset(), policy)


def test_without_time_fields_say_nothing_and_there_is_an_answer() -> None:
    """Not a moment is left, or the caller does not want to wait: a plan and honest bounds."""
    dataset = single("tight", 1)
    best = match(dataset, limits=FAST).certificate
    assert best.is_proven
    assert solve_fields(few(dataset), 1, lambda: False) == []
    cancel = Cancel()
    cancel.set()
    answers = [solve(few(dataset), Limits(seconds=0.0)), solve(few(dataset), FAST, cancel=cancel)]
    for answer in answers:
        assert answer.values.tolist() >= [level.value for level in best.levels]
        assert answer.bounds.tolist() <= [level.value for level in best.levels]
    assert [answer.stopped for answer in answers] == ["time_limit", "cancelled"]


@pytest.mark.parametrize("steps", range(1, 12, 2))
def test_time_that_ends_midway_proves_nothing_wrong(steps: int) -> None:
    """However early time is over, a field is proven, or a plan that is no better, or not found."""
    dataset, policy = single("tight", 3), uncoupled()
    all_of_them = solve_fields(Problem(take_snapshot(dataset), policy), 1, always)
    expected = {int(field.requests[0]): field.values.tolist() for field in all_of_them}

    def clock() -> Iterator[bool]:
        yield from (True for _ in range(steps))
        while True:
            yield False

    left = clock()
    found = solve_fields(few(dataset, policy), 1, lambda: next(left))
    assert len(found) < len(all_of_them) or steps > len(all_of_them)
    for field in found:
        best = expected[int(field.requests[0])]
        assert field.values.tolist() == best if field.is_proven else field.values.tolist() >= best


def test_what_was_found_when_time_was_over_is_where_the_search_begins() -> None:
    """There is no time for a look at what is left out: the plan of those listed is kept."""
    problem, left = few(single("tight", 3), uncoupled()), iter([True, True])
    first, nowhere = solve_fields(problem, 1, lambda: next(left, False))
    assert nowhere.is_proven
    assert not first.is_proven
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(solver, "solve_fields", lambda *_: [first])
        answer = solve(problem, Limits(seconds=0.0))
    own = np.isin(answer.taken.request, first.requests)
    assert np.count_nonzero(own) >= len(first.taken.candidates)
    assert len(first.taken.candidates)
    assert answer.stopped == "time_limit"


def test_a_look_hears_in_its_middle_that_time_is_over() -> None:
    """What it has found by then proves nothing, and the plan of those listed is kept."""
    problem, heard = few(single("tight", 3), uncoupled()), list[bool]()

    def first_four() -> bool:  # for who may go nowhere; a round, a look and its first chunk
        heard.append(len(heard) < 4)
        return heard[-1]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(eligible, "_PAIRS_AT_ONCE", 1)
        first, nowhere = solve_fields(problem, 1, first_four)  # no time is left for the others
    assert nowhere.is_proven
    assert not first.is_proven
    assert heard[:5] == [True] * 4 + [False]


def test_fields_leave_time_to_make_a_model_of_the_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    """As much as it takes, and no more than a part of all there is."""
    left, heard = [10.0], list[bool]()
    monkeypatch.setattr(Clock, "left", lambda _: left[0])
    monkeypatch.setattr(solver, "_SECONDS_PER_CANDIDATE", 1e9)

    def no_fields(_problem: Problem, _workers: int, has_time: HasTime) -> list[Field]:
        for left[0] in (2.1, 1.9, 0.0):
            heard.append(has_time())
        return []

    monkeypatch.setattr(solver, "solve_fields", no_fields)
    solve(few(single("tight", 3), uncoupled()), Limits(seconds=10.0))
    assert heard == [True, False, False]


def test_without_a_look_at_what_is_left_out_a_false_value_is_proven(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What the prices are for: were left-out candidates taken for dearer unseen, people would
    be left unplaced though there is room.
    """
    dataset, policy = single("tight", 2), uncoupled()
    expected = values_of(Problem(take_snapshot(dataset), policy))
    monkeypatch.setattr(LeftOut, "are_dearer", lambda *_: True)
    assert values_of(few(dataset, policy)) > expected


@pytest.mark.parametrize("forgotten", ["a price that fell", "what was found and not taken"])
def test_requests_that_are_calm_too_soon_prove_a_false_value(
    monkeypatch: pytest.MonkeyPatch, forgotten: str
) -> None:
    """What a request is asked again for: a cell got cheaper, or more was better than was taken."""
    dataset, policy = single("tight", 1), uncoupled()
    monkeypatch.setattr(left_out, "_TAKEN_AT_ONCE", 2)
    expected, calm = values_of(few(dataset, policy)), LeftOut._calm

    def too_soon(self: LeftOut, judges: list[Any]) -> tuple[Bool, Bool]:
        if forgotten != "a price that fell":
            self._is_known[:] = True
        is_calm, has_fallen = calm(self, judges)
        return is_calm, has_fallen & (forgotten != "a price that fell")

    monkeypatch.setattr(LeftOut, "_calm", too_soon)
    assert values_of(few(dataset, policy)) > expected


def test_nobody_is_calm_where_levels_weigh_otherwise() -> None:
    """What was found to be dearer is dearer still at the same weights; at others it is unknown."""
    problem = few(single("tight", 1, requests=20), uncoupled())
    requests, levels = problem.requests, len(problem.policy.levels)
    worth, price = np.zeros(len(requests), np.int64), np.zeros(len(problem.sieve.room), np.int64)
    judges = [
        left_out._Judge(flow.Proof(np.full(levels, weight), price, worth), price)
        for weight in (1, 2)
    ]
    looked = LeftOut(problem.listed, requests, problem.sieve, always)
    looked._judged, looked._is_known = judges[:1], np.ones(len(requests), np.bool_)
    assert [looked._calm([judge])[0].all() for judge in judges] == [True, False]
    assert not looked._calm(judges)[0].any()


def test_weights_that_know_only_what_is_listed_prove_a_false_value() -> None:
    """What ``Survey.most`` is for: a candidate that is not listed would place somebody more, and
    costs more below than anything listed.
    """
    dataset, policy = single("tight", 4, requests=20), uncoupled()
    expected = by_cpsat(dataset, policy)
    problem = few(dataset, policy)
    assert values_of(problem) == expected
    most = np.zeros_like(problem.survey.most)
    for level, cost in enumerate(problem.listed.cost):
        np.maximum.at(most[level], problem.listed.candidates.request, cost)
    problem.survey = replace(problem.survey, most=most)
    assert values_of(problem) > expected


def test_who_may_go_nowhere_is_a_field_too() -> None:
    """Nobody treats it: unplaced, proven, without a matrix."""
    clinic = Clinic().role("role", specialties=("207R00000X",)).session()
    clinic.request("ann", specialty="208000000X").request("bob", specialty="208000000X")
    problem, answer = solved_with_few(clinic)
    assert answer.paths == {"flow": 1}
    assert answer.stopped == "proven"
    assert "matrix" not in vars(problem.model)
    assert tuple(answer.values.tolist()) == optimum(clinic.dataset())


def test_nobody_asks_for_anything() -> None:
    """No open request: nothing to solve."""
    problem, answer = solved_with_few(Clinic().session())
    assert solve_fields(problem, 1, always) == []
    assert answer.stopped == "proven"
    assert len(answer.taken) == 0


def test_what_fields_choose_is_no_beginning_where_a_limit_holds(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """They know nothing of it; every component begins with the plan that is known to keep it."""
    begun: list[Int] = []

    def first_solution(matrix: Matrix, starts: list[Int], ideal: Bool | None) -> Solution:
        begun.extend(matrix.request[columns] for columns in starts)
        return solution.first_solution(matrix, starts, ideal)

    monkeypatch.setattr(rounds, "first_solution", first_solution)
    clinic = Clinic().session("09:00", "10:00").request("ann").request("bob")
    problem = few(clinic.dataset(), keep=4)
    allowance = Allowance(len(problem.policy.levels) - 1, 0, np.zeros(2, np.int64), 0)
    problem = problem.allowing(allowance, problem.requests)
    fields = solve_fields(problem, 1, always)
    assert [len(field.taken.candidates) for field in fields] == [2]
    rounds.Rounds(problem, FAST, fields, Clock(FAST, Cancel()), None)
    assert begun == []  # nobody was told a place, and none is
    assert sum(field.values[-1] for field in fields) > 0
    assert solve(problem, FAST).values[-1] == 0  # nor are fields the answer
