"""Long work in the foreground: shown as it comes along, stopped once, ended twice."""

from __future__ import annotations

import os
import pty
import signal
import subprocess
import sys
from pathlib import Path

from api.cli import exit_codes

ROOT = Path(__file__).parents[3]

DEAF_WORK = """
import os, signal, time
from api.cli.running import run_watched

def work(monitor):
    os.kill(os.getpid(), signal.SIGINT)
    while not monitor.cancel.is_set():
        time.sleep(0.01)
    time.sleep(1)  # the message of the first one follows its wish
    os.kill(os.getpid(), signal.SIGINT)
    time.sleep(60)

run_watched(work, (), quiet=True)
"""

TOLD_WORK = """
import time
import numpy as np
from api.cli.running import run_watched
from engine.solve.progress import Progress

def work(monitor):
    monitor.on_progress(Progress(np.array([3, 7]), np.array([3, 4]), 1, 2, 5.0))
    time.sleep(1)
    return "done"

print(run_watched(work, ("unplaced", "lateness"), quiet=False)[0])
"""


STAGED_WORK = """
import time
from api.cli import running
from api.cli.running import run_watched

def work(monitor):
    monitor.stage = "looking for places"
    time.sleep(1)
    return "done"

running._LINE_EVERY_SECONDS = 0.3
print(run_watched(work, (), quiet=False)[0])
"""


def run_python(code: str, stderr: int) -> subprocess.CompletedProcess[str]:
    """Run Python code with the project on its path."""
    return subprocess.run(
        [sys.executable, "-c", code],
        stdout=subprocess.PIPE,
        stderr=stderr,
        text=True,
        timeout=60,
        check=False,
        env=os.environ | {"PYTHONPATH": str(ROOT), "TERM": "xterm", "COLUMNS": "100"},
    )


def test_a_second_interrupt_ends_work_that_does_not_listen() -> None:
    """Ctrl-C twice ends the process at once, whatever the work does."""
    done = run_python(DEAF_WORK, subprocess.PIPE)
    assert done.returncode == exit_codes.INTERRUPTED
    assert "Ctrl-C again quits" in done.stderr


def test_the_first_interrupt_is_only_a_wish() -> None:
    """Handlers are put back when the work is done; its answer comes through."""
    from api.cli.running import run_watched

    before = signal.getsignal(signal.SIGINT)
    answer, monitor = run_watched(lambda _monitor: 42, (), quiet=True)
    assert answer == 42
    assert not monitor.cancel.is_set()
    assert signal.getsignal(signal.SIGINT) is before


def test_a_terminal_sees_incumbent_bound_and_gap() -> None:
    """On a terminal a table is kept up to date on stderr; stdout carries the answer alone."""
    ours, theirs = pty.openpty()
    done = run_python(TOLD_WORK, theirs)
    os.close(theirs)
    shown = os.read(ours, 1 << 16).decode()
    os.close(ours)
    assert done.stdout == "done\n"
    assert "1 of 2 components proven" in shown
    for heading in ("incumbent", "bound", "gap"):
        assert heading in shown
    assert "42.86%" in shown
    assert "proven" in shown


def test_work_without_progress_says_what_it_is_at() -> None:
    """On a terminal in place, in a log by lines, with the seconds since it began."""
    done = run_python(STAGED_WORK, subprocess.PIPE)
    assert done.stdout == "done\n"
    assert done.stderr.splitlines()[0] == "0 s, looking for places"
    ours, theirs = pty.openpty()
    try:
        assert run_python(STAGED_WORK, theirs).stdout == "done\n"
        assert b"looking for places" in os.read(ours, 100_000)
    finally:
        os.close(ours)
        os.close(theirs)
