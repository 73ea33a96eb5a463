"""Jobs in a store whose solver processes are played."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
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
        self.has_process = asyncio.Event()
        self.has_process.set()

    @contextmanager
    def channel(self) -> Iterator[Channel]:
        """A channel in a folder of its own."""
        self._number += 1
        folder = self._folder / str(self._number)
        folder.mkdir()
        yield Channel(folder)

    async def work(
        self, task: Task, channel: Channel, on_begin: Callable[[], None] = lambda: None
    ) -> Outcome:
        """Play, when there is a process."""
        await self.has_process.wait()
        on_begin()
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


def test_a_job_that_waits_for_a_process_is_queued(tmp_path: Path) -> None:
    """It has its turn among the jobs, but those who wait have every process: it does not run,
    and can be cancelled at once.
    """

    async def story(store: JobStore) -> tuple[Job, Job]:
        pool: Any = store._pool
        pool.has_process.clear()
        first = store.add(task())
        await asyncio.sleep(0.05)
        assert (first.state, first.started) == ("queued", None)
        async with asyncio.timeout(20):
            await store.cancel(first.id)
        second = store.add(task())
        pool.has_process.set()
        await asyncio.sleep(0.05)
        assert second.state == "running"
        return first, second

    (first, second), _ = play(tmp_path, forever, story)
    assert (first.state, first.started) == ("cancelled", None)
    assert second.started is not None


def test_jobs_that_are_over_are_bounded_in_number(tmp_path: Path) -> None:
    """A thousand that fail within the hour would stay a thousand times what they hold."""

    async def work(_task: Task, _channel: Channel) -> Outcome:
        return Outcome("invalid")

    async def story(store: JobStore) -> None:
        jobs = [await until_over(store.add(task())) for _ in range(5)]
        assert [job.id for job in store] == [job.id for job in jobs[-3:]]

    play(tmp_path, work, story, max_jobs_kept=3)


def test_findings_of_a_job_that_failed_count(tmp_path: Path) -> None:
    """They take memory as a result does."""

    async def work(_task: Task, _channel: Channel) -> Outcome:
        return Outcome("invalid", problems=[{"code": "missing_field"}] * 60)

    async def story(store: JobStore) -> None:
        jobs = [await until_over(store.add(task())) for _ in range(3)]
        assert [job.id for job in store] == [jobs[-1].id]

    play(tmp_path, work, story, max_job_bytes=100_000)


def test_the_newest_result_stays(tmp_path: Path) -> None:
    """The first job to come is the last to end: the others make room for it, however large it
    is, since nobody can have read it yet.
    """
    ends = asyncio.Event()

    async def work(task: Task, _channel: Channel) -> Outcome:
        if len(task.raw) == 9:
            await ends.wait()
            return done(500)
        return done(40)

    async def story(store: JobStore) -> None:
        store._turns = asyncio.Semaphore(2)
        first = store.add(task(9))
        await until_over(store.add(task()))
        ends.set()
        await until_over(first)
        assert [job.id for job in store] == [first.id]

    play(tmp_path, work, story, max_job_bytes=100)


def test_a_clock_that_is_set_does_not_change_how_long_a_job_took(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An hour back while it runs: it took no less than nothing."""

    class Clock(datetime):
        now_is = datetime.now(UTC)

        @classmethod
        def now(cls, tz: Any = None) -> Any:
            return cls.now_is.astimezone(tz)

    async def work(_task: Task, _channel: Channel) -> Outcome:
        Clock.now_is -= timedelta(hours=1)
        return done()

    monkeypatch.setattr("api.http.jobs.datetime", Clock)
    _, ended = play(tmp_path, work, lambda store: until_over(store.add(task())))
    ((_, _, seconds),) = ended
    assert 0 <= seconds < 60
