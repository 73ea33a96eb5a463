"""What a service is started with."""

from __future__ import annotations

from dataclasses import dataclass, field

from engine.solve.limits import default_workers

MIB = 1 << 20
GIB = 1 << 30

MAX_SYNCHRONOUS_SECONDS = 30
"""A match that may take longer is a job."""

MAX_SECONDS = 3600
"""A match that may take longer is refused; the runs of a scenario end after so long."""

MAX_SCENARIO_RUNS = 1_000
"""Points times repetitions of a scenario; the command line takes more."""

MAX_SCENARIO_REQUESTS = 20_000
"""Requests of a world that is drawn, and requests that are made while days pass."""

MAX_SCENARIO_DOCTOR_DAYS = 50_000
"""Doctors times days of a world that is drawn."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Limits of one service.

    Parameters
    ----------
    workers
        Solver processes. With more than one, one is kept free of jobs.
    max_waiting
        Requests that may wait for one; more are refused.
    queue_seconds
        How long they wait at most; then they are refused too.
    max_body_bytes
        Largest body of a match.
    max_bodies_bytes
        What all bodies of matches may hold while they arrive and wait; more are refused.
    body_seconds
        Time that a body may take to arrive.
    grace_seconds
        A solver process that takes longer than it was given, or does not heed a wish to stop,
        is killed after so much more: building the model and judging come on top of the
        search. To read its task it has the most that such a task may take.
    max_process_bytes
        Address space of a solver process, where the system can limit it; one that wants
        more dies alone.
    tasks_per_process
        Tasks of a solver process; then a fresh one takes over.
    max_jobs
        Jobs that are not over; more are refused.
    max_jobs_kept
        Jobs that are over; the oldest go first.
    job_seconds
        How long a job that is over is kept.
    max_job_bytes
        What all jobs may hold, bodies and results; those that ended first go first, and the
        newest result stays in any case.
    key_requests_per_second, key_burst
        How often a key may ask, and how often at once.
    stranger_requests_per_second, stranger_burst
        How often an address may ask without a key that is right.
    """

    workers: int = field(default_factory=default_workers)
    max_waiting: int = 16
    queue_seconds: float = 30.0
    max_body_bytes: int = 64 * MIB
    max_bodies_bytes: int = 512 * MIB
    body_seconds: float = 30.0
    grace_seconds: float = 30.0
    max_process_bytes: int = 8 * GIB
    tasks_per_process: int = 500
    max_jobs: int = 16
    max_jobs_kept: int = 1_000
    job_seconds: float = 3600.0
    max_job_bytes: int = 256 * MIB
    key_requests_per_second: float = 500.0
    key_burst: int = 1_000
    stranger_requests_per_second: float = 5.0
    stranger_burst: int = 100
