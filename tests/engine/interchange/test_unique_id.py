"""Ids that nobody has yet."""

from __future__ import annotations

from engine.domain.fields import MAX_ID_LENGTH
from engine.interchange.unique_id import unique_id


def test_a_name_that_is_taken_gets_a_number() -> None:
    """The first that is free; and it is taken then."""
    taken = {"r", "r-3"}
    assert [unique_id("r", taken) for _ in range(3)] == ["r-2", "r-4", "r-5"]
    assert unique_id("s", taken) == "s"


def test_a_number_makes_no_id_too_long() -> None:
    """Two long names that are cut are told apart all the same."""
    long, other = "x" * MAX_ID_LENGTH, "x" * (MAX_ID_LENGTH - 1) + "y"
    taken = {long, other}
    made = [unique_id(long, taken), unique_id(other, taken), unique_id(f"{long}.1", taken)]
    assert len({*made, long, other}) == 5
    assert all(len(name) == MAX_ID_LENGTH for name in made)
