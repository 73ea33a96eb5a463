"""Jobs: work that nobody waits for; few, kept for a while, and always over at some time."""

from __future__ import annotations

import asyncio
import contextlib
import secrets
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Literal, get_args

from api.http.channel import Channel
from api.http.clients import ANYBODY
from api.http.faults import frames_of
from api.http.pool import BusyError, KilledError, SolverPool
from api.http.rates import TooOftenError
from api.http.settings import Settings
from api.http.solving import Outcome, Task

State = Literal["queued", "running", "done", "cancelled", "failed"]

STATES: tuple[State, ...] = get_args(State)
_OVER = ("done", "cancelled", "failed")
_PROBLEM_BYTES = 1_000  # a finding as plain values, roughly
_COME_BACK_SECONDS = 5
_CANCEL_SECONDS = 5.0  # a solve that heeds a wish to stop does so sooner


OnEnd = Callable[[str, Outcome | str, float], None]

Finish = Callable[[Outcome], Awaitable[Outcome]]
"""What is done with what a process answered, before anybody is told of it."""


async def as_it_is(outcome: Outcome) -> Outcome:
    """Nothing."""
    return outcome


class NoJobError(Exception):
    """There is no such job, or not any more."""


@dataclass(slots=True)
class Job:
    """Work that was taken on.

    Parameters
    ----------
    id
        Not to be guessed: who knows it may read the result.
    kind
        Of its task.
    task
        What to do; ``None`` once it is over.
    channel
        To the solver process.
    created, started, ended
        When, by the clock on the wall; ``began`` is for durations.
    state
        Where it is; it is queued until it has a process.
    is_cancelled
        Whether somebody asked to stop it.
    outcome
        What the solver process answered; ``None``: nothing yet, or it was killed or never ran.
    owner
        Whose it is: for everybody else there is no such job.
    """

    id: str
    kind: str
    task: Task | None
    channel: Channel
    created: datetime
    state: State = "queued"
    began: float = field(default_factory=time.monotonic)
    started: datetime | None = None
    ended: datetime | None = None
    is_cancelled: bool = False
    outcome: Outcome | None = None
    over: asyncio.Event = field(default_factory=asyncio.Event)
    runner: asyncio.Task[None] | None = None
    owner: str = ANYBODY.id

    @property
    def is_over(self) -> bool:
        """Whether nothing more will happen."""
        return self.state in _OVER

    @property
    def num_bytes(self) -> int:
        """What it holds, of body or result."""
        held = 0 if self.task is None else len(self.task.raw)
        if self.outcome is None:
            return held
        return held + len(self.outcome.body) + _PROBLEM_BYTES * len(self.outcome.problems)

    def progress(self) -> dict[str, Any] | None:
        """How far the solve is, where it has told."""
        told: dict[str, Any] | None = self.channel.told().get("progress")
        return told

    def run(self) -> None:
        """Say that it has a process."""
        self.state, self.started = "running", datetime.now(UTC)


class JobStore:
    """Runs jobs beside those who wait, and keeps what came of them for a while.

    Parameters
    ----------
    pool
        Where they run; one process of several is left to those who wait.
    settings
        Of the service.
    on_end
        Hears of every task that ended: its kind, what came of it, and after how many seconds.
    """

    def __init__(self, pool: SolverPool, settings: Settings, on_end: OnEnd) -> None:
        self._pool = pool
        self._settings = settings
        self._on_end = on_end
        self._jobs: dict[str, Job] = {}
        self._turns = asyncio.Semaphore(max(1, settings.workers - 1))

    def __iter__(self) -> Iterator[Job]:
        return iter(self._jobs.values())

    def require_room(self, owner: str = ANYBODY.id) -> None:
        """Refuse where as many jobs are not over as may be.

        Raises
        ------
        BusyError
            Of all together.
        TooOftenError
            Of one key: half of them are left to others.
        """
        owners = [job.owner for job in self if not job.is_over]
        if len(owners) >= self._settings.max_jobs:
            raise BusyError
        if owner != ANYBODY.id and owners.count(owner) >= max(1, self._settings.max_jobs // 2):
            raise TooOftenError(_COME_BACK_SECONDS)

    def add(self, task: Task, owner: str = ANYBODY.id, finish: Finish = as_it_is) -> Job:
        """Take on a job.

        Parameters
        ----------
        task, owner
            What is to be done, and whose it is.
        finish
            Hears of its end first.

        Raises
        ------
        BusyError, TooOftenError
            There are as many as may be, or they hold as much.
        """
        self.require_room(owner)
        held = sum(job.num_bytes for job in self if not job.is_over)
        if held + len(task.raw) > self._settings.max_job_bytes:
            raise BusyError
        files = ExitStack()
        job = Job(
            secrets.token_urlsafe(18),
            task.kind,
            task,
            files.enter_context(self._pool.channel()),
            datetime.now(UTC),
            owner=owner,
        )
        self._jobs[job.id] = job
        job.runner = asyncio.create_task(self._run(job, task, finish, files))
        return job

    def get(self, job_id: str, owner: str = ANYBODY.id) -> Job:
        """The job of that id.

        Raises
        ------
        NoJobError
            There is none, or it is somebody else's.
        """
        job = self._jobs.get(job_id)
        if job is None or job.owner != owner:
            raise NoJobError
        return job

    async def cancel(self, job_id: str, owner: str = ANYBODY.id) -> Job:
        """Stop a job with the best it has, and wait a little for that.

        Raises
        ------
        NoJobError
            There is none, or it is somebody else's.
        """
        job = self.get(job_id, owner)
        if not job.is_over:
            job.is_cancelled = True
            if job.state == "queued" and job.runner is not None:
                job.runner.cancel()
            else:
                job.channel.ask_to_stop()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(job.over.wait(), _CANCEL_SECONDS)
        return job

    def expires(self, job: Job) -> datetime | None:
        """When a job that is over is forgotten."""
        if job.ended is None:
            return None
        return job.ended + timedelta(seconds=self._settings.job_seconds)

    async def close(self) -> None:
        """End every job."""
        runners = [job.runner for job in self if job.runner is not None]
        for runner in runners:
            runner.cancel()
        await asyncio.gather(*runners, return_exceptions=True)

    async def _run(self, job: Job, task: Task, finish: Finish, files: ExitStack) -> None:
        """Do the work; however that ends, the job is over afterwards."""
        state: State = "failed"
        try:
            async with self._turns:
                outcome = await self._pool.work(task, job.channel, job.run)
            job.outcome = await finish(outcome)
            state = _state_after(job, job.outcome)
        except KilledError:
            state = "cancelled" if job.is_cancelled else "failed"
        except asyncio.CancelledError:
            state = "cancelled"
        except Exception as error:  # noqa: BLE001 nobody awaits it: the job tells of it
            facts = {"fault": type(error).__name__, "at": frames_of(error)}
            job.outcome = Outcome("failed", facts=facts)
        finally:
            self._end(job, state, files)

    def _end(self, job: Job, state: State, files: ExitStack) -> None:
        job.state, job.ended, job.task = state, datetime.now(UTC), None
        word = "killed" if state == "failed" else "cancelled"
        self._on_end(job.kind, job.outcome or word, time.monotonic() - job.began)
        files.close()
        job.over.set()
        asyncio.get_running_loop().call_later(
            self._settings.job_seconds, self._jobs.pop, job.id, None
        )
        self._jobs[job.id] = self._jobs.pop(job.id)  # the last to end is the last to go
        self._make_room()

    def _make_room(self) -> None:
        """Forget the oldest jobs where there are too many, but not what nobody can have read."""
        ended = [job for job in self if job.is_over]
        held = sum(job.num_bytes for job in self)
        kept, most = self._settings.max_jobs_kept, self._settings.max_job_bytes
        for oldest, job in enumerate(ended[:-1]):
            if len(ended) - oldest <= kept and held <= most:
                return
            held -= job.num_bytes
            del self._jobs[job.id]


def _state_after(job: Job, outcome: Outcome) -> State:
    """Where a job is when its process has answered."""
    if outcome.kind != "done":
        return "failed"
    stopped = outcome.facts.get("stopped") == "cancelled"
    return "cancelled" if job.is_cancelled and stopped else "done"
