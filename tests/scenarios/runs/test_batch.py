"""Many runs: each once, whatever dies, and kept as soon as it is there."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from what_ifs import DRAWN, SOON, TWICE, what_if

from engine.solve.limits import Cancel
from scenarios.runs import batch
from scenarios.runs.batch import run_all, run_in_turn
from scenarios.runs.kept import Kept
from scenarios.runs.local import local_processes
from scenarios.runs.outcome import Outcome
from scenarios.runs.perform import perform
from scenarios.runs.task import Task, tasks_of

TEXT = f"{DRAWN}{TWICE}{SOON}repetitions: 3\n"


def one_thread() -> ThreadPoolExecutor:
    """Runs one after the other."""
    return ThreadPoolExecutor(1)


@pytest.fixture
def tasks() -> tuple[Task, ...]:
    """Six runs."""
    return tasks_of(what_if(TEXT))


def test_what_was_run_is_not_run_again(tasks: tuple[Task, ...], tmp_path: Path) -> None:
    """Six runs, then none; a file that was cut off is run again, and nothing else."""
    kept, seen = Kept(tmp_path / "runs"), list[tuple[int, int]]()
    first = run_all(tasks, kept, one_thread, on_done=lambda *row: seen.append(row))
    assert (first.num_found, first.num_run, first.num_left) == (0, 6, 0)
    assert seen == [(number, 6) for number in range(7)]
    again = run_all(tasks, kept, one_thread)
    assert (again.num_found, again.num_run) == (6, 0)
    assert again.outcomes == first.outcomes
    path = tmp_path / "runs" / f"{tasks[3].key}.json"
    path.write_bytes(path.read_bytes()[:-20])
    third = run_all(tasks, kept, one_thread)
    assert (third.num_found, third.num_run) == (5, 1)
    assert third.outcomes == first.outcomes
    assert len(list((tmp_path / "runs").iterdir())) == 6


def test_who_stops_has_what_was_begun(tasks: tuple[Task, ...], tmp_path: Path) -> None:
    """After the second of six, no more than one is finished; the rest is not begun."""
    cancel = Cancel()

    def on_done(done: int, _total: int) -> None:
        if done == 2:
            cancel.set()

    found = run_all(tasks, Kept(tmp_path), one_thread, cancel, on_done)
    assert found.num_run in (2, 3)
    assert found.num_left == 6 - found.num_run
    assert len(list(tmp_path.iterdir())) == found.num_run


def test_runs_in_turn_are_the_same_and_the_one_that_is_stopped_is_none(
    tasks: tuple[Task, ...], tmp_path: Path
) -> None:
    """Here, without anything kept; whoever stops in the third run has the first two."""
    kept, seen = run_all(tasks, Kept(tmp_path), one_thread), list[tuple[int, int]]()
    assert run_in_turn(tasks, Cancel()) == kept.outcomes
    cancel = Cancel()

    def on_done(done: int, total: int) -> None:
        seen.append((done, total))
        if done == 2:
            cancel.set()

    first = run_in_turn(tasks, cancel, on_done)
    assert first == {task.key: kept.outcomes[task.key] for task in tasks[:2]}
    assert seen == [(0, 6), (1, 6), (2, 6)]


class Breaking(ThreadPoolExecutor):
    """Breaks at the third run, as processes do when one is killed."""

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Run it, or break."""
        if self._work_queue.qsize() >= 2:
            raise BrokenProcessPool
        return super().submit(fn, *args, **kwargs)


def test_where_workers_die_others_go_on(tasks: tuple[Task, ...], tmp_path: Path) -> None:
    """What was done until then is kept; where they die again and again, that is said."""
    broken = iter([True, False])

    @contextmanager
    def start() -> Iterator[Executor]:
        with Breaking(1) if next(broken) else one_thread() as executor:
            yield executor

    found = run_all(tasks, Kept(tmp_path), start)
    assert (found.num_run, found.num_left) == (6, 0)
    with pytest.raises(BrokenProcessPool):
        run_all(tasks, Kept(tmp_path / "again"), lambda: Breaking(1))


def killed_once(task: Task) -> Outcome:
    """Dies at the first run of all, and never again."""
    mark = Path(os.environ["MARK"])
    if not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return perform(task)


def test_processes_of_which_one_is_killed_give_the_same_to_the_byte(
    tasks: tuple[Task, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As a thread does, file by file: what the one was at is run again by new processes."""
    run_all(tasks, Kept(tmp_path / "thread"), one_thread)
    monkeypatch.setenv("MARK", str(tmp_path / "mark"))
    monkeypatch.setattr(batch, "perform", killed_once)
    found = run_all(tasks, Kept(tmp_path / "processes"), local_processes(1))
    assert (tmp_path / "mark").exists()
    assert (found.num_run, found.num_left) == (6, 0)
    files = [
        {path.name: path.read_bytes() for path in (tmp_path / name).iterdir()}
        for name in ("thread", "processes")
    ]
    assert files[0] == files[1]
    assert len(files[0]) == 6
