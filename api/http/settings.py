"""What a service is started with."""

from __future__ import annotations

from dataclasses import dataclass, field

from engine.solve.limits import default_workers

MIB = 1 << 20
GIB = 1 << 30


@dataclass(frozen=True, slots=True)
class Settings:
    """Limits of one service.

    Parameters
    ----------
    workers
        Solver processes.
    max_waiting
        Requests that may wait for one; more are refused.
    max_body_bytes
        Largest body of a match.
    body_seconds
        Time that a body may take to arrive.
    max_seconds
        Longest synchronous match.
    grace_seconds
        A solver process that takes longer than it was given is killed after so much more.
    max_process_bytes
        Address space of a solver process, where the system can limit it; one that wants
        more dies alone.
    """

    workers: int = field(default_factory=default_workers)
    max_waiting: int = 16
    max_body_bytes: int = 64 * MIB
    body_seconds: float = 30.0
    max_seconds: float = 30.0
    grace_seconds: float = 30.0
    max_process_bytes: int = 8 * GIB
