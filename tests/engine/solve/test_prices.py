"""Bounds from prices: exact, whatever the prices are."""

from __future__ import annotations

import numpy as np
import pytest
from clinic import Clinic
from hypothesis import given
from hypothesis import strategies as st
from matrices import EVERYTHING, RICH, by_cpsat_alone, components
from worlds import tiny_worlds

from engine.domain import Dataset
from engine.policy import Policy
from engine.solve.matrix import Matrix
from engine.solve.prices import Prices, priced, rounded
from engine.solve.solution import first_solution


def some_prices(matrix: Matrix, level: int, seed: int) -> Prices:
    """Random prices by which ``level`` can be bounded: levels above have any weight."""
    dice = np.random.default_rng(seed)
    weight = dice.integers(-20_000, 20_000, matrix.num_levels)
    weight[level] = 1 << int(dice.integers(10))
    weight[level + 1 :] = 0
    largest = 10 ** int(dice.integers(7))
    return Prices(1, weight, dice.integers(0, largest, matrix.num_rows))


@given(dataset=tiny_worlds(max_requests=4, always=RICH), seed=st.integers(0, 99), few=st.booleans())
def test_no_prices_bound_a_level_above_its_optimum(
    dataset: Dataset, seed: int, *, few: bool
) -> None:
    """Random prices never bound a level above what the best plan has there, with auxiliary
    columns and outsiders too.
    """
    for matrix in components(dataset, EVERYTHING, keep=1 if few else None):
        best = by_cpsat_alone(matrix, first_solution(matrix))
        for level in range(matrix.num_levels):
            at_prices = priced(matrix, some_prices(matrix, level, seed))
            assert at_prices is not None
            total = int(at_prices.prices.weight @ best.values)
            assert at_prices.least <= total
            assert at_prices.bound(level, best.values, best.values) <= best.values[level]


@given(tiny_worlds(max_requests=4, always=RICH), st.integers(0, 99))
def test_what_a_better_plan_takes_is_useful(dataset: Dataset, seed: int) -> None:
    """A column of a plan better than ours is never told to be useless."""
    for matrix in components(dataset, EVERYTHING):
        best = by_cpsat_alone(matrix, first_solution(matrix))
        for level in range(matrix.num_levels):
            at_prices = priced(matrix, some_prices(matrix, level, seed))
            assert at_prices is not None
            ours = best.values.copy()
            ours[level] += 1
            assert at_prices.useful(level, ours, best.values)[best.chosen].all()


def contended() -> Matrix:
    """Three requests for two cells: one price of a cell, and the wait of who is second."""
    clinic = Clinic().session("09:00", "09:30").request("a").request("b").request("c")
    (matrix,) = components(clinic.dataset(), Policy.default())
    return matrix


def test_a_price_for_each_cell_shows_that_one_of_three_must_wait() -> None:
    """With a price of one per cell, three requests for two cells leave one unplaced."""
    matrix = contended()
    weight = np.zeros(matrix.num_levels, np.int64)
    weight[3] = 1
    at_prices = priced(matrix, Prices(1, weight, np.ones(matrix.num_rows, np.int64)))
    assert at_prices is not None
    nothing = np.zeros(matrix.num_levels, np.int64)
    assert at_prices.bound(3, nothing, nothing) == 1


def test_a_negative_price_is_refused() -> None:
    """A row is an upper limit: a negative price would prove what is wrong."""
    matrix = contended()
    weight, row = np.ones(matrix.num_levels, np.int64), np.full(matrix.num_rows, -1)
    with pytest.raises(ValueError, match="negative price"):
        priced(matrix, Prices(1, weight, row))


def test_prices_that_could_overflow_prove_nothing() -> None:
    """Sums that might leave int64 are not computed, and no such prices are made of floats."""
    matrix = contended()
    weight, row = np.ones(matrix.num_levels), np.full(matrix.num_rows, 1e60)
    assert rounded(matrix, weight, row) is None
    huge = np.full(matrix.num_rows, 1 << 61)
    assert priced(matrix, Prices(1, weight.astype(np.int64), huge)) is None


@pytest.mark.parametrize("wrong", [np.nan, np.inf])
def test_what_is_no_number_is_no_price(wrong: float) -> None:
    """NaN and infinity are answers of a solver that went astray."""
    matrix = contended()
    weight, row = np.ones(matrix.num_levels), np.zeros(matrix.num_rows)
    row[0] = wrong
    assert rounded(matrix, weight, row) is None


def test_floats_become_the_finest_prices_that_fit_and_none_is_negative() -> None:
    """Prices are rounded to a power of two; what is below nothing becomes nothing."""
    matrix = contended()
    weight, row = np.ones(matrix.num_levels), np.zeros(matrix.num_rows)
    row[0], row[1] = 0.3, -0.1
    prices = rounded(matrix, weight, row)
    assert prices is not None
    assert prices.row.min() == 0
    assert abs(int(prices.row[0]) / prices.scale - 0.3) <= 0.5 / prices.scale
    assert prices.scale == 1 << 20
