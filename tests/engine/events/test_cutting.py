"""Sessions with a part cut out, on their own cells."""

from __future__ import annotations

from datetime import UTC, timedelta

import pytest
from clinic import MONDAY, Clinic, at
from hypothesis import given
from hypothesis import strategies as st

from engine.domain import Session
from engine.events.cutting import common, cut, is_covered, span_of, without
from engine.time_grid import TimeGrid, elapsed

GRID = TimeGrid.spanning(MONDAY, MONDAY, MONDAY + timedelta(days=300), ("America/New_York",))
NINE = 9 * 60


def parts(session: Session, start: int, end: int) -> list[tuple[int, int]]:
    """What is left, in minutes since midnight."""
    return [span_of(part, GRID) for part in cut(session, (start, end), GRID, lambda: "more")]


def hour(**more: object) -> Session:
    """9:00 to 10:00, in cells of fifteen minutes."""
    return Clinic().session("09:00", "10:00", id="s", **more).sessions[0]


@pytest.mark.parametrize(
    ("start", "end", "left"),
    [
        (-60, 0, [(0, 60)]),
        (60, 90, [(0, 60)]),
        (15, 30, [(0, 15), (30, 60)]),
        (14, 31, [(45, 60)]),
        (20, 21, [(0, 15), (30, 60)]),
        (-5, 1, [(15, 60)]),
        (59, 99, [(0, 45)]),
        (-5, 99, []),
    ],
)
def test_cells_that_are_touched_are_gone(start: int, end: int, left: list[tuple[int, int]]) -> None:
    """What is left begins and ends where cells do."""
    expected = [(NINE + one, NINE + other) for one, other in left]
    assert parts(hour(), NINE + start, NINE + end) == expected


def test_parts_are_the_session_but_for_id_and_time() -> None:
    """The first keeps the id; capacity, types and reservation stay."""
    session = hour(capacity=3, visit_type_ids=("visit",), reserved_for="urgent")
    first, second = cut(session, (NINE + 15, NINE + 30), GRID, lambda: "s-2")
    assert (first.id, second.id) == ("s", "s-2")
    for part in (first, second):
        assert (part.capacity, part.visit_type_ids) == (3, ("visit",))
        assert (part.reserved_for, part.cell_minutes) == ("urgent", 15)


def test_minutes_behind_the_last_cell_stay_with_the_last_part() -> None:
    """They are unused before and after."""
    session = Clinic().session("09:00", "10:10").sessions[0]
    assert parts(session, NINE, NINE + 15) == [(NINE + 15, NINE + 70)]
    assert parts(session, NINE + 62, NINE + 65) == [(NINE, NINE + 60)]


def test_night_that_skips_an_hour_is_cut_by_elapsed_time() -> None:
    """1:30 to 4:30 on the clock, two hours long: the gap from 3:00 on leaves half an hour."""
    start, end = at("01:30", 6), at("04:30", 6)
    session = Session(id="s", role_id="role", start=start, end=end, cell_minutes=15)
    gap = GRID.minutes(at("03:00", 6)), GRID.minutes(at("03:30", 6))
    first, second = cut(session, gap, GRID, lambda: "s-2")
    assert elapsed(first.start, first.end) == timedelta(minutes=30)
    assert first.end.astimezone(UTC) == at("03:00", 6).astimezone(UTC)
    assert second.start == at("03:30", 6)
    assert elapsed(second.start, second.end) == timedelta(hours=1)


SPANS = st.tuples(st.integers(0, 30), st.integers(1, 10)).map(lambda row: (row[0], sum(row)))


@given(SPANS, SPANS, st.lists(SPANS, max_size=4))
def test_stretches_are_sets_of_minutes(
    one: tuple[int, int], other: tuple[int, int], many: list[tuple[int, int]]
) -> None:
    """What they have in common, what one leaves of the other, and what many cover."""
    mine, theirs = set(range(*one)), set(range(*other))
    shared = common(one, other)
    assert mine & theirs == (set(range(*shared)) if shared else set())
    assert mine - theirs == {minute for part in without(one, other) for minute in range(*part)}
    covered = {minute for span in many for minute in range(*span)}
    assert is_covered(one, many) == (mine <= covered)
