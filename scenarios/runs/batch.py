"""Many runs side by side, on whatever can run them; what was done before is not done again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, wait
from contextlib import AbstractContextManager
from dataclasses import dataclass

from engine.solve.limits import Cancel
from scenarios.runs.kept import Kept
from scenarios.runs.outcome import Outcome
from scenarios.runs.perform import perform
from scenarios.runs.task import Task

Start = Callable[[], AbstractContextManager[Executor]]
"""Makes what runs are sent to; called again where it broke."""

OnDone = Callable[[int, int], None]
"""Hears how many of how many runs are done."""

_MOST_BREAKS = 3
_POLL_SECONDS = 0.2


@dataclass(frozen=True, slots=True)
class Batch:
    """What came of some tasks.

    Parameters
    ----------
    outcomes
        By key of the task.
    num_found, num_run
        Kept from before, and run now.
    num_left
        Not run: it was asked to stop.
    """

    outcomes: Mapping[str, Outcome]
    num_found: int
    num_run: int
    num_left: int


def run_all(
    tasks: Iterable[Task],
    kept: Kept,
    start: Start,
    cancel: Cancel | None = None,
    on_done: OnDone | None = None,
) -> Batch:
    """Run tasks; each outcome is kept as soon as it is there.

    Where a worker dies, what it was at is lost and run again, by new workers.

    Parameters
    ----------
    start
        Local processes, or a cluster: anything that is a ``concurrent.futures.Executor``.
    cancel
        Asks to stop: what runs is finished, and nothing else begun.

    Raises
    ------
    InvalidInputError
        A base, a change or an event cannot be used; what was done until then is kept.
    BrokenExecutor
        Workers died again and again, and nothing was done in between.
    """
    return _Runs(tasks, kept, cancel or Cancel(), on_done).run(start)


def run_in_turn(
    tasks: Iterable[Task], cancel: Cancel, on_done: OnDone | None = None
) -> dict[str, Outcome]:
    """Run tasks here, one after the other; outcomes by key, and nothing is kept elsewhere.

    Parameters
    ----------
    cancel
        Asks to stop: the run under way is given up, and nothing else begun.

    Raises
    ------
    InvalidInputError
        A base, a change or an event cannot be used.
    """
    outcomes: dict[str, Outcome] = {}
    by_key = {task.key: task for task in tasks}
    for task in by_key.values():
        if on_done is not None:
            on_done(len(outcomes), len(by_key))
        outcome = perform(task, cancel)
        if cancel.is_set():
            break  # it may be cut short
        outcomes[task.key] = outcome
    return outcomes


class _Runs:
    """Tasks under way."""

    def __init__(
        self, tasks: Iterable[Task], kept: Kept, cancel: Cancel, on_done: OnDone | None
    ) -> None:
        self._kept, self._cancel, self._on_done = kept, cancel, on_done
        self._by_key = {task.key: task for task in tasks}
        found = ((key, kept.get(key)) for key in self._by_key)
        self._outcomes = {key: outcome for key, outcome in found if outcome is not None}
        self._num_found = len(self._outcomes)

    def run(self, start: Start) -> Batch:
        num_breaks = 0
        self._tell()
        while self._open() and not self._cancel.is_set():
            num_before = len(self._outcomes)
            try:
                with start() as executor:
                    self._on(executor)
            except BrokenExecutor:
                num_breaks = num_breaks + 1 if len(self._outcomes) == num_before else 1
                if num_breaks == _MOST_BREAKS:
                    raise
        num_left = len(self._open())
        num_run = len(self._outcomes) - self._num_found
        return Batch(self._outcomes, self._num_found, num_run, num_left)

    def _open(self) -> list[str]:
        return [key for key in self._by_key if key not in self._outcomes]

    def _on(self, executor: Executor) -> None:
        waiting = {executor.submit(perform, self._by_key[key]) for key in self._open()}
        try:
            while waiting:
                done, waiting = wait(waiting, _POLL_SECONDS, FIRST_COMPLETED)
                for future in sorted(done, key=_has_failed):  # what was done is kept first
                    self._take(future.result())
                if self._cancel.is_set():
                    waiting = {future for future in waiting if not future.cancel()}
        finally:
            _cancel_all(waiting)

    def _take(self, outcome: Outcome) -> None:
        self._kept.keep(outcome)
        self._outcomes[outcome.key] = outcome
        self._tell()

    def _tell(self) -> None:
        if self._on_done is not None:
            self._on_done(len(self._outcomes), len(self._by_key))


def _has_failed(future: Future[Outcome]) -> bool:
    return future.cancelled() or future.exception() is not None


def _cancel_all(futures: Iterable[Future[Outcome]]) -> None:
    for future in futures:
        future.cancel()
