"""Scenarios of the library on a real directory, in place of the worlds they are written for."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import pytest

from engine.interchange.dataset import write_dataset
from engine.interchange.plan_net import DirectoryOptions, read_plan_net
from scenarios.library import in_library
from scenarios.runs.comparison import Comparison, compared
from scenarios.runs.perform import perform
from scenarios.runs.task import tasks_of
from scenarios.scenario_file import Overrides, read_scenario
from scenarios.world import requests_around

REAL = Path(os.environ.get("SLOTMATCH_REAL_DATA", "../shared/data")) / "plan-net-connecticut"
needs_real = pytest.mark.skipif(not REAL.is_dir(), reason=f"{REAL} is not there")

PLAN = "plannet-insuranceplan-HPID280000"
DOCTOR = "plannet-practitioner-1239678492"


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The directory for a week, and 100 who ask."""
    folder = tmp_path_factory.mktemp("directory")
    dataset, _ = read_plan_net(REAL, DirectoryOptions(date(2026, 3, 2), 7, 15, 30, 45))
    write_dataset(requests_around(dataset, 100, seed=1), folder)
    return folder


def come_to(name: str, directory: Path, *settings: str) -> tuple[Comparison, ...]:
    """What a scenario of the library comes to there, run once."""
    path = in_library(name)
    assert path is not None
    overrides = Overrides(directory, ("sweep={}", "repetitions=1", *settings))
    tasks = tasks_of(read_scenario(path, overrides))
    return compared(tasks, {task.key: perform(task) for task in tasks})


def means(point: Comparison) -> dict[str, float | None]:
    """Every measure of all."""
    return {line.measure: line.value.mean for line in point.lines if line.group is None}


@needs_real
def test_an_insurer_leaves_and_a_doctor_is_away_in_connecticut(directory: Path) -> None:
    """Proven, with ids of the directory; the same seeds give the same numbers."""
    settings = [f"changes/0/insurance_plan_id={PLAN}"]
    (leaves,) = come_to("insurer-leaves", directory, *settings)
    assert come_to("insurer-leaves", directory, *settings) == (leaves,)
    lost = next(row for row in leaves.lines if (row.measure, row.group) == ("no_candidate", None))
    assert lost.difference is not None
    assert lost.difference.mean is not None
    assert lost.difference.mean > 0
    (away,) = come_to("doctors-week-off", directory, f"run/events/0/doctor_id={DOCTOR}")
    assert (leaves.num_unproven, away.num_unproven) == (0, 0)
    assert (means(leaves)["requests"], means(away)["requests"]) == (100.0, 100.0)
    forced = means(away)["people_forced"]
    assert forced is not None
    assert forced >= 1
