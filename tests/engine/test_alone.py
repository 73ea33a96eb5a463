"""What rows say of a candidate that is chosen alone."""

from __future__ import annotations

import numpy as np

from engine.alone import holds_alone, step_costs
from engine.rows import Entries, Rows


def entries(*parts: tuple[int, int, int]) -> Entries:
    """Coefficients: row, column, number."""
    row, column, coefficient = np.array(parts, np.int64).reshape(-1, 3).T
    return Entries(row, column, coefficient)


def rows(bounds: list[int], candidates: Entries, auxiliary: Entries | None = None) -> Rows:
    """Rows with the given bounds."""
    keys = np.arange(len(bounds))
    return Rows(keys, np.array(bounds, np.int64), candidates, auxiliary or Entries.none())


def test_a_coefficient_beyond_its_bound_is_refused() -> None:
    """Only that of the candidate itself counts, not what others would make room for."""
    made = rows([0, 1], entries((0, 0, 1), (0, 1, -1), (1, 1, 1), (1, 2, 2)))
    assert holds_alone(made, 4).tolist() == [False, True, False, True]


def test_an_auxiliary_column_opens_its_row_once() -> None:
    """``x − 2·z ≤ 0`` and ``z + z' ≤ 1``: each of two candidates may have its own z, and one
    that needs both has neither.
    """
    uses = entries((0, 0, 1), (1, 1, 1), (0, 2, 1), (1, 2, 1))
    openers = entries((0, 7, -2), (1, 9, -2), (2, 7, 1), (2, 9, 1))
    assert holds_alone(rows([0, 0, 1], uses, openers), 3).tolist() == [True, True, False]


def test_an_auxiliary_column_that_nothing_allows_opens_nothing() -> None:
    """``z ≤ x'`` keeps z away unless the follower x' is the one that is chosen."""
    uses = entries((0, 0, 1), (1, 1, -1), (0, 1, 1))
    openers = entries((0, 3, -1), (1, 3, 1))
    assert holds_alone(rows([0, 0], uses, openers), 2).tolist() == [False, True]


def test_no_rows_refuse_nobody() -> None:
    """Nor do rows without candidates."""
    assert holds_alone(rows([], Entries.none()), 2).tolist() == [True, True]
    assert holds_alone(rows([0], Entries.none()), 0).tolist() == []


def test_steps_are_taken_from_the_cheapest() -> None:
    """Beyond what is left of a step begun, each further step costs its number."""
    uses = entries((0, 0, 5), (0, 1, 6), (0, 2, 26), (1, 3, 1))
    steps = entries((0, 11, -10), (0, 12, -10), (0, 13, -10), (1, 20, -10))
    costs = {11: 3, 12: 1, 13: 2, 20: 4}
    assert step_costs(rows([5, 0], uses, steps), costs, 5).tolist() == [0, 1, 6, 4, 0]
