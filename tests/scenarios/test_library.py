"""Scenarios that are ready to be run."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from scenarios.library import in_library, library
from scenarios.runs.comparison import Comparison, compared
from scenarios.runs.outcome import Outcome
from scenarios.runs.perform import perform
from scenarios.runs.task import Task, tasks_of
from scenarios.scenario_file import read_scenario

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("path", library(), ids=lambda path: path.stem)
def test_every_file_can_be_run_and_says_what_it_is_about(path: Path) -> None:
    """All its points are possible, its name is the file's, and its head is an analyst's."""
    scenario = read_scenario(path)
    assert scenario.name == path.stem
    assert scenario.title
    assert len(scenario.grid()) >= 2
    head = path.read_text(encoding="utf-8").partition("schema:")[0]
    assert head.startswith("# Question: ")
    assert "# Look at: " in head
    assert "# Rests on: " in head
    assert all(line.startswith("#") for line in head.splitlines())


def test_there_are_eight_and_they_are_found_by_name() -> None:
    """The question that all began with is among them."""
    assert len(library()) >= 8
    assert in_library("burst-eardrum") in library()
    assert in_library("nothing") is None


def test_what_is_no_python_is_installed_too() -> None:
    """Every file of the library, the examples and the report is package data, by its pattern."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    patterns = project["tool"]["setuptools"]["package-data"]["scenarios"]
    installed = {path for pattern in patterns for path in (ROOT / "scenarios").glob(pattern)}
    there = {
        path
        for folder in ("library", "examples", "report/templates")
        for path in (ROOT / "scenarios" / folder).iterdir()
        if path.suffix not in (".py", "") and path.is_file()
    }
    assert there == installed


def whole(name: str) -> tuple[tuple[Task, ...], dict[str, Outcome]]:
    """All runs of a scenario, each once."""
    path = in_library(name)
    assert path is not None
    tasks = tasks_of(read_scenario(path))
    return tasks, {key: perform(task) for key, task in {task.key: task for task in tasks}.items()}


def of_all(outcome: Outcome, measure: str) -> float | None:
    """A measure of all."""
    return next(row.value for row in outcome.rows if (row.measure, row.group) == (measure, None))


def days(point: Comparison) -> float | None:
    """Days to the appointment, rounded."""
    mean = next(
        line.value.mean for line in point.lines if line.measure == "days_to_appointment_median"
    )
    return mean and round(mean, 2)


def test_three_changes_find_a_doctor_for_the_burst_eardrum() -> None:
    """Without changes nobody. An hour on Monday at five in the afternoon is 10 hours away, the
    doctor of the other network on Tuesday at two 31, the place that is kept on Thursday at half
    past three 80.5; kept places and overbooking help nobody.
    """
    tasks, outcomes = whole("burst-eardrum")
    plain = {task.key for task in tasks if not task.is_changed}
    assert [of_all(outcomes[key], "match_rate") for key in plain] == [0.0]
    points = compared(tasks, outcomes)
    found = {point.values["changes/0"]["kind"]: (point.holds, days(point)) for point in points}
    assert found == {
        "places_reserved": (False, None),
        "overbooking": (False, None),
        "policy_set": (True, 3.35),
        "insurance_plan_joins": (True, 1.29),
        "sessions_added": (True, 0.42),
    }


def test_a_clinic_that_stays_open_for_a_week_more_loses_fewer() -> None:
    """In every world: who has a candidate while it is closed for longer has one, too, while it is
    closed for less; and all who have one are placed, in plans that are proven.
    """
    tasks, outcomes = whole("clinic-closes")
    assert all(outcome.proven for outcome in outcomes.values())
    assert {of_all(outcome, "crowded_out") for outcome in outcomes.values()} == {0.0}
    without: dict[int, list[float]] = {}
    for task in tasks:
        number = of_all(outcomes[task.key], "no_candidate")
        assert number is not None
        without.setdefault(task.seed, []).append(number)
    assert len(without) == 5
    for plain, closed, again, closed_later in without.values():
        assert plain == again
        assert plain <= closed_later <= closed
    assert sum(row[0] for row in without.values()) < sum(row[1] for row in without.values())
    assert all(point.holds for point in compared(tasks, outcomes))
