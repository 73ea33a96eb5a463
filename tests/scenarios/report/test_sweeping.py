"""Points of a sweep beside each other: what lies on the axis, and what is joined."""

from __future__ import annotations

import pytest
from told_scenarios import told_of
from what_ifs import DRAWN, TWICE, what_if

from scenarios.report import Told, sweeping
from scenarios.report.sweeping import sweep
from scenarios.runs.outcome import MeasuredRow, Outcome
from scenarios.runs.task import tasks_of


def of_sweep(text: str) -> Told:
    """Every run of a sweep has a match rate of a half."""
    scenario = what_if(f"{DRAWN}{TWICE}sweep:\n{text}")
    row = MeasuredRow(measure="match_rate", value=0.5, count=9, unit="share")
    tasks = tasks_of(scenario)
    outcomes = {
        task.key: Outcome(key=task.key, rows=(row,), proven=True, stopped="proven")
        for task in tasks
    }
    return told_of(scenario, outcomes)


def test_one_path_of_numbers_lies_on_the_axis() -> None:
    """Its dots are joined, and what is without the changes is a broken line."""
    found = sweep(of_sweep("  changes/0/factor: [1.5, 3.0]\n"))
    assert found is not None
    assert [row.label for row in found.rows] == ["changes/0/factor = 1.5", "changes/0/factor = 3.0"]
    assert [row.cells[0].value for row in found.rows] == ["50.0", "50.0"]
    (plot,) = found.plots
    assert plot.title == "match rate (%)"
    assert plot.drawn.count('class="joined') == 1
    assert plot.drawn.count('class="without"') == 1
    assert ">changes/0/factor</text>" in plot.drawn
    assert (found.legend, found.num_left_out, found.num_not_drawn) == ((), 0, 0)


def test_other_paths_are_series_of_their_own() -> None:
    """Each with its sign in the legend; there is no one line to compare them with."""
    found = sweep(
        of_sweep("  changes/0/factor: [1.5, 3.0, 4.0]\n  base/generate/doctors: [3, 4]\n")
    )
    assert found is not None
    assert [entry.said for entry in found.legend] == [
        "base/generate/doctors = 3",
        "base/generate/doctors = 4",
    ]
    (plot,) = found.plots
    assert plot.drawn.count('class="joined') == 2
    assert 'class="without"' not in plot.drawn
    assert "polygon" in plot.drawn


def test_what_is_no_number_stands_by_itself() -> None:
    """Whole changes are numbered, and no line leads from one to the next."""
    found = sweep(
        of_sweep(
            "  changes/0:\n  - {kind: demand_scaled, factor: 1.5}\n"
            "  - {kind: overbooking, share: 0.1}\n"
        )
    )
    assert found is not None
    (plot,) = found.plots
    assert "joined" not in plot.drawn
    assert ">number of the point</text>" in plot.drawn


def test_a_long_sweep_is_cut_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """More points than there are rows, and more series than there are signs."""
    monkeypatch.setattr(sweeping, "MAX_ROWS", 20)
    monkeypatch.setattr(sweeping, "MAX_DRAWN", 10)
    many = "[1, 2, 3, 4, 5]"
    found = sweep(of_sweep(f"  changes/0/factor: {many}\n  base/generate/requests: {many}\n"))
    assert found is not None
    assert len(found.rows) == 20
    assert (found.num_left_out, found.num_not_drawn) == (5, 15)
    monkeypatch.setattr(sweeping, "MAX_DOTS", 10)
    one = sweep(of_sweep("  changes/0/factor: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 0.5, 1.5]\n"))
    assert one is not None
    assert (one.num_left_out, one.num_not_drawn) == (0, 2)
    assert one.plots[0].drawn.count("<circle") == 10


def test_one_point_is_no_sweep() -> None:
    """There is nothing to stand beside."""
    assert sweep(of_sweep("  changes/0/factor: [1.5]\n")) is None
