"""Limits of options: the numbers of the code that is asked."""

from __future__ import annotations

import pytest

from api.cli import options
from api.store import opening
from engine.repair import account, extent
from engine.solve.limits import Limits
from scenarios.world import spec


def test_limits_are_those_of_what_is_asked() -> None:
    """They are repeated so that help is fast, and are the same numbers."""
    assert options.MAX_PEOPLE == extent.MAX_PEOPLE
    assert options.MAX_OPTIONS == account.MOST_OPTIONS
    assert options.MAX_REQUESTS == spec.MAX_REQUESTS
    assert options.MAX_DOCTORS == spec.MAX_DOCTORS
    assert options.MAX_DAYS == spec.MAX_DAYS
    assert options.DEFAULT_STORE == opening.DEFAULT_URL


def test_the_largest_seed_is_the_last_that_solvers_take() -> None:
    """One more is refused."""
    assert Limits(seed=options.MAX_SEED).seed == options.MAX_SEED
    with pytest.raises(ValueError, match="outside"):
        Limits(seed=options.MAX_SEED + 1)
