"""Free cells: as many as wanted, whatever the draws."""

from __future__ import annotations

from itertools import groupby

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenarios.world import WorldSpec, generate_world
from scenarios.world.booking import tight
from scenarios.world.dice import Dice
from scenarios.world.supply import CELLS_PER_HALF_DAY


@pytest.mark.parametrize(
    ("requests", "doctors", "days", "seed"),
    [(30, 8, 1, 4), (5, 2, 1, 4), (60, 20, 1, 0), (100, 20, 3, 6), (1000, 1, 1, 0)],
)
def test_tight_worlds_end(requests: int, doctors: int, days: int, seed: int) -> None:
    """Worlds end whose blocks leave no gap for one more before half of all cells are free."""
    dataset = generate_world(WorldSpec(requests, doctors, days, seed=seed))
    assert len(dataset.requests) == requests


@given(st.integers(0, 2**32), st.integers(1, 6), st.integers(0, 60))
def test_tight_frees_as_many_cells_as_wanted(seed: int, sessions: int, cells: int) -> None:
    """To the cell, or all of them where there are not so many."""
    free = tight(Dice(seed), sessions, cells)
    assert free.sum() == min(cells, sessions * CELLS_PER_HALF_DAY)


def test_tight_blocks_have_every_length_while_there_is_room() -> None:
    """With a quarter of the cells free, blocks lie apart and are of 1 to 8 cells."""
    free = tight(Dice(1), 400, 800).tolist()
    runs = [(is_free, len(list(run))) for row in free for is_free, run in groupby(row)]
    assert {length for is_free, length in runs if is_free} == set(range(1, 9))
