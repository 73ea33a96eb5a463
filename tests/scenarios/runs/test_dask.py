"""A real Dask scheduler with two workers, where the extra ``cluster`` is installed."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from commands import run_command
from what_ifs import DRAWN, SOON, what_if

from engine.interchange.dataset import write_dataset
from scenarios.runs.batch import run_all
from scenarios.runs.cluster import on_cluster
from scenarios.runs.kept import Kept
from scenarios.runs.task import tasks_of
from scenarios.world import WorldSpec, generate_world

distributed = pytest.importorskip("distributed")

TEXT = f"""\
{DRAWN}changes: [{{kind: demand_scaled, factor: 1.2}}]
sweep:
  changes/0/factor: [1.2, 1.5]
repetitions: 2
{SOON}"""
NUM_RUNS = 2 * 2 + 2
"""Two runs without changes are those of all points."""


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    """Two processes; a nanny looks after each, and makes it anew where it dies."""
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, dashboard_address="127.0.0.1:0"
    ) as cluster:
        yield cluster


def test_runs_are_the_same_to_the_byte_though_a_worker_is_killed(
    cluster: Any, tmp_path: Path
) -> None:
    """Every run is done and kept once; what the worker was at, and what lies there, is sent on."""
    tasks = tasks_of(what_if(TEXT))
    heard: list[int] = []

    def on_done(num_done: int, _: int) -> None:
        heard.append(num_done)
        if num_done == NUM_RUNS // 3:
            os.kill(cluster.workers[0].pid, signal.SIGKILL)

    address = cluster.scheduler_address
    there = run_all(tasks, Kept(tmp_path / "there"), on_cluster(address), on_done=on_done)
    assert (there.num_found, there.num_run, there.num_left) == (0, NUM_RUNS, 0)
    assert heard == list(range(NUM_RUNS + 1))
    run_all(tasks, Kept(tmp_path / "here"), lambda: ThreadPoolExecutor(1))
    here, away = (
        {path.name: path.read_bytes() for path in (tmp_path / name).iterdir()}
        for name in ("here", "there")
    )
    assert len(here) == NUM_RUNS
    assert here == away


def test_components_are_solved_there_and_the_plan_is_the_same_to_the_byte(
    cluster: Any, tmp_path: Path
) -> None:
    """Every row of the plan file, by the command."""
    write_dataset(generate_world(WorldSpec(60, 15, 5, seed=4)), tmp_path / "city")
    num_before = len(cluster.scheduler.computations)
    match = ["match", "city", "--deterministic", "--time-limit", "5", "--out"]
    codes = {
        run_command([*match, "here"], tmp_path).code,
        run_command([*match, "there", "--cluster", cluster.scheduler_address], tmp_path).code,
    }
    here, there = ((tmp_path / name).read_text().splitlines()[1:] for name in ("here", "there"))
    assert len(cluster.scheduler.computations) > num_before
    assert len(here) == 60
    assert here == there
    assert len(codes) == 1
