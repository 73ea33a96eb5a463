"""A rolling run takes from past appointments what it does not say itself."""

from __future__ import annotations

from pathlib import Path

import pytest
from scenario_texts import places, read, sentences

from scenarios.rolling import RollingSpec
from scenarios.runs.task import tasks_of

SERVED = "2026-03-02T08:00,2026-03-02T20:00,served\n"
TEXT = """\
schema: slotmatch.scenario/1
name: as-it-was
base: {example: small_clinic}
run:
  kind: rolling
  days: 3
  no_show: 0.25
  estimated_from: past.csv
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with two past appointments."""
    (tmp_path / "past.csv").write_text(f"asked,start,status\n{SERVED}{SERVED}")
    return tmp_path


def test_what_the_run_says_wins(folder: Path) -> None:
    """Two a day asked, half a day before the visit; that a quarter stays away is said."""
    scenario = read(TEXT, folder=folder)
    run = scenario.run
    assert isinstance(run, RollingSpec)
    assert (run.requests_per_day, run.no_show, run.no_show_by_lead) == (2.0, 0.25, ())
    assert run.lead_days[50] == 0.5
    assert scenario.estimated is not None
    assert scenario.estimated.estimate.appointments == 2
    assert "no_show" not in scenario.estimated.fields
    assert read(TEXT.replace("  estimated_from: past.csv\n", "")).estimated is None


def test_a_run_is_another_where_the_file_says_something_else(folder: Path) -> None:
    """The key of its task is; with the same file it is the same."""
    first, again = (tasks_of(read(TEXT, folder=folder))[0].key for _ in range(2))
    (folder / "past.csv").write_text(f"asked,start,status\n{SERVED * 3}")
    assert first == again != tasks_of(read(TEXT, folder=folder))[0].key


def test_a_sweep_puts_in_what_wins(folder: Path) -> None:
    """At one point the rate is said, and is not estimated."""
    sweep = "sweep: {run/requests_per_day: [1.0, 4.0]}\n"
    points = read(f"{TEXT}{sweep}", folder=folder).grid()
    rates = [point.scenario.run.requests_per_day for point in points]  # type: ignore[union-attr]
    assert rates == [1.0, 4.0]
    assert points[0].scenario.estimated is not None
    assert "requests_per_day" not in points[0].scenario.estimated.fields


def test_everything_wrong_is_told_with_the_lines_of_both_files(folder: Path) -> None:
    """Beside what is wrong with the scenario."""
    (folder / "past.csv").write_text("asked,start,status\nsoon,2026-03-02,lost\n")
    found = sentences(TEXT.replace("days: 3", "days: 0"), folder=folder)
    assert [row.split(", ")[0].split(". ")[0] for row in found] == [
        "out_of_range file.yaml:6/run/days: 0: must be greater than or equal to 1",
        "bad_instant file.yaml:8/run/estimated_from: 'soon': past.csv:2/asked: an instant is "
        "written like 2026-03-08T09:00",
        "wrong_value file.yaml:8/run/estimated_from: 'lost': past.csv:2/status: no such status",
    ]


def test_a_file_that_is_not_there_or_may_not_be_named_is_refused(folder: Path) -> None:
    """What comes from afar names no files; a match has no such field."""
    where = "file.yaml:8/run/estimated_from"
    assert places(TEXT) == [f"file_not_taken {where}"]
    for name in ("nowhere.csv", ".", "x" * 900):
        missing = TEXT.replace("past.csv", name)
        assert places(missing, folder=folder) == [f"not_found {where}"]
    assert places(TEXT.replace("past.csv", "3"), folder=folder) == [
        "wrong_type file.yaml:8/run/estimated_from"
    ]
    other = TEXT.replace("rolling\n  days: 3\n  no_show: 0.25", "match")
    assert places(other, folder=folder) == ["unknown_field file.yaml:6/run/estimated_from"]
