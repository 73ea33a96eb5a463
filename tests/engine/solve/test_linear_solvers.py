"""GLOP as it is asked: an error of its own is no answer, and no error of ours."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from pybind11_abseil import status
from scipy.sparse import csr_array

from engine.solve import linear_solvers
from engine.solve.linear_solvers import LinearProgram, solve_linear


def program() -> LinearProgram:
    """The dearer of two columns is taken as far as the other does not go: 3 in all."""
    return LinearProgram(
        cost=np.array([1.0, 2.0]),
        most=np.array([2.0, 2.0]),
        rows=csr_array(np.array([[1.0, 1.0]])),
        low=np.array([3.0]),
        high=np.array([3.0]),
    )


def fail_times(monkeypatch: pytest.MonkeyPatch, times: int) -> list[Any]:
    """Let GLOP give up so often; the starts that it was given."""
    starts: list[Any] = []
    solve = linear_solvers.math_opt.solve

    def failing(model: Any, kind: Any, init: Any, parameters: Any, start: Any, *more: Any) -> Any:
        starts.append(start.initial_basis.variable_status.ids)
        if len(starts) <= times:
            raise status.StatusNotOk(status.Status(status.StatusCode.INTERNAL, "ABNORMAL"))
        return solve(model, kind, init, parameters, start, *more)

    monkeypatch.setattr(linear_solvers.math_opt, "solve", failing)
    return starts


def test_where_a_start_makes_it_give_up_it_begins_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    """The second time without the start, and the answer is the same."""
    first = solve_linear(program(), None, 1.0)
    assert first is not None
    assert first.value == pytest.approx(4.0)
    starts = fail_times(monkeypatch, 1)
    again = solve_linear(program(), None, 1.0, start=first.basis)
    assert again is not None
    assert again.value == pytest.approx(4.0)
    assert [len(ids) for ids in starts] == [2, 0]


def test_where_it_gives_up_there_is_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    """Once without a start, twice with one; no exception."""
    first = solve_linear(program(), None, 1.0)
    assert first is not None
    assert len(fail_times(monkeypatch, 2)) == 0
    assert solve_linear(program(), None, 1.0, start=first.basis) is None
    starts = fail_times(monkeypatch, 1)
    assert solve_linear(program(), None, 1.0) is None
    assert len(starts) == 1
