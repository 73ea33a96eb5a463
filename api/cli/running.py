"""Long work with progress on stderr, stopped once by Ctrl-C and ended by a second one."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from types import FrameType
from typing import TypeVar

from rich.live import Live
from rich.table import Table
from rich.text import Text

from api.cli import exit_codes
from api.cli.console import folded, notes
from engine.solve.limits import Cancel
from engine.solve.progress import Progress

T = TypeVar("T")

_REFRESH_SECONDS = 0.1
_LINE_EVERY_SECONDS = 5.0


class Monitor:
    """What the work tells, and how it is told to stop."""

    def __init__(self) -> None:
        self.cancel = Cancel()
        self.progress: Progress | None = None
        self.stage = ""
        """What the work is at, where it has no progress to tell."""

    def enter(self, stage: str) -> None:
        """Begin something else, of which there is no progress to tell yet."""
        self.stage, self.progress = stage, None

    def on_progress(self, progress: Progress) -> None:
        """Remember the newest state; called from the work's threads."""
        self.progress = progress


def run_watched(
    work: Callable[[Monitor], T],
    levels: Sequence[str],
    *,
    quiet: bool,
    stopping: str = "stopping with the best plan so far",
) -> tuple[T, Monitor]:
    """Run ``work`` in a thread and show how it comes along; ``stopping`` says what Ctrl-C does.

    The main thread stays free for signals: Ctrl-C once asks the work to stop with the best
    it has; twice ends the process at once.
    """
    monitor = Monitor()
    future: Future[T] = Future()

    def run() -> None:
        try:
            future.set_result(work(monitor))
        except BaseException as error:  # noqa: BLE001 handed on to the main thread
            future.set_exception(error)

    with _interruptible(monitor, stopping):
        threading.Thread(target=run, daemon=True).start()
        _watch(future, monitor, levels, quiet=quiet)
    return future.result(), monitor


@contextmanager
def _interruptible(monitor: Monitor, stopping: str) -> Iterator[None]:
    def on_signal(_number: int, _frame: FrameType | None) -> None:
        if monitor.cancel.is_set():
            notes.show_cursor()
            os._exit(exit_codes.INTERRUPTED)
        monitor.cancel.set()
        notes.print(f"{stopping}; Ctrl-C again quits")

    before = signal.signal(signal.SIGINT, on_signal)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _watch(future: Future[T], monitor: Monitor, levels: Sequence[str], *, quiet: bool) -> None:
    """Wait for the work, refreshing what is shown."""
    if quiet:
        while not future.done():
            time.sleep(_REFRESH_SECONDS)
    elif notes.is_terminal:
        began = time.monotonic()
        with Live(console=notes, transient=True, refresh_per_second=4) as live:
            while not future.done():
                time.sleep(_REFRESH_SECONDS)
                if monitor.progress is not None:
                    live.update(_table(monitor.progress, levels))
                elif monitor.stage:
                    live.update(Text(f"{time.monotonic() - began:.0f} s, {monitor.stage}"))
    else:
        _watch_by_lines(future, monitor, levels)


def _watch_by_lines(future: Future[T], monitor: Monitor, levels: Sequence[str]) -> None:
    """One plain line now and then, for logs."""
    began = last = time.monotonic()
    while not future.done():
        time.sleep(_REFRESH_SECONDS)
        if time.monotonic() - last <= _LINE_EVERY_SECONDS:
            continue
        last = time.monotonic()
        if monitor.progress is not None:
            notes.print(_line(monitor.progress, levels), markup=False)
        elif monitor.stage:
            notes.print(f"{last - began:.0f} s, {monitor.stage}", markup=False)


def _line(progress: Progress, levels: Sequence[str]) -> str:
    states = (
        f"{name} {value} (bound {bound})"
        for name, value, bound in _rows(progress, levels)
        if value != bound
    )
    done = f"{progress.num_proven}/{progress.num_components} components proven"
    return f"{progress.seconds:.0f} s, {done}, open: {', '.join(states)}"


def _rows(progress: Progress, levels: Sequence[str]) -> Iterator[tuple[str, int, int]]:
    values, bounds = progress.values.tolist(), progress.bounds.tolist()
    return zip(levels, values, bounds, strict=True)


def _table(progress: Progress, levels: Sequence[str]) -> Table:
    done = f"{progress.num_proven} of {progress.num_components} components proven"
    table = Table(title=f"{progress.seconds:.0f} s, {done}", title_justify="left")
    for heading in ("level", "incumbent", "bound", "gap"):
        table.add_column(heading, justify="left" if heading == "level" else "right")
    for name, value, bound in _rows(progress, levels):
        gap = "proven" if value == bound else f"{(value - bound) / max(1, value):.2%}"
        table.add_row(Text(name), str(value), str(bound), gap)
    return folded(table)
