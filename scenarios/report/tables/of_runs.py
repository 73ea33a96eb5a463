"""Rows of what is kept of every run."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import astuple
from datetime import timedelta

from scenarios.report.tables.values import Rows
from scenarios.report.told import Told
from scenarios.runs.outcome import Outcome

_MILLI = 1_000


def outcomes(told: Sequence[Told]) -> Rows:
    """Every measure of all and of every group."""
    for run, outcome in _every(told):
        for row in outcome.rows:
            yield (*run, row.measure, row.group, row.value, row.unit, row.count, row.more_than)


def worlds(told: Sequence[Told]) -> Rows:
    """How large the world was before any change (0) and after each."""
    for run, outcome in _every(told):
        for number, world in enumerate(outcome.details.worlds):
            yield (*run, number, *astuple(world))


def spreads(told: Sequence[Told]) -> Rows:
    """How many visits there are from a whole day, or kilometre, to below the next."""
    for run, outcome in _every(told):
        for spread in outcome.details.spreads:
            for start, many in enumerate(spread.counts):
                yield (*run, spread.measure, start, many)


def use_of_time(told: Sequence[Told]) -> Rows:
    """How full the busiest doctors are, day by day."""
    for run, outcome in _every(told):
        use = outcome.details.use
        if use is None:
            continue
        for doctor in use.doctors:
            for number, minutes in enumerate(zip(doctor.taken, doctor.offered, strict=True)):
                day = use.first_day + timedelta(days=number)
                yield (*run, doctor.id, doctor.name, day.isoformat(), *minutes)


def places(told: Sequence[Told]) -> Rows:
    """Places with their visits."""
    for run, outcome in _every(told):
        drawn = outcome.details.map
        for place in drawn.places if drawn else ():
            yield (*run, place.id, place.name, place.x, place.y, place.visits)


def homes(told: Sequence[Told]) -> Rows:
    """Homes of some of those who ask, without who they are."""
    for run, outcome in _every(told):
        drawn = outcome.details.map
        for home in drawn.homes if drawn else ():
            yield (*run, home.x, home.y, home.km, home.is_placed)


def answers(told: Sequence[Told]) -> Rows:
    """Every answer of a repair that no other beats."""
    for run, outcome in _every(told):
        mended = outcome.details.mended
        for number, row in enumerate(mended.points if mended else ()):
            yield (
                *run,
                number,
                row.additional,
                row.unplaced,
                row.moved,
                row.price / _MILLI,
                row.proven,
            )


def ledger(told: Sequence[Told]) -> Rows:
    """What the last answer of a repair does to everybody it touches."""
    for run, outcome in _every(told):
        mended = outcome.details.mended
        for row in mended.ledger if mended else ():
            yield (
                *run,
                row.appointment_id,
                row.urgency,
                row.standing,
                row.outcome,
                row.doctor_before,
                row.start_before,
                row.doctor_after,
                row.start_after,
                row.price / _MILLI,
                row.days_late,
            )


def days(told: Sequence[Told]) -> Rows:
    """Every day of a rolling run."""
    for run, outcome in _every(told):
        for day in outcome.details.days:
            yield (
                *run,
                day.date.isoformat(),
                day.arrived,
                day.waiting,
                day.booked,
                day.served,
                day.open_minutes,
                day.visit_minutes,
            )


def _every(told: Sequence[Told]) -> Iterator[tuple[tuple[str, int, int, bool], Outcome]]:
    """Scenario, point, seed and whether it is changed, of every run that is done."""
    for one in told:
        for point in one.points:
            for is_changed, runs in ((False, point.plain), (True, point.changed)):
                for seed, outcome in runs.items():
                    yield (one.scenario.name, point.number, seed, is_changed), outcome
