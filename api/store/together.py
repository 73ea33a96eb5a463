"""Work of several threads that is done in one go: by whoever comes first, for all who wait.

A disk takes milliseconds to keep a commit, for one thing as for twenty.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from api.store.errors import BusyError

J = TypeVar("J")
R = TypeVar("R")


@dataclass(slots=True, eq=False)
class Job(Generic[J, R]):
    """Something that a thread wants to be done, and what came of it.

    Parameters
    ----------
    key
        Of two with the same, one is done after the other.
    what
        Is to be done.
    result, error
        One of them, when it was done; neither: it is to be done alone.
    """

    key: Hashable
    what: J
    result: R | None = None
    error: BaseException | None = None
    woken: threading.Event = field(default_factory=threading.Event)
    leads: bool = False


class Together(Generic[J, R]):
    """Lets one thread at a time do what all want that wait.

    Parameters
    ----------
    every
        Does some jobs together, and writes into each what came of it.
    alone
        Does one by itself, where it could not be done with others.
    most
        So many at a time.
    seconds
        How long anybody waits.
    """

    def __init__(
        self,
        every: Callable[[list[Job[J, R]]], None],
        alone: Callable[[J], R],
        most: int,
        seconds: float,
    ) -> None:
        self._every = every
        self._alone = alone
        self._most = most
        self._seconds = seconds
        self._waiting: deque[Job[J, R]] = deque()
        self._is_led = False
        self._mutex = threading.Lock()

    def do(self, key: Hashable, what: J) -> R:
        """Have something done.

        Raises
        ------
        BusyError
            It took too long until anybody came to it.
        """
        job: Job[J, R] = Job(key, what)
        self._await_turn(job)
        if job.leads:
            self._lead(job)
        if job.error is not None:
            raise job.error
        return self._alone(what) if job.result is None else job.result

    def _await_turn(self, job: Job[J, R]) -> None:
        with self._mutex:
            if not self._is_led:
                self._is_led = job.leads = True
                return
            self._waiting.append(job)
        if job.woken.wait(self._seconds):
            return
        with self._mutex:
            if job in self._waiting:
                self._waiting.remove(job)
                raise BusyError("no turn")
        job.woken.wait()  # it is being done

    def _lead(self, mine: Job[J, R]) -> None:
        jobs = self._next(mine)
        try:
            self._every(jobs)
        except BaseException as error:  # noqa: BLE001 everybody is told
            for job in jobs:
                job.error = error
        finally:
            self._pass_on()
            for job in jobs:
                job.woken.set()

    def _next(self, mine: Job[J, R]) -> list[Job[J, R]]:
        """One's own, and those who wait longest, each key once."""
        jobs, keys, left = [mine], {mine.key}, deque[Job[J, R]]()
        with self._mutex:
            while self._waiting:
                job = self._waiting.popleft()
                if len(jobs) == self._most or job.key in keys:
                    left.append(job)
                else:
                    jobs.append(job)
                    keys.add(job.key)
            self._waiting = left
        return jobs

    def _pass_on(self) -> None:
        with self._mutex:
            self._is_led = bool(self._waiting)
            if self._waiting:
                following = self._waiting.popleft()
                following.leads = True
                following.woken.set()
