"""What judges report, and what all of them look at."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from functools import lru_cache
from zoneinfo import ZoneInfo

import numpy as np

from engine.arrays import NONE, Bool, Int
from engine.plan import Plan
from engine.snapshot import Snapshot

_STRIDE = 1 << 40  # more minutes than any dataset spans

_shared: ContextVar[tuple[tuple[Snapshot, Plan], Visits] | None] = ContextVar(
    "visits", default=None
)


@dataclass(frozen=True, slots=True)
class Violation:
    """A rule that does not hold.

    Parameters
    ----------
    rule
        Name of the rule; "place" where a visit is not at a place that exists.
    where
        What it concerns: ids of a session, a role, a patient, with the time.
    request_ids
        Requests involved; empty where only appointments are.
    excess
        By how much, in the rule's unit; 1 where it is a matter of yes or no.
    """

    rule: str
    where: str
    request_ids: tuple[str, ...]
    excess: int = 1


@dataclass(frozen=True, slots=True)
class Visits:
    """Visits that a plan places; arrays of shape (N,).

    Parameters
    ----------
    request, role, session, visit_type, patient
        int64 indices.
    start, end
        int64, minutes: the told interval.
    busy_start, busy_end
        int64, minutes: the cells covered; the whole session of a day session.
    has_time
        bool: not in a day session.
    """

    request: Int
    role: Int
    session: Int
    visit_type: Int
    patient: Int
    start: Int
    end: Int
    busy_start: Int
    busy_end: Int
    has_time: Bool

    @classmethod
    def of(cls, snapshot: Snapshot, plan: Plan) -> Visits:
        """The visits that ``plan`` places."""
        of, known = _shared.get() or (None, None)
        if of is not None and known is not None and of[0] is snapshot and of[1] is plan:
            return known
        request = np.flatnonzero(plan.is_placed)
        role, session = plan.role[request], plan.session[request]
        start, end = plan.start[request], plan.end[request]
        visit_type = snapshot.requests.visit_type[request]
        sessions = snapshot.sessions
        opens, cell = sessions.start[session], sessions.cell_minutes[session]
        busy_start = start - snapshot.visit_types.before[visit_type]
        cells = np.ceil((end + snapshot.visit_types.after[visit_type] - opens) / cell)
        has_time = ~sessions.is_day[session]
        return cls(
            request=request,
            role=role,
            session=session,
            visit_type=visit_type,
            patient=snapshot.requests.patient[request],
            start=start,
            end=end,
            busy_start=np.where(has_time, busy_start, start),
            busy_end=np.where(has_time, opens + cells.astype(np.int64) * cell, end),
            has_time=has_time,
        )

    @classmethod
    def told(cls, snapshot: Snapshot, request: Int) -> Visits:
        """What was told to some requests before; it may lie outside every session."""
        told, none = snapshot.told, np.full(len(request), NONE, np.int64)
        start, end = told.start[request], told.end[request]
        return cls(
            request=request,
            role=told.role[request],
            session=none,
            visit_type=snapshot.requests.visit_type[request],
            patient=snapshot.requests.patient[request],
            start=start,
            end=end,
            busy_start=start,
            busy_end=end,
            has_time=told.has_time[request],
        )

    def local(self, snapshot: Snapshot, index: int, minute: int) -> datetime:
        """Instant of ``minute`` on the clock at the place of visit ``index``."""
        return clock(snapshot, int(snapshot.roles.zone[self.role[index]]), int(minute))


@contextmanager
def visits_shared(snapshot: Snapshot, plan: Plan) -> Iterator[None]:
    """While it lasts, the visits of a plan, which nobody changes, are listed once for all."""
    token = _shared.set(((snapshot, plan), Visits.of(snapshot, plan)))
    try:
        yield
    finally:
        _shared.reset(token)


def clock(snapshot: Snapshot, zone: int, minute: int) -> datetime:
    """Instant of ``minute`` on the clock of a zone, by index."""
    return _clock(snapshot.grid.origin, snapshot.grid.zones[zone], minute)


@lru_cache(maxsize=100_000)
def _clock(origin: datetime, zone: str, minute: int) -> datetime:
    """Instant so many minutes after another, on a clock; visits share few of them."""
    return (origin + timedelta(minutes=minute)).astimezone(ZoneInfo(zone))


def broken(rule: str, snapshot: Snapshot, visits: Visits, bad: Bool) -> Iterator[Violation]:
    """One violation per visit that is bad."""
    for index in np.flatnonzero(bad).tolist():
        request_id = snapshot.requests.ids[visits.request[index]]
        role_id = snapshot.roles.ids[visits.role[index]]
        told = visits.local(snapshot, index, visits.start[index])
        yield Violation(rule, f"{role_id} at {told.isoformat()}", (request_id,))


def overlapping_pairs(owner: Int, start: Int, end: Int) -> tuple[Int, Int]:
    """Indices of every two intervals of one owner that overlap, the earlier start first."""
    order = np.lexsort((start, owner))
    first: list[int] = []
    second: list[int] = []
    active: list[int] = []
    for index in order[_in_a_run(owner[order], start[order], end[order])].tolist():
        same = [i for i in active if owner[i] == owner[index] and end[i] > start[index]]
        first += same
        second += [index] * len(same)
        active = [*same, index]
    return np.array(first, np.int64), np.array(second, np.int64)


def _in_a_run(owner: Int, start: Int, end: Int) -> Bool:
    """Which of the intervals, sorted by owner and start, touch a neighbour; the rest overlap
    nothing.
    """
    latest = np.maximum.accumulate(owner * _STRIDE + end)
    touches = owner[1:] * _STRIDE + start[1:] < latest[:-1]
    in_a_run = np.zeros(len(owner), np.bool_)
    in_a_run[1:] |= touches
    # an interval that overlaps any later one overlaps the first that begins after it
    in_a_run[:-1] |= touches
    return in_a_run


def half_up(numerator: Int, denominator: int | Int) -> Int:
    """Quotient in whole numbers, half rounded up."""
    whole, rest = np.divmod(numerator, denominator)
    return whole + (2 * rest >= denominator)


def milli_days(days: float) -> int:
    """Whole thousandths of a number as it is written, half rounded up."""
    return math.floor(Fraction(str(days)) * 1000 + Fraction(1, 2))


def on_visits(snapshot: Snapshot, visits: Visits, amount: Int) -> Int:
    """Amounts per visit as amounts per request, int64, shape (R,)."""
    found = np.zeros(snapshot.num_requests, np.int64)
    found[visits.request] = amount
    return found


def shares_value(left: tuple[Int, Int], right: tuple[Int, Int], size: int) -> Bool:
    """Which of ``size`` things have a value on both sides; sides are (thing, value) pairs."""
    width = int(max(np.max(left[1], initial=0), np.max(right[1], initial=0))) + 1
    both = np.intersect1d(left[0] * width + left[1], right[0] * width + right[1])
    found = np.zeros(size, np.bool_)
    found[both // width] = True
    return found


def given(values: Int) -> Bool:
    """Where an index is not ``NONE``."""
    return values != NONE
