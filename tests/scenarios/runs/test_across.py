"""The points of a sweep side by side, each compared with the first."""

from __future__ import annotations

from scenarios.runs.across import across
from scenarios.runs.comparison import Comparison, Line
from scenarios.statistics import estimate


def point(value: int, **measures: dict[int, float | None]) -> Comparison:
    """A point with the values of some measures by seed."""
    lines = tuple(
        Line(name, group, estimate(by_seed.values()), None, None, by_seed)
        for name, by_seed in measures.items()
        for group in (None, "age=65+")
    )
    return Comparison({"changes/0/factor": value}, lines, (), 2, 2, 0, ())


ONE = point(1, match_rate={1: 0.2, 2: 0.8}, in_network={1: 1.0, 2: 1.0})
TWO = point(2, match_rate={1: 0.3, 2: 0.9}, in_network={1: 1.0, 2: 1.0})


def test_every_point_is_compared_with_the_first_seed_by_seed() -> None:
    """Worlds differ by much, the points by little; what differs nowhere is no column."""
    first, second = across([ONE, TWO])
    assert [cell.measure for cell in first.cells] == ["match_rate"]
    assert first.cells[0].difference is None
    (cell,) = second.cells
    assert second.values == {"changes/0/factor": 2}
    assert cell.difference is not None
    assert round(cell.difference.mean or 0, 9) == 0.1
    assert cell.difference.is_distinguishable
    assert not cell.value.is_distinguishable


def test_named_measures_are_the_columns() -> None:
    """Whether they differ or not, and also one that was not measured."""
    _, second = across([ONE, TWO], ["in_network", "people_moved", "in_network"])
    assert [cell.measure for cell in second.cells] == ["in_network", "people_moved"]
    assert [cell.value.mean for cell in second.cells] == [1.0, None]


def test_one_point_is_no_sweep_and_a_missing_run_is_no_difference() -> None:
    """A value on one side alone is missing in the difference."""
    assert across([ONE]) == ()
    _, second = across([ONE, point(2, match_rate={1: 0.3})])
    assert second.cells[0].difference is not None
    assert (second.cells[0].difference.count, second.cells[0].difference.missing) == (1, 1)
