"""How long a solver process may take."""

from __future__ import annotations

import time

from api.http.channel import Channel


class Overrun:
    """Tells when a process has had its time, by a clock that nobody sets.

    It is counted from when the process has read what it is to do: with a large dataset, reading
    takes longer than many a search, and has the most that a task may take for itself.

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
        self._given: float | None = None
        self._asked_to_stop: float | None = None

    def is_due(self) -> bool:
        """Whether the process is to be killed."""
        now = time.monotonic()
        if self._asked_to_stop is None and self._channel.is_asked_to_stop():
            self._asked_to_stop = now
        if self._given is None and "seconds" in (told := self._channel.told()):
            self._start, self._given = now, told["seconds"]
        ends = self._start + (self._max_seconds if self._given is None else self._given)
        if self._asked_to_stop is not None:
            ends = min(ends, self._asked_to_stop)
        return now > ends + self._grace_seconds
