"""Sessions of a rolling run, by when they are."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from engine.domain import Appointment, Session
from engine.time_grid import elapsed

_LONGEST = timedelta(hours=48)  # that a session may last
_MINUTE = timedelta(minutes=1)


class Sessions:
    """Sessions in the order in which they begin."""

    def __init__(self, sessions: Sequence[Session]) -> None:
        self._rows = sorted(sessions, key=lambda row: (row.start.astimezone(UTC), row.id))
        self._starts = [row.start.astimezone(UTC) for row in self._rows]
        self._seats = {
            (row.role_id, row.start.astimezone(UTC)) for row in self._rows if row.kind == "day"
        }

    def left(self, now: datetime) -> tuple[Session, ...]:
        """Those that are not over at some instant."""
        return self.between(now, None)

    def between(self, start: datetime, end: datetime | None) -> tuple[Session, ...]:
        """Those that lie, in part at least, in a stretch of time."""
        since = start.astimezone(UTC)
        first = bisect_left(self._starts, since - _LONGEST)
        last = len(self._rows) if end is None else self._first(end)
        return tuple(row for row in self._rows[first:last] if row.end.astimezone(UTC) > since)

    def seat_minutes(self, start: datetime, end: datetime) -> int:
        """Minutes of those that begin in a stretch of time, seat by seat."""
        return sum(
            elapsed(row.start, row.end) // _MINUTE * row.capacity
            for row in self._rows[self._first(start) : self._first(end)]
            if row.kind == "timed"
        )

    def is_seat(self, place: Appointment) -> bool:
        """Whether a place is a seat in a day session."""
        return (place.role_id, place.start.astimezone(UTC)) in self._seats

    def _first(self, instant: datetime) -> int:
        return bisect_left(self._starts, instant.astimezone(UTC))
