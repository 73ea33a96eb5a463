"""Local processes for runs: each begins anew, and Ctrl-C is the parent's alone."""

from __future__ import annotations

import multiprocessing
import signal
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import AbstractContextManager

from scenarios.runs.batch import Start


def local_processes(jobs: int) -> Start:
    """So many processes of this machine.

    They are spawned, not forked: threads of a solver do not live through a fork.
    """

    def start() -> AbstractContextManager[Executor]:
        context = multiprocessing.get_context("spawn")
        return ProcessPoolExecutor(jobs, mp_context=context, initializer=_ignore_interrupts)

    return start


def _ignore_interrupts() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
