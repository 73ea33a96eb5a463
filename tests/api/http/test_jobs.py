"""Jobs in a store whose solver processes are played."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from api.http.channel import Channel
from api.http.jobs import Job, JobStore, NoJobError
from api.http.pool import BusyError, KilledError
from api.http.settings import Settings
from api.http.solving import Outcome, Task

Work = Callable[[Task, Channel], Awaitable[Outcome]]


class PlayedPool:
    """Does what it is told, in this process."""

    def __init__(self, folder: Path, work: Work) -> None:
        self._folder, self._work, self._number = folder, work, 0

    @contextmanager
    def channel(self) -> Iterator[Channel]:
        """A channel in a folder of its own."""
        self._number += 1
        folder = self._folder / str(self._number)
        folder.mkdir()
        yield Channel(folder)

    async def work(self, task: Task, channel: Channel) -> Outcome:
        """Play."""
        return await self._work(task, channel)


def task(size: int = 2) -> Task:
    """A task with a body of so many bytes."""
    return Task("match", b"x" * size, 60)


def done(size: int = 2, stopped: str = "proven") -> Outcome:
    """A good answer of so many bytes."""
    return Outcome("done", b"y" * size, facts={"stopped": stopped})


def play(
    folder: Path, work: Work, story: Callable[[JobStore], Awaitable[Any]], **settings: Any
) -> tuple[Any, list[tuple[Any, ...]]]:
    """Tell a story with a store; what it gives, and every task that ended."""
    ended: list[tuple[Any, ...]] = []

    async def told() -> Any:
        pool: Any = PlayedPool(folder, work)
        store = JobStore(pool, Settings(workers=2, **settings), lambda *end: ended.append(end))
        try:
            return await story(store)
        finally:
            await store.close()

    return asyncio.run(told()), ended


async def until_over(job: Job) -> Job:
    """Wait for the end of a job, which must come."""
    await asyncio.wait_for(job.over.wait(), 10)
    return job


async def forever(_task: Task, _channel: Channel) -> Outcome:
    """A solve that never returns."""
    await asyncio.Event().wait()
    raise AssertionError


async def until_stopped(_task: Task, channel: Channel) -> Outcome:
    """A solve that goes on until it is asked to stop, and has something then."""
    while not channel.is_asked_to_stop():
        await asyncio.sleep(0.01)
    return done(stopped="cancelled")


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        (done(), "done"),
        (done(stopped="time_limit"), "done"),
        (Outcome("invalid"), "failed"),
        (Outcome("failed"), "failed"),
        (KilledError(), "failed"),
        (RuntimeError("patient p1"), "failed"),
    ],
)
def test_every_job_comes_to_an_end(tmp_path: Path, answer: Any, state: str) -> None:
    """Whatever its process answers, and also where it dies or the service itself fails."""

    async def work(_task: Task, _channel: Channel) -> Outcome:
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def story(store: JobStore) -> Job:
        return await until_over(store.add(task()))

    job, ended = play(tmp_path, work, story)
    assert job.state == state
    assert job.ended is not None
    assert job.task is None
    assert len(ended) == 1


def test_a_running_job_that_is_cancelled_keeps_its_best(tmp_path: Path) -> None:
    """It is asked to stop, and what it has by then is its result."""

    async def story(store: JobStore) -> Job:
        job = store.add(task())
        while job.state != "running":
            await asyncio.sleep(0.01)
        return await store.cancel(job.id)

    job, _ = play(tmp_path, until_stopped, story)
    assert job.state == "cancelled"
    assert job.is_cancelled
    assert job.outcome == done(stopped="cancelled")


def test_a_job_that_was_proven_before_it_heard_is_done(tmp_path: Path) -> None:
    """A wish that comes too late takes nothing away."""

    async def work(_task: Task, channel: Channel) -> Outcome:
        while not channel.is_asked_to_stop():
            await asyncio.sleep(0.01)
        return done()

    async def story(store: JobStore) -> Job:
        job = store.add(task())
        await asyncio.sleep(0.05)
        await store.cancel(job.id)
        return await store.cancel(job.id)

    job, _ = play(tmp_path, work, story)
    assert job.state == "done"


def test_a_queued_job_that_is_cancelled_never_runs(tmp_path: Path) -> None:
    """The first job has the only turn; the second is over at once, with nothing."""

    async def story(store: JobStore) -> tuple[Job, Job]:
        first, second = store.add(task()), store.add(task())
        await asyncio.sleep(0.05)
        assert (first.state, second.state) == ("running", "queued")
        await store.cancel(second.id)
        return first, second

    (first, second), _ = play(tmp_path, forever, story)
    assert (second.state, second.started, second.outcome) == ("cancelled", None, None)
    assert first.state == "cancelled"  # by the end of the service


def test_as_many_jobs_as_may_be_and_no_more(tmp_path: Path) -> None:
    """The third is refused; once another is over, there is room again."""

    async def story(store: JobStore) -> None:
        first = store.add(task())
        store.add(task())
        with pytest.raises(BusyError):
            store.require_room()
        with pytest.raises(BusyError):
            store.add(task())
        await asyncio.sleep(0.05)
        await store.cancel(first.id)
        store.require_room()

    play(tmp_path, until_stopped, story, max_jobs=2)


def test_bodies_of_jobs_are_bounded_together(tmp_path: Path) -> None:
    """Up to the limit they are taken, beyond it refused."""

    async def story(store: JobStore) -> None:
        store.add(task(60))
        with pytest.raises(BusyError):
            store.add(task(41))
        store.add(task(40))

    play(tmp_path, forever, story, max_job_bytes=100)


def test_results_of_the_oldest_jobs_make_room(tmp_path: Path) -> None:
    """Three results of forty bytes where a hundred are kept: the first is forgotten."""

    async def work(_task: Task, _channel: Channel) -> Outcome:
        return done(40)

    async def story(store: JobStore) -> None:
        jobs = [await until_over(store.add(task())) for _ in range(3)]
        with pytest.raises(NoJobError):
            store.get(jobs[0].id)
        assert [store.get(job.id) for job in jobs[1:]] == jobs[1:]

    play(tmp_path, work, story, max_job_bytes=100)


def test_a_job_that_is_over_is_forgotten_in_time(tmp_path: Path) -> None:
    """It says when, and then it is gone."""

    async def work(_task: Task, _channel: Channel) -> Outcome:
        return done()

    async def story(store: JobStore) -> None:
        job = await until_over(store.add(task()))
        expires = store.expires(job)
        assert expires is not None
        assert job.ended is not None
        assert expires > job.ended
        await asyncio.sleep(0.3)
        with pytest.raises(NoJobError):
            store.get(job.id)

    play(tmp_path, work, story, job_seconds=0.2)


def test_one_process_of_two_is_left_to_those_who_wait(tmp_path: Path) -> None:
    """Of two jobs one runs at a time."""
    running = 0

    async def work(_task: Task, _channel: Channel) -> Outcome:
        nonlocal running
        running += 1
        assert running == 1
        await asyncio.sleep(0.05)
        running -= 1
        return done()

    async def story(store: JobStore) -> list[str]:
        jobs = [store.add(task()) for _ in range(3)]
        return [(await until_over(job)).state for job in jobs]

    states, _ = play(tmp_path, work, story)
    assert states == ["done"] * 3
