"""Local processes for runs: each begins anew, and Ctrl-C is the parent's alone."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import AbstractContextManager

from scenarios.runs.batch import Start


def local_processes(jobs: int) -> Start:
    """So many processes of this machine.

    They are spawned, not forked: threads of a solver do not live through a fork.
    """

    def start() -> AbstractContextManager[Executor]:
        context = multiprocessing.get_context("spawn")
        return ProcessPoolExecutor(jobs, mp_context=context, initializer=_begin)

    return start


def _begin() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """A worker whose parent was ended at once would wait for its next run for ever."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(0)
