"""Scenarios of the library on a real directory, in place of the worlds they are written for."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import pytest

from engine.interchange.dataset import write_dataset
from engine.interchange.plan_net import DirectoryOptions, read_plan_net
from scenarios.library import in_library
from scenarios.runs.outcome import Outcome
from scenarios.runs.perform import perform
from scenarios.runs.task import Task, tasks_of
from scenarios.scenario_file import Overrides, read_scenario
from scenarios.world import requests_around

REAL = Path(os.environ.get("SLOTMATCH_REAL_DATA", "../shared/data")) / "plan-net-connecticut"
needs_real = pytest.mark.skipif(not REAL.is_dir(), reason=f"{REAL} is not there")

PLAN = "plannet-insuranceplan-HPID280000"
CLOSED = (
    "{kind: location_closed, location_id: plannet-location-1239177926, "
    "start: 2026-03-02T00:00-05:00, end: 2026-03-09T00:00-04:00}"
)


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The directory for a week, and 100 who ask."""
    folder = tmp_path_factory.mktemp("directory")
    dataset, _ = read_plan_net(REAL, DirectoryOptions(date(2026, 3, 2), 7, 15, 30, 45))
    write_dataset(requests_around(dataset, 100, seed=1), folder)
    return folder


def tasks(name: str, directory: Path, *settings: str) -> tuple[Task, ...]:
    """The runs of a scenario of the library there, each point once."""
    path = in_library(name)
    assert path is not None
    return tasks_of(read_scenario(path, Overrides(directory, ("repetitions=1", *settings))))


def of_all(outcome: Outcome) -> dict[str, float | None]:
    """Every measure of all."""
    return {row.measure: row.value for row in outcome.rows if row.group is None}


@needs_real
def test_an_insurer_leaves_and_a_clinic_is_closed_in_connecticut(directory: Path) -> None:
    """Proven, with ids of the directory; the same seeds give the same numbers."""
    sweep = f"sweep={{changes/0/insurance_plan_id: [{PLAN}]}}"
    stays, leaves = map(perform, tasks("insurer-leaves", directory, sweep))
    assert leaves == perform(tasks("insurer-leaves", directory, sweep)[1])
    before, after = of_all(stays)["no_candidate"], of_all(leaves)["no_candidate"]
    assert before is not None
    assert after is not None
    assert before < after < 100
    (task,) = tasks("doctors-week-off", directory, f"run/events/0={CLOSED}", "sweep={}")
    closed = perform(task)
    assert [row.proven for row in (stays, leaves, closed)] == [True] * 3
    forced = of_all(closed)["people_forced"]
    assert forced is not None
    assert forced >= 1
