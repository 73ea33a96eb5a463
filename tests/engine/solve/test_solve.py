"""The matrix, its parts, greedy, bounds, and CP-SAT level by level."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

import numpy as np
import pytest
from clinic import Clinic
from hypothesis import given
from worlds import tiny_worlds

from engine import shortlist
from engine.domain import Dataset
from engine.errors import ModelInvalidError, SolverDisagreementError
from engine.policy import Policy
from engine.snapshot import take_snapshot
from engine.solve import cpsat, levels, problem
from engine.solve.bounds import simple_bounds
from engine.solve.cpsat import CpSatModel
from engine.solve.decompose import cut_out, decompose
from engine.solve.greedy import greedy
from engine.solve.levels import improve
from engine.solve.limits import Budget, Cancel, Limits
from engine.solve.matrix import Matrix
from engine.solve.problem import Problem
from engine.solve.search import SearchLimits
from engine.solve.solution import first_solution

SEARCH = SearchLimits(None, 10.0, 1, 0)
POLICY = Policy.default()


def matrix_of(dataset: Dataset) -> Matrix:
    """The matrix of a dataset with all candidates."""
    return Problem(take_snapshot(dataset), POLICY).matrix


def contended() -> Clinic:
    """Three requests for two cells."""
    return Clinic().session("09:00", "09:30").request("a").request("b").request("c")


@given(tiny_worlds(max_requests=5))
def test_greedy_is_feasible_and_bounds_are_below_it(dataset: Dataset) -> None:
    """Greedy satisfies every row, and no simple bound is above what is found after it."""
    for part in decompose(matrix_of(dataset)):
        start = first_solution(part.matrix)
        assert part.matrix.is_feasible(start.chosen)
        final = improve(part.matrix, start, SEARCH)
        assert part.matrix.is_feasible(final.chosen)
        assert tuple(final.values) <= tuple(start.values)
        assert (final.bounds <= final.values).all()
        assert final.is_proven


@given(tiny_worlds(max_requests=5))
def test_what_is_cut_out_is_what_its_requests_have(dataset: Dataset) -> None:
    """Every component cut out by its requests is that component; all of them are the whole."""
    matrix = matrix_of(dataset)
    for part in decompose(matrix):
        assert_equal(cut_out(matrix, part.request), part.matrix)
    assert_equal(cut_out(matrix, np.arange(matrix.num_requests)), matrix)


def assert_equal(one: Matrix, other: Matrix) -> None:
    """All that two matrices hold."""
    for field in fields(Matrix):
        assert np.array_equal(getattr(one, field.name), getattr(other, field.name)), field.name


@given(tiny_worlds(max_requests=5))
def test_parts_put_together_are_the_whole(dataset: Dataset) -> None:
    """Decomposition loses no column, row or entry that matters, and doubles none."""
    matrix = matrix_of(dataset)
    parts = decompose(matrix)
    columns = np.concatenate([part.column for part in parts]) if parts else np.zeros(0, int)
    assert sorted(columns.tolist()) == list(range(matrix.num_columns))
    assert sum(part.matrix.num_rows for part in parts) == matrix.num_rows
    assert sum(len(part.matrix.coefficient) for part in parts) == len(matrix.coefficient)
    whole = improve(matrix, first_solution(matrix), SEARCH)
    apart = [improve(part.matrix, first_solution(part.matrix), SEARCH) for part in parts]
    total = np.sum([solution.values for solution in apart], axis=0) if parts else whole.values
    assert total.tolist() == whole.values.tolist()


def test_requests_that_share_nothing_need_no_search() -> None:
    """Where everybody has a place of their own, the cheapest plan is proven at once."""
    clinic = Clinic()
    for number in range(3):
        clinic.doctor(f"d{number}").role(
            f"d{number}", doctor_id=f"d{number}", specialties=(f"x{number}",)
        )
        clinic.session(role_id=f"d{number}").request(f"r{number}", specialty=f"x{number}")
    parts = decompose(matrix_of(clinic.dataset()))
    assert len(parts) == 1
    assert first_solution(parts[0].matrix).is_proven


def test_idle_rows_are_left_out() -> None:
    """A cell that only one request can take binds nobody."""
    assert matrix_of(Clinic().session().request("a").dataset()).num_rows == 0
    assert matrix_of(contended().dataset()).num_rows == 2


def test_simple_bounds_respect_the_levels_above() -> None:
    """With nobody unplaced above, staying unplaced is no cheap way out below."""
    matrix = matrix_of(Clinic().session("10:00", "10:15").request("a").dataset())
    solution = first_solution(matrix)
    assert simple_bounds(matrix, solution.values).tolist() == solution.values.tolist()
    assert solution.values[-1] > 0


class LyingSolver:
    """A solver with a made-up answer."""

    def __init__(self, status: Any, bound: float = 0.0) -> None:
        self.parameters: Any = type("Parameters", (), {})()
        self._status = status
        self.best_objective_bound = bound
        self.objective_value = 0.0
        self.deterministic_time = 0.0

    def solve(self, _model: Any, _listener: Any = None) -> Any:
        """Answer at once."""
        return self._status

    def stop_search(self) -> None:
        """Nothing to stop."""

    def status_name(self, status: Any) -> str:
        """Name of the status."""
        return str(status)


def search(monkeypatch: pytest.MonkeyPatch, solver: LyingSolver) -> Any:
    """One search over a contended clinic with a made-up solver."""
    monkeypatch.setattr(cpsat, "make_solver", lambda _limits: solver)
    matrix = matrix_of(contended().dataset())
    return CpSatModel(matrix).minimise(3, greedy(matrix), SEARCH)


def test_false_infeasible_is_a_fault_never_an_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    """The model is always feasible; a solver that says otherwise is not believed."""
    with pytest.raises(SolverDisagreementError):
        search(monkeypatch, LyingSolver(cpsat.cp_model.INFEASIBLE))


def test_refused_model_is_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    """MODEL_INVALID is ours to mend."""
    with pytest.raises(ModelInvalidError):
        search(monkeypatch, LyingSolver(cpsat.cp_model.MODEL_INVALID))


def test_unknown_carries_no_values(monkeypatch: pytest.MonkeyPatch) -> None:
    """After UNKNOWN the solver's objective reads 0.0; we read nothing."""
    answer = search(monkeypatch, LyingSolver(cpsat.cp_model.UNKNOWN))
    assert (answer.status, answer.chosen, answer.bound) == ("unknown", None, 0)


def test_bound_above_a_known_plan_is_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    """A solver that bounds a level above what is known to be feasible is wrong."""
    matrix = matrix_of(contended().dataset())
    start = first_solution(matrix)

    def lie(self: Any, level: int, hint: Any, *_: Any) -> Any:
        del self
        return cpsat.Answer("optimal", hint, int(start.values[level]) + 1, 0.0)

    monkeypatch.setattr(CpSatModel, "minimise", lie)
    monkeypatch.setattr(levels, "relax", lambda *_: None)
    with pytest.raises(SolverDisagreementError, match="is feasible"):
        improve(matrix, replace(start, bounds=np.zeros_like(start.bounds)), SEARCH)


def test_costs_that_cannot_be_added_exactly_are_not_searched() -> None:
    """Beyond 2^53 the plan and its simple bounds stay as they are: less proof, no fault."""
    matrix = matrix_of(contended().dataset())
    huge = replace(matrix, cost=matrix.cost + (1 << 52))
    answer = CpSatModel(huge).minimise(0, greedy(matrix), SEARCH)
    assert (answer.status, answer.chosen, answer.bound) == ("unknown", None, 0)
    start = first_solution(huge)
    assert improve(huge, start, SEARCH).values.tolist() == start.values.tolist()


def test_ties_are_left_where_there_is_no_room_to_break_them() -> None:
    """Costs that fit, but not times the number of outsiders, are searched without it."""
    clinic = contended()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(problem, "KEEP_ALL_BELOW", 0)
        patch.setattr(shortlist, "FEW", 0)
        patch.setattr(shortlist, "LIST_ALL", -1)
        matrix = Problem(take_snapshot(clinic.dataset()), POLICY, keep=1).matrix
    assert matrix.num_outsiders
    large = replace(matrix, cost=matrix.cost + (1 << 50))
    answer = CpSatModel(large).minimise(0, greedy(large), SEARCH)
    assert answer.status == "optimal"
    assert answer.bound == int(large.cost[0, np.flatnonzero(answer.chosen)].sum())


def test_cancelled_search_does_not_begin() -> None:
    """Asked to stop before it began, a component keeps what it had."""
    cancel = Cancel()
    cancel.set()
    matrix = matrix_of(contended().dataset())
    start = replace(first_solution(matrix), bounds=np.zeros(6, np.int64))
    assert improve(matrix, start, SEARCH, cancel).values.tolist() == start.values.tolist()


@pytest.mark.parametrize(
    "limits",
    [
        {"seconds": -1.0},
        {"seconds": float("nan")},
        {"seconds": float("inf")},
        {"deterministic_seconds": -1.0},
        {"workers": 0},
        {"seed": -1},
        {"seed": 1 << 31},
    ],
)
def test_limits_out_of_range_are_refused(limits: dict[str, Any]) -> None:
    """What the solver would take for no limit, or refuse, is refused before."""
    with pytest.raises(ValueError, match=next(iter(limits))):
        Limits(**limits)


def test_budget_shares_by_weight_and_passes_the_rest_on() -> None:
    """Twice the weight is twice the time; nobody gets more than there is."""
    budget = Budget(10.0, 1, [1.0, 2.0, 2.0])
    assert budget.share(1.0) == pytest.approx(2.0, abs=0.1)
    assert budget.share(2.0) == pytest.approx(5.0, abs=0.1)
    assert budget.share(2.0) == pytest.approx(10.0, abs=0.1)
    assert Budget(10.0, 8, [1.0]).share(1.0) == pytest.approx(10.0, abs=0.1)
