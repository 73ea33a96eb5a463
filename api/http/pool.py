"""Solver processes behind the service: few, recycled, killed when they overrun."""

from __future__ import annotations

import asyncio
import multiprocessing
import pickle
import secrets
import shutil
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager, suppress
from pathlib import Path
from typing import Any

from api.http.channel import Channel
from api.http.overrun import Overrun
from api.http.settings import Settings
from api.http.solving import Outcome, Task
from api.http.worker import DiedError, Worker
from engine.domain import Dataset

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

    def __init__(self, settings: Settings, held: Dataset | None = None) -> None:
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload(["api.http.preloaded"])
        self._settings = settings
        self._held = pickle.dumps(held)  # once: it may be large, and everybody waits meanwhile
        self._threads = ThreadPoolExecutor(settings.workers)
        self._root = Path(tempfile.mkdtemp(prefix="slotmatch-"))
        self._free = asyncio.Semaphore(0)  # as many as are made
        self._workers: set[Worker] = set()
        self._idle: list[Worker] = []
        self.running = 0
        self.waiting = 0

    async def start(self, first: Task | None = None) -> None:
        """Make every process, so that nobody waits for the first ones.

        Parameters
        ----------
        first
            What is done before anything that somebody asks for.
        """
        await asyncio.gather(*(self._begin(first) for _ in range(self._settings.workers)))

    async def _begin(self, first: Task | None) -> None:
        try:
            self._idle.append(await self._made())
            if first is not None:
                with self.channel() as channel:
                    await self._run(first, channel, staying)
        finally:
            self._free.release()

    @property
    def is_ready(self) -> bool:
        """Whether there is a process to do a task, now or after what waits."""
        return any(worker.is_alive for worker in tuple(self._workers))

    async def revive(self) -> None:
        """Make a process where none lives, so that not only the next task does so."""
        if self._free.locked():
            return  # somebody is at it, or it still starts
        async with self._free:
            if not self.is_ready:
                with suppress(KilledError):
                    self._idle.append(await self._taken())

    def pids(self) -> list[int]:
        """Of the processes."""
        return [worker.pid for worker in tuple(self._workers)]

    def require_room(self) -> None:
        """Raise ``BusyError`` where all processes are busy and enough requests wait."""
        if self.running + self.waiting >= self._settings.workers + self._settings.max_waiting:
            raise BusyError

    @contextmanager
    def channel(self) -> Iterator[Channel]:
        """A channel to a solve, removed afterwards."""
        folder = self._root / secrets.token_hex(8)
        with suppress(OSError):  # a full disk costs the news of a solve, not the solve
            self._root.mkdir(0o700, exist_ok=True)  # old temporary files are cleared away
            folder.mkdir(0o700)
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
            The client went away; its process was ended. A find that has begun is done all the
            same: that is soon, and what its process keeps would take long to make anew.
        """
        self.require_room()
        async with self._turn(gone, self._settings.queue_seconds):
            with self.channel() as channel:
                return await self._run(task, channel, staying if task.kind == "find" else gone)

    async def work(
        self, task: Task, channel: Channel, on_begin: Callable[[], None] = lambda: None
    ) -> Outcome:
        """Run a task that nobody waits for.

        Parameters
        ----------
        task, channel
            What to do, and where to tell of it.
        on_begin
            Hears when it has a process.

        Raises
        ------
        KilledError
            The process died, took far longer than it was given, or was asked to stop and did
            not.
        """
        async with self._turn(staying, float("inf")):
            on_begin()
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
        worker = await self._taken()
        overrun = Overrun(task.max_seconds, self._settings.grace_seconds, channel)
        loop = asyncio.get_running_loop()
        answer = loop.run_in_executor(self._threads, worker.ask, task, str(channel.folder))
        answer.add_done_callback(asyncio.Future.exception)  # heard, also where nobody is left
        try:
            while not (await asyncio.wait({answer}, timeout=_POLL_SECONDS))[0]:
                if await gone():
                    raise GoneError
                if overrun.is_due():
                    raise KilledError
            return answer.result()
        except DiedError as error:
            raise KilledError from error
        finally:
            await self._let_go(worker, answer)

    async def _taken(self) -> Worker:
        """A process that is idle, or a new one."""
        while self._idle:
            worker = self._idle.pop()
            if worker.is_alive:
                return worker
            self._forget(worker)
        return await self._made()

    async def _made(self) -> Worker:
        loop = asyncio.get_running_loop()
        try:
            return await loop.run_in_executor(self._threads, self._make)
        except OSError as error:
            raise KilledError from error

    def _make(self) -> Worker:
        """Make a process, which is known even where nobody waits for it any more."""
        worker = Worker(self._context, self._settings.max_process_bytes, self._held)
        self._workers.add(worker)
        return worker

    async def _let_go(self, worker: Worker, answer: asyncio.Future[Outcome]) -> None:
        """Keep a process that has answered, for the next task; end one that has not."""
        if not answer.done():
            worker.kill()
            await asyncio.wait({answer})
        has_answered = answer.exception() is None
        if has_answered and worker.num_tasks < self._settings.tasks_per_process:
            self._idle.append(worker)
        else:
            self._forget(worker)

    def _forget(self, worker: Worker) -> None:
        """Let go of a process; its end, which may take a moment, is waited for elsewhere."""
        if worker in self._workers:
            self._workers.discard(worker)
            self._threads.submit(worker.close)

    def close(self) -> None:
        """End every process."""
        for worker in self._workers:
            worker.kill()
        self._threads.shutdown()
        for worker in self._workers:
            worker.close()
        self._workers.clear()
        shutil.rmtree(self._root, ignore_errors=True)


async def _done(turn: asyncio.Future[Any], gone: Gone, patience: float) -> None:
    """Wait for a turn as long as somebody else does, and not longer than is bearable."""
    deadline = time.monotonic() + patience
    while not (await asyncio.wait({turn}, timeout=_POLL_SECONDS))[0]:
        if await gone():
            raise GoneError
        if time.monotonic() > deadline:
            raise BusyError
