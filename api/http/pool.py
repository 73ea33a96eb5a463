"""Solver processes behind the service: few, recycled, killed when they overrun."""

from __future__ import annotations

import asyncio
import multiprocessing

from pebble import ProcessExpired, ProcessPool

from api.http.settings import Settings
from api.http.solving import Outcome, prepare_process, solve_match

_TASKS_PER_PROCESS = 500  # then a fresh one takes over


class BusyError(Exception):
    """As many requests wait as may wait."""


class KilledError(Exception):
    """The solver process died, or was killed after its time."""


class SolverPool:
    """Runs matches in child processes.

    A process is never forked from the threads of the service: a fork server that has loaded
    the engine makes them, so that a new one is ready at once.
    """

    def __init__(self, settings: Settings) -> None:
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(["api.http.solving"])
        self._settings = settings
        self._pool = ProcessPool(
            max_workers=settings.workers,
            max_tasks=_TASKS_PER_PROCESS,
            initializer=prepare_process,
            context=context,
        )
        self._running = 0

    async def match(self, raw: bytes) -> Outcome:
        """Match the request in ``raw``.

        Raises
        ------
        BusyError
            All processes are busy and enough requests wait.
        KilledError
            The process died, or took far longer than any match may.
        """
        settings = self._settings
        if self._running >= settings.workers + settings.max_waiting:
            raise BusyError
        self._running += 1
        try:
            timeout = settings.max_seconds + settings.grace_seconds
            future = self._pool.schedule(solve_match, args=(raw,), timeout=timeout)
            outcome: Outcome = await asyncio.wrap_future(future)
        except (TimeoutError, ProcessExpired) as error:
            raise KilledError from error
        else:
            return outcome
        finally:
            self._running -= 1

    def close(self) -> None:
        """Stop every process."""
        self._pool.stop()
        self._pool.join()
