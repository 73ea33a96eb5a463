"""Clusters: the library is not here, and something that looks like it stands in its place."""

from __future__ import annotations

import logging
import multiprocessing
import sys
from collections.abc import Iterator
from concurrent.futures import CancelledError, Executor, ProcessPoolExecutor, ThreadPoolExecutor
from importlib.metadata import PackageNotFoundError
from pathlib import Path
from typing import NoReturn

import pytest
from commands import run_command
from fake_dask import Failing, KilledWorker, install
from what_ifs import DRAWN, HEAD, SOON, TWICE, what_if

from api.cli import exit_codes
from engine.errors import ClusterError
from engine.interchange.dataset import write_dataset
from scenarios.runs.batch import run_all
from scenarios.runs.cluster import LostWorkersError, joined, on_cluster
from scenarios.runs.kept import Kept
from scenarios.runs.task import Task, tasks_of
from scenarios.world import WorldSpec, generate_world

ADDRESS = "tcp://scheduler:8786"
TEXT = f"{DRAWN}{TWICE}{SOON}repetitions: 2\n"


@pytest.fixture(scope="module")
def process() -> Iterator[Executor]:
    """A process that shares nothing with this one, as workers of a cluster do."""
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=context) as executor:
        yield executor


@pytest.fixture
def tasks() -> tuple[Task, ...]:
    """Four runs."""
    return tasks_of(what_if(TEXT))


def refused(address: str = ADDRESS) -> tuple[str, str | None]:
    """Code and value of why a cluster cannot be joined."""
    with pytest.raises(ClusterError) as raised, joined(address):
        raise AssertionError("joined")
    (problem,) = raised.value.problems
    return problem.code, problem.value


def test_runs_on_a_cluster_are_the_same_to_the_byte(
    process: Executor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """File by file, by the command, as on this machine; how far it is, is told alike."""
    (tmp_path / "more.yaml").write_text(f"{HEAD}{TEXT}")
    there = ["scenario", "run", "more.yaml", "--out", "there", "--cluster", ADDRESS]
    addresses = install(monkeypatch, process)
    found = run_command(there, tmp_path, width=120)
    assert addresses == [ADDRESS]
    assert "4 runs done, 0 were there" in found.stderr
    run_all(tasks_of(what_if(TEXT)), Kept(tmp_path / "here"), lambda: ThreadPoolExecutor(1))
    files = [
        {path.name: path.read_bytes() for path in (tmp_path / name).iterdir()}
        for name in ("here", "there")
    ]
    assert files[0] == files[1]
    assert len(files[0]) == 4
    again = run_command(there, tmp_path, width=120)
    assert again.stdout == found.stdout
    assert "0 runs done, 4 were there" in again.stderr
    assert addresses == [ADDRESS]  # nothing was to be sent


def test_a_match_on_a_cluster_is_the_same_to_the_byte(
    process: Executor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every row of the plan file, by the command."""
    world = generate_world(WorldSpec(requests=60, doctors=15, days=5, seed=4))
    write_dataset(world, tmp_path / "city")
    install(monkeypatch, process)
    match = ["match", "city", "--deterministic", "--time-limit", "5", "--out"]
    codes = [
        run_command([*match, "here"], tmp_path).code,
        run_command([*match, "there", "--cluster", ADDRESS], tmp_path).code,
    ]
    here, there = ((tmp_path / name).read_text().splitlines()[1:] for name in ("here", "there"))
    assert len(here) == 60
    assert here == there
    assert codes[0] == codes[1]


def test_what_workers_were_at_that_died_is_run_again(
    tasks: tuple[Task, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A task was given up by the scheduler, then the scheduler went away; the cluster is joined
    anew, and what was done beside it is not done again.
    """
    errors = [KilledWorker("task"), None, None, None, CancelledError()]
    addresses = install(monkeypatch, Failing(*errors))
    found = run_all(tasks, Kept(tmp_path), on_cluster(ADDRESS))
    assert (found.num_run, found.num_left) == (4, 0)
    assert addresses == [ADDRESS] * 3


def test_workers_that_die_again_and_again_are_told_of(
    tasks: tuple[Task, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An error, and an exit code, in plain words."""
    install(monkeypatch, Failing(*[KilledWorker("task")] * 100))
    with pytest.raises(LostWorkersError):
        run_all(tasks, Kept(tmp_path), on_cluster(ADDRESS))
    assert not list(tmp_path.iterdir())
    (tmp_path / "more.yaml").write_text(f"{HEAD}{TEXT}")
    command = ["scenario", "run", "more.yaml", "--cluster", ADDRESS]
    found = run_command(command, tmp_path, width=200)
    assert found.code == exit_codes.INTERNAL
    assert "died again and again" in found.stderr
    assert "Traceback" not in found.stderr


def test_a_scheduler_that_goes_away_leaves_no_trace_of_its_library(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What the library writes by itself is held back while the cluster is joined, and no longer."""
    install(monkeypatch, Failing())
    logger = logging.getLogger("distributed.client")
    monkeypatch.setattr(logger, "level", logging.WARNING)
    with joined(ADDRESS):
        assert not logger.isEnabledFor(logging.ERROR)
    assert logger.level == logging.WARNING


def test_a_cluster_that_cannot_be_joined_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    """No library, nobody there, no address, other workers."""
    monkeypatch.setitem(sys.modules, "distributed", None)  # type: ignore[arg-type]
    assert refused() == ("missing_extra", "'distributed'")
    install(monkeypatch, Failing())
    assert refused("tcp://nobody:1") == ("no_cluster", "'tcp://nobody:1'")
    assert refused("nowhere") == ("no_cluster", "'nowhere'")
    install(monkeypatch, Failing(), run=lambda *_: "0.0.1")
    assert refused() == ("other_version", f"'{ADDRESS}'")

    def missing(*_: object) -> NoReturn:
        raise PackageNotFoundError

    install(monkeypatch, Failing(), run=missing)
    assert refused()[0] == "other_version"


@pytest.mark.parametrize("words", [["match", "city"], ["scenario", "run", "overbooking"]])
def test_commands_without_the_library_say_how_to_get_it(
    words: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Exit code 2, before anything is computed."""
    monkeypatch.setitem(sys.modules, "distributed", None)  # type: ignore[arg-type]
    write_dataset(generate_world(WorldSpec(5, 2, 1)), tmp_path / "city")
    found = run_command([*words, "--cluster", ADDRESS], tmp_path, width=200)
    assert found.code == exit_codes.BAD_INPUT
    assert "pip install 'slotmatch[cluster]'" in found.stderr


def test_processes_of_this_machine_and_a_cluster_are_not_asked_for_together(
    tmp_path: Path,
) -> None:
    """One of the two has no say."""
    words = ["scenario", "run", "overbooking", "--jobs", "2", "--cluster", ADDRESS]
    assert run_command(words, tmp_path).code == exit_codes.BAD_INPUT
