"""The pool of solver processes, whatever becomes of them."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import threading
import time
from collections.abc import Awaitable, Callable
from multiprocessing import forkserver
from typing import Any

import pytest

from api.http.channel import Channel
from api.http.pool import BusyError, GoneError, KilledError, SolverPool, staying
from api.http.settings import Settings
from api.http.solving import Outcome, Task
from api.http.worker import Worker

NONSENSE = Task("match", b"[]", 30)
"""Read, and refused for what it is."""


def play(story: Callable[[SolverPool], Awaitable[Any]], **settings: Any) -> Any:
    """Tell a story with a pool of one process."""

    async def told() -> Any:
        pool = SolverPool(Settings(workers=1, **settings))
        try:
            await pool.start()
            return await story(pool)
        finally:
            pool.close()

    return asyncio.run(told())


async def in_time(is_so: Callable[[], bool]) -> None:
    """Wait until something is so: how long that takes is up to the machine."""
    for _ in range(300):
        if is_so():
            return
        await asyncio.sleep(0.05)
    raise AssertionError("it never was")


async def works(pool: SolverPool) -> bool:
    """Whether a pool does its work."""
    return (await pool.ask(NONSENSE, staying)).kind == "invalid"


def test_as_many_wait_as_may_wait() -> None:
    """The pool refuses what would wait behind a full queue, and takes it later."""

    async def story(pool: SolverPool) -> list[Outcome | BaseException]:
        crowded = await asyncio.gather(
            *(pool.ask(NONSENSE, staying) for _ in range(3)), return_exceptions=True
        )
        return [*crowded, await pool.ask(NONSENSE, staying)]

    first, second, refused, later = play(story, max_waiting=1)
    assert isinstance(refused, BusyError)
    for outcome in (first, second, later):
        assert isinstance(outcome, Outcome)
        assert outcome.kind == "invalid"


def test_a_process_does_many_tasks() -> None:
    """It is made once."""

    async def story(pool: SolverPool) -> tuple[list[int], list[int]]:
        before = pool.pids()
        for _ in range(5):
            assert await works(pool)
        return before, pool.pids()

    before, after = play(story)
    assert before == after
    assert len(before) == 1


def test_a_process_that_never_returns_is_killed() -> None:
    """It stands still: after its time and the grace it is ended, and a new one works."""

    async def story(pool: SolverPool) -> list[int]:
        os.kill(pool.pids()[0], signal.SIGSTOP)
        before, began = pool.pids(), time.monotonic()
        with pytest.raises(KilledError):
            await pool.ask(Task("match", b"[]", 0.5), staying)
        assert 1 < time.monotonic() - began < 60
        assert await works(pool)
        return before

    play(story, grace_seconds=0.5)


def test_a_process_that_does_not_heed_a_wish_to_stop_is_killed() -> None:
    """The grace counts from the wish, however much time there was."""

    async def story(pool: SolverPool) -> None:
        os.kill(pool.pids()[0], signal.SIGSTOP)
        with pool.channel() as channel:
            channel.ask_to_stop()
            with pytest.raises(KilledError):
                await asyncio.wait_for(pool.work(Task("match", b"[]", 600), channel), 20)
        assert await works(pool)

    play(story, grace_seconds=0.5)


def test_a_process_killed_while_it_is_told_its_task_concerns_no_other() -> None:
    """Thirty megabytes are on their way to it when it dies: its caller hears so."""

    async def story(pool: SolverPool) -> None:
        (pid,) = pool.pids()
        os.kill(pid, signal.SIGSTOP)
        asking = asyncio.create_task(pool.ask(Task("match", b" " * 30_000_000, 30), staying))
        await asyncio.sleep(0.5)
        os.kill(pid, signal.SIGKILL)
        with pytest.raises(KilledError):
            await asking
        assert await works(pool)

    play(story)


def test_an_idle_process_that_died_is_replaced() -> None:
    """Nobody hears of it."""

    async def story(pool: SolverPool) -> None:
        os.kill(pool.pids()[0], signal.SIGKILL)
        await in_time(lambda: not pool.is_ready)
        assert await works(pool)
        assert pool.is_ready

    play(story)


def test_who_waits_too_long_or_leaves_costs_no_process() -> None:
    """The one process is busy; those who wait are refused in time, or gone, and it lives on."""

    async def leaving() -> bool:
        return True

    async def busy(pool: SolverPool, channel: Channel) -> None:
        with pytest.raises(KilledError):
            await pool.work(Task("match", b"[]", 1), channel)

    async def story(pool: SolverPool) -> None:
        os.kill(pool.pids()[0], signal.SIGSTOP)
        with pool.channel() as channel:
            working = asyncio.create_task(busy(pool, channel))
            await asyncio.sleep(0.1)
            with pytest.raises(BusyError):
                await pool.ask(NONSENSE, staying)
            with pytest.raises(GoneError):
                await pool.ask(NONSENSE, leaving)
            assert (pool.running, pool.waiting) == (1, 0)
            await working
        assert await works(pool)

    play(story, queue_seconds=0.3, grace_seconds=0.5)


def test_a_pool_works_when_its_folder_was_removed() -> None:
    """What clears old temporary files away may do so while the service runs."""

    async def story(pool: SolverPool) -> None:
        with pool.channel() as channel:
            root = channel.folder.parent
        shutil.rmtree(root)
        assert await works(pool)
        root.rmdir()
        root.touch()
        assert await works(pool)
        root.unlink()

    play(story)


def test_a_find_whose_client_leaves_is_done_all_the_same() -> None:
    """Its process knows what takes long to make anew: impatient clients would keep it cold, and
    patient ones from any answer.
    """
    is_running = asyncio.Event()

    async def leaving() -> bool:
        return is_running.is_set()

    async def story(pool: SolverPool) -> None:
        (pid,) = pool.pids()
        os.kill(pid, signal.SIGSTOP)
        asking = asyncio.create_task(pool.ask(Task("find", b"[]", 30), leaving))
        await asyncio.sleep(0.2)
        is_running.set()
        await asyncio.sleep(0.5)
        os.kill(pid, signal.SIGCONT)
        assert (await asking).kind == "failed"  # it holds no dataset
        assert pool.pids() == [pid]

    play(story)


def test_a_process_is_replaced_after_its_tasks() -> None:
    """Two each; nobody notices."""

    async def story(pool: SolverPool) -> list[int]:
        seen = []
        for _ in range(5):
            seen += pool.pids()
            assert await works(pool)
        return seen

    seen = play(story, tasks_per_process=2)
    assert seen[0] == seen[1]
    assert len(set(seen)) == 2


def test_who_comes_before_the_start_waits_for_it() -> None:
    """Nobody makes a process of their own meanwhile, which would be one too many."""

    async def story() -> None:
        pool = SolverPool(Settings(workers=1))
        try:
            asking = asyncio.create_task(works(pool))
            await asyncio.sleep(0.2)
            assert pool.waiting == 1
            await pool.start(NONSENSE)
            assert await asking
            assert len(pool.pids()) == 1
        finally:
            pool.close()

    asyncio.run(story())


def test_a_process_that_dies_while_it_is_made_is_a_solver_killed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Its wire breaks before there is anything to ask; the next one is made."""

    async def story(pool: SolverPool) -> None:
        os.kill(pool.pids()[0], signal.SIGKILL)
        await in_time(lambda: not pool.is_ready)
        with monkeypatch.context() as broken:
            broken.setattr(pool, "_make", broken_pipe)
            with pytest.raises(KilledError):
                await pool.ask(NONSENSE, staying)
        assert await works(pool)

    play(story)


def broken_pipe() -> Worker:
    """What happens then."""
    raise BrokenPipeError


def test_a_pool_without_a_process_is_ready_again_when_somebody_looks() -> None:
    """Who asks whether it is ready sends nothing else until it is: looking makes a process."""

    async def story(pool: SolverPool) -> None:
        for _ in range(2):
            os.kill(pool.pids()[0], signal.SIGKILL)
            await in_time(lambda: not pool.is_ready)
            await asyncio.gather(*(pool.revive() for _ in range(5)))
            assert pool.is_ready
            assert len(pool.pids()) == 1

    play(story)


def test_nobody_waits_for_the_end_of_a_process() -> None:
    """The fork server, which tells of it, stands still until there is an answer."""

    async def story(pool: SolverPool) -> None:
        assert await works(pool)  # the fork server has let go of the wire by then
        server = forkserver._forkserver._forkserver_pid  # type: ignore[attr-defined]
        os.kill(server, signal.SIGSTOP)
        going_on = threading.Timer(20, os.kill, (server, signal.SIGCONT))
        going_on.start()
        os.kill(pool.pids()[0], signal.SIGKILL)
        with pytest.raises(KilledError):
            await pool.ask(NONSENSE, staying)
        assert going_on.is_alive()  # nobody waited for it
        going_on.cancel()
        os.kill(server, signal.SIGCONT)
        assert await works(pool)

    play(story)
