"""Solver processes behind the service: few, recycled, killed when they overrun."""

from __future__ import annotations

import asyncio
import multiprocessing
import shutil
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

from pebble import ProcessExpired, ProcessFuture, ProcessPool

from api.http.channel import Channel
from api.http.settings import Settings
from api.http.solving import Outcome, Task, prepare_process, run_task

_TASKS_PER_PROCESS = 500  # then a fresh one takes over
_POLL_SECONDS = 0.1


class BusyError(Exception):
    """As many wait as may wait, or somebody waited for as long as may be."""


class KilledError(Exception):
    """The solver process died, or was killed after its time."""


class GoneError(Exception):
    """Nobody waits for the answer any more."""


Gone = Callable[[], Awaitable[bool]]
"""Tells whether the client has gone away."""


async def staying() -> bool:
    """Of work that nobody needs to wait for."""
    return False


class SolverPool:
    """Runs tasks in child processes, each when there is one free.

    A process is never forked from the threads of the service: a fork server that has loaded
    the engine makes them, so that a new one is ready at once.

    Parameters
    ----------
    settings
        Of the service.
    held
        What every process is given to keep: a dataset, or nothing.
    """

    def __init__(self, settings: Settings, held: Any = None) -> None:
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(["api.http.solving"])
        self._settings = settings
        self._pool = ProcessPool(
            max_workers=settings.workers,
            max_tasks=_TASKS_PER_PROCESS,
            initializer=prepare_process,
            initargs=(settings.max_process_bytes, held),
            context=context,
        )
        self._root = Path(tempfile.mkdtemp(prefix="slotmatch-"))
        self._free = asyncio.Semaphore(settings.workers)
        self.running = 0
        self.waiting = 0

    @property
    def is_ready(self) -> bool:
        """Whether the pool takes work, now or after what waits."""
        return bool(self._pool.active)

    def require_room(self) -> None:
        """Raise ``BusyError`` where all processes are busy and enough requests wait."""
        if self.running + self.waiting >= self._settings.workers + self._settings.max_waiting:
            raise BusyError

    @contextmanager
    def channel(self) -> Iterator[Channel]:
        """A channel to a solve, removed afterwards."""
        folder = Path(tempfile.mkdtemp(dir=self._root))
        try:
            yield Channel(folder)
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    async def ask(self, task: Task, gone: Gone) -> Outcome:
        """Run a task for a client that waits.

        Raises
        ------
        BusyError
            All processes are busy and enough requests wait, or this one waited too long.
        KilledError
            The process died, or took far longer than it was given.
        GoneError
            The client went away; its process was ended.
        """
        self.require_room()
        async with self._turn(gone, self._settings.queue_seconds):
            with self.channel() as channel:
                return await self._run(task, channel, gone)

    async def work(self, task: Task, channel: Channel) -> Outcome:
        """Run a task that nobody waits for.

        Raises
        ------
        KilledError
            The process died, took far longer than it was given, or was asked to stop and did
            not.
        """
        async with self._turn(staying, float("inf")):
            return await self._run(task, channel, staying)

    @asynccontextmanager
    async def _turn(self, gone: Gone, patience: float) -> AsyncIterator[None]:
        """Wait for a free process."""
        turn = asyncio.ensure_future(self._free.acquire())
        self.waiting += 1
        try:
            await _done(turn, gone, patience)
        except BaseException:
            if not turn.cancel():
                self._free.release()
            raise
        finally:
            self.waiting -= 1
        self.running += 1
        try:
            yield
        finally:
            self.running -= 1
            self._free.release()

    async def _run(self, task: Task, channel: Channel, gone: Gone) -> Outcome:
        """Run a task in a free process, and end the process where that is due."""
        future: ProcessFuture[Outcome] = self._pool.schedule(
            run_task, args=(task, str(channel.folder))
        )
        overrun = _Overrun(task.max_seconds, self._settings.grace_seconds, channel)
        try:
            answer: asyncio.Future[Outcome] = asyncio.wrap_future(future)
            while not (await asyncio.wait({answer}, timeout=_POLL_SECONDS))[0]:
                if await gone():
                    raise GoneError
                if overrun.is_due():
                    raise KilledError
            return answer.result()
        except (TimeoutError, ProcessExpired, MemoryError) as error:
            raise KilledError from error
        finally:
            future.cancel()  # ends the process too, where one is still at it

    def close(self) -> None:
        """Stop every process."""
        self._pool.stop()
        self._pool.join()
        shutil.rmtree(self._root, ignore_errors=True)


async def _done(turn: asyncio.Future[Any], gone: Gone, patience: float) -> None:
    """Wait for a turn as long as somebody else does, and not longer than is bearable."""
    deadline = time.monotonic() + patience
    while not (await asyncio.wait({turn}, timeout=_POLL_SECONDS))[0]:
        if await gone():
            raise GoneError
        if time.monotonic() > deadline:
            raise BusyError


class _Overrun:
    """Tells when a process has had its time, by a clock that nobody sets.

    Parameters
    ----------
    max_seconds
        The most that such a task may ask for.
    grace_seconds
        How much more it gets, and how much after a wish to stop.
    channel
        Where the process says how much was asked for, once it has read that.
    """

    def __init__(self, max_seconds: float, grace_seconds: float, channel: Channel) -> None:
        self._max_seconds = max_seconds
        self._grace_seconds = grace_seconds
        self._channel = channel
        self._start = time.monotonic()
        self._asked_to_stop: float | None = None

    def is_due(self) -> bool:
        """Whether the process is to be killed."""
        now = time.monotonic()
        if self._asked_to_stop is None and self._channel.is_asked_to_stop():
            self._asked_to_stop = now
        given = self._channel.told().get("seconds", self._max_seconds)
        ends = self._start + given
        if self._asked_to_stop is not None:
            ends = min(ends, self._asked_to_stop)
        return now > ends + self._grace_seconds
