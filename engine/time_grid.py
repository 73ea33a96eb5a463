"""Instants as integer minutes; the only place where time zones live.

Inside the engine an instant is a whole number of minutes since ``origin``, counted as
elapsed time: a daylight-saving night is an hour shorter or longer on the clock and
changes nothing here. Clock time exists only as the answer of ``TimeGrid.wall``.

Python compares and subtracts two datetimes of one zone by their clocks, not as instants;
every comparison of instants goes through ``elapsed``.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import cache, lru_cache
from typing import Literal
from zoneinfo import ZoneInfo, available_timezones

import numpy as np
from numpy.typing import ArrayLike, NDArray

Int = NDArray[np.int64]

MINUTES_PER_DAY = 1440
MINUTES_PER_WEEK = 7 * MINUTES_PER_DAY
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

_MINUTE = timedelta(minutes=1)
_ZONE_STRIDE = 1 << 32  # more minutes than any dataset spans
_EPOCH_WEEKDAY = 3  # 1970-01-01 was a Thursday, Monday being 0
_EPOCH = date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class TimeGrid:
    """Converts between instants, minutes and the clocks of several zones.

    Parameters
    ----------
    origin
        Instant of minute 0, on a whole minute, in UTC.
    zones
        IANA names; everywhere else a zone is its index in this tuple.
    change_key
        int64, shape (T,), ascending: zone index times 2^32 plus the minute from which an
        offset holds.
    change_offset
        int64, shape (T,): that offset east of UTC, minutes.
    shift
        Minutes added to every key, so that none is negative; clocks are known from so many before
        the origin.
    end
        Minute until which clocks are known.
    """

    origin: datetime
    zones: tuple[str, ...]
    change_key: Int
    change_offset: Int
    shift: int
    end: int

    @classmethod
    def spanning(
        cls, origin: datetime, first: datetime, last: datetime, zones: Iterable[str]
    ) -> TimeGrid:
        """Build a grid whose clocks are right between ``first`` and ``last``.

        Parameters
        ----------
        origin
            Instant of minute 0.
        first, last
            Clocks are needed between these instants; a month is added on either side.
        zones
            IANA names; duplicates are dropped, the order is kept.
        """
        names = tuple(dict.fromkeys(zones))
        origin, first, last = (instant.astimezone(UTC) for instant in (origin, first, last))
        start = min(first, origin) - timedelta(days=31)
        start = start.replace(hour=0, minute=0, second=0, microsecond=0)
        end = max(last, origin) + timedelta(days=31)
        shift = -_floor_minutes(start - origin)
        keys: list[int] = []
        offsets: list[int] = []
        for index, name in enumerate(names):
            for instant, offset in _offset_changes(ZoneInfo(name), start, end):
                keys.append(index * _ZONE_STRIDE + _floor_minutes(instant - origin) + shift)
                offsets.append(offset)
        return cls(
            origin,
            names,
            np.array(keys, np.int64),
            np.array(offsets, np.int64),
            shift,
            _floor_minutes(end - origin),
        )

    def widened(self, days: int) -> TimeGrid:
        """The same, with clocks that are known so many days before and after."""
        first = self.origin - timedelta(minutes=self.shift, days=days)
        last = self.origin + timedelta(minutes=self.end, days=days)
        return TimeGrid.spanning(self.origin, first, last, self.zones)

    def knows(self, instant: datetime) -> bool:
        """Whether clocks are known at an instant."""
        return -self.shift <= self.minutes(instant) < self.end

    def minutes(self, instant: datetime) -> int:
        """Whole minutes from the origin to ``instant``, rounded down."""
        return _floor_minutes(elapsed(self.origin, instant))

    def minutes_up(self, instant: datetime) -> int:
        """Whole minutes from the origin to ``instant``, rounded up."""
        return -_floor_minutes(elapsed(instant, self.origin))

    def instant(self, minute: int, zone: int) -> datetime:
        """Instant of ``minute``, on the clock of zone index ``zone``."""
        utc = self.origin + timedelta(minutes=int(minute))
        return utc.astimezone(ZoneInfo(self.zones[zone]))

    def wall(self, zone: ArrayLike, minute: ArrayLike) -> Int:
        """Clock time of instants.

        Parameters
        ----------
        zone
            Zone indices, broadcast against ``minute``.
        minute
            Minutes from the origin.

        Returns
        -------
        int64
            Minutes that the local clock shows since 1970-01-01 00:00 on that clock.
        """
        minutes = np.asarray(minute, np.int64)
        keys = np.asarray(zone, np.int64) * _ZONE_STRIDE + minutes + self.shift
        row = np.searchsorted(self.change_key, keys, side="right") - 1
        base = _floor_minutes(self.origin - datetime(1970, 1, 1, tzinfo=UTC))
        return minutes + base + self.change_offset[row]

    def next_change(self, zone: ArrayLike, minute: ArrayLike) -> Int:
        """First minute after the given ones from which a clock has another offset.

        Returns
        -------
        int64
            Minutes, broadcast; where no change follows, more than any dataset spans.
        """
        zones = np.asarray(zone, np.int64)
        keys = zones * _ZONE_STRIDE + np.asarray(minute, np.int64) + self.shift
        row = np.searchsorted(self.change_key, keys, side="right")
        following = np.append(self.change_key, len(self.zones) * _ZONE_STRIDE)[row]
        return np.minimum(following - zones * _ZONE_STRIDE, _ZONE_STRIDE) - self.shift

    def day(self, zone: ArrayLike, minute: ArrayLike) -> Int:
        """Local calendar day of instants, int64, days since 1970-01-01."""
        return self.wall(zone, minute) // MINUTES_PER_DAY

    def midnight(self, day: date, zone: int) -> int:
        """Minute in which the local calendar day begins.

        Where the clock jumps over midnight, the day begins with the jump.
        """
        return self.minutes_up(_midnight(day, self.zones[zone]))

    def midnights(self, days: Int, zone: int) -> Int:
        """Vectorised ``midnight``: int64, the shape of ``days`` (days since 1970-01-01)."""
        distinct, place = np.unique(days, return_inverse=True)
        starts = [self.midnight(day_of(int(day)), zone) for day in distinct]
        return np.array(starts, np.int64)[place].reshape(days.shape)


def elapsed(start: datetime, end: datetime) -> timedelta:
    """Time that passes from one instant to another, whatever their clocks show."""
    return end.astimezone(UTC) - start.astimezone(UTC)


def later(instant: datetime, minutes: int) -> datetime:
    """The instant so many elapsed minutes later, on the clock of ``instant``."""
    return (instant.astimezone(UTC) + timedelta(minutes=minutes)).astimezone(instant.tzinfo)


def at_clock(day: date, minute: int, zone: ZoneInfo) -> datetime:
    """Instant at which the clock of ``zone`` shows ``minute`` (since midnight) on ``day``.

    A clock time that a daylight-saving night skips is read as the instant of the jump; one
    that it repeats, as the first of the two.
    """
    wall = datetime.combine(day, time()) + timedelta(minutes=minute)
    instant = wall.replace(tzinfo=zone).astimezone(UTC)
    if instant.astimezone(zone).replace(tzinfo=None) == wall:
        return instant.astimezone(zone)
    # skipped: read with the offset from after the jump it gives an instant before the jump
    earlier = wall.replace(tzinfo=zone, fold=1).astimezone(UTC)
    return _first_minute_with(zone, _offset(zone, instant), earlier, instant).astimezone(zone)


def clock_reading(
    wall: datetime, zone: ZoneInfo
) -> tuple[datetime, Literal["once", "skipped", "repeated"]]:
    """Instant at which the clock of ``zone`` shows ``wall``, and how often it does.

    Parameters
    ----------
    wall
        What the clock shows, without an offset; seconds are kept.
    zone
        Whose clock.

    Returns
    -------
    datetime, str
        The instant as ``at_clock`` reads it, and whether a daylight-saving night skips the
        clock time or repeats it.
    """
    minute = wall.replace(second=0, microsecond=0)
    instant = at_clock(wall.date(), wall.hour * 60 + wall.minute, zone)
    if instant.replace(tzinfo=None, fold=0) != minute:
        return instant, "skipped"
    first, second = (wall.replace(tzinfo=zone, fold=fold).utcoffset() for fold in (0, 1))
    exact = (instant.astimezone(UTC) + (wall - minute)).astimezone(zone)
    return exact, "once" if first == second else "repeated"


def first_reading(wall: datetime, zone: tzinfo) -> datetime:
    """Instant in UTC at which a clock shows ``wall``, as RFC 5545, section 3.3.5, reads it.

    A clock time that a daylight-saving night skips is read with the offset from before the
    jump, so it falls behind it; one that it repeats, as the first of the two.
    """
    return wall.replace(tzinfo=zone, fold=0).astimezone(UTC)


def is_skipped(wall: datetime, zone: tzinfo) -> bool:
    """Whether the clock of ``zone`` never shows ``wall``."""
    return first_reading(wall, zone).astimezone(zone).replace(tzinfo=None) != wall


def beginning_of(value: date | datetime, zone: ZoneInfo) -> datetime:
    """Instant at which ``value`` begins: itself, or the local midnight of a plain date."""
    return value if isinstance(value, datetime) else at_clock(value, 0, zone)


@lru_cache(maxsize=10_000)
def _midnight(day: date, zone: str) -> datetime:
    """The same of a plain date; requests share few of them."""
    return beginning_of(day, ZoneInfo(zone))


def end_of(value: date | datetime, zone: ZoneInfo) -> datetime:
    """Instant at which ``value`` ends: itself, or the midnight after a plain date."""
    following = value + timedelta(days=1)
    return value if isinstance(value, datetime) else at_clock(following, 0, zone)


def minute_of_week(wall: Int) -> Int:
    """Minutes since Monday 00:00 of clock times as ``TimeGrid.wall`` gives them."""
    return (wall + _EPOCH_WEEKDAY * MINUTES_PER_DAY) % MINUTES_PER_WEEK


@cache
def zone_names() -> frozenset[str]:
    """Every IANA name that is known."""
    return frozenset(available_timezones())


def day_of(number: int) -> date:
    """Date of a day number."""
    return _EPOCH + timedelta(days=number)


def clock_minutes(clock: str) -> int:
    """Minutes since midnight of ``HH:MM``; ``24:00`` is 1440."""
    return int(clock[:2]) * 60 + int(clock[3:])


def working_day_ends(days: Int, count: int, holidays: Sequence[date]) -> Int:
    """The ``count``-th working day after each day; weekends and ``holidays`` do not count.

    Parameters
    ----------
    days
        int64, days since 1970-01-01.
    count
        Working days to go, at least 0.
    holidays
        Days off.

    Returns
    -------
    int64
        Days since 1970-01-01, the shape of ``days``.
    """
    dates = days.astype("datetime64[D]")
    off = np.array(list(holidays), "datetime64[D]")
    return np.busday_offset(dates, count, roll="backward", holidays=off).astype(np.int64)


def _floor_minutes(delta: timedelta) -> int:
    return delta // _MINUTE


@lru_cache(maxsize=64)
def _offset_changes(
    zone: ZoneInfo, start: datetime, end: datetime
) -> tuple[tuple[datetime, int], ...]:
    """Offsets of ``zone`` between two UTC instants: from when, minutes east of UTC."""
    changes = [(start, _offset(zone, start))]
    day = start
    while day < end:
        following = day + timedelta(days=1)
        if _offset(zone, following) != changes[-1][1]:
            instant = _first_minute_with(zone, _offset(zone, following), day, following)
            changes.append((instant, _offset(zone, following)))
        day = following
    return tuple(changes)


def _first_minute_with(zone: ZoneInfo, offset: int, low: datetime, high: datetime) -> datetime:
    """First minute in ``(low, high]`` from which ``zone`` has ``offset``, by bisection."""
    while high - low > _MINUTE:
        middle = low + (high - low) // 2 // _MINUTE * _MINUTE
        if _offset(zone, middle) == offset:
            high = middle
        else:
            low = middle
    return high


def _offset(zone: ZoneInfo, instant: datetime) -> int:
    return (instant.astimezone(zone).utcoffset() or timedelta()) // _MINUTE
