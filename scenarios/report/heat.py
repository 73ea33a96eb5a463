"""How full doctors are, day by day, as a table of shades."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from scenarios.details import DayTold, UseOfTime
from scenarios.numbers import count_text
from scenarios.report.numbers import shortened
from scenarios.report.told import PointTold
from scenarios.runs.outcome import Outcome

NUM_SHADES = 10


@dataclass(frozen=True, slots=True)
class Shade:
    """One field.

    Parameters
    ----------
    said
        Per cent; empty where there is no time.
    shade
        0 to 10; beyond 10: more is promised than there is. ``None``: there is no time.
    title
        Said where one points at it.
    """

    said: str
    shade: int | None
    title: str


@dataclass(frozen=True, slots=True)
class HeatRow:
    """A doctor, or a week."""

    name: str
    fields: tuple[Shade, ...]


@dataclass(frozen=True, slots=True)
class Heat:
    """A table of shades.

    Parameters
    ----------
    title, of
        What it is, and what its rows are.
    columns
        Days.
    cut
        What is left out; empty: nothing.
    """

    title: str
    of: str
    columns: tuple[str, ...]
    rows: tuple[HeatRow, ...]
    cut: str


def heat(point: PointTold) -> Heat | None:
    """Use of time: of the first seed's doctors, or of the weeks of a rolling run."""
    if point.seed is None:
        return None
    changed, plain = point.changed[point.seed].details, point.plain.get(point.seed)
    if changed.use is not None:
        title = point.pictured("Use of time by doctor and day")
        return _of_doctors(changed.use, plain.details.use if plain else None, title)
    return _of_weeks(point.changed) if changed.days else None


def _of_doctors(use: UseOfTime, before: UseOfTime | None, title: str) -> Heat:
    days = [use.first_day + timedelta(days=number) for number in range(len(_longest(use)))]
    open_days = [
        number for number in range(len(days)) if any(row.offered[number] for row in use.doctors)
    ]
    others = _by_doctor(before)
    rows = tuple(
        HeatRow(
            name := shortened(row.name or row.id),
            tuple(
                _field(
                    row.taken[number],
                    row.offered[number],
                    f"{name}, {_short(days[number])} {days[number]:%B}",
                    others.get((row.id, days[number])),
                )
                for number in open_days
            ),
        )
        for row in use.doctors
    )
    columns = tuple(_short(days[number]) for number in open_days)
    cut = _cut(use, len(days))
    return Heat(title, "doctor", columns, rows, cut)


def _short(day: date) -> str:
    return f"{day:%a} {day.day}"


def _longest(use: UseOfTime) -> Sequence[int]:
    return max((row.offered for row in use.doctors), key=len, default=())


def _by_doctor(use: UseOfTime | None) -> dict[tuple[str, date], float]:
    if use is None:
        return {}
    return {
        (row.id, use.first_day + timedelta(days=number)): taken / offered
        for row in use.doctors
        for number, (taken, offered) in enumerate(zip(row.taken, row.offered, strict=True))
        if offered
    }


def _cut(use: UseOfTime, num_days: int) -> str:
    said = []
    if use.num_doctors > len(use.doctors):
        said.append(f"the {len(use.doctors)} busiest of {count_text(use.num_doctors, 'doctor')}")
    if use.num_days > num_days:
        said.append(f"the first {num_days} of {count_text(use.num_days, 'day')}")
    return "; ".join(said)


def _field(taken: int, offered: int, name: str, before: float | None = None) -> Shade:
    if not offered:
        return Shade("", None, f"{name}: no time" if not taken else f"{name}: {taken} min, no time")
    share = taken / offered
    title = f"{name}: {share:.0%} of {count_text(offered, 'minute')}"
    if before is not None:
        title += f"; without the changes {before:.0%}"
    shade = NUM_SHADES + 1 if share > 1 else round(share * NUM_SHADES)
    return Shade(f"{share * 100:.0f}", shade, title)


def _of_weeks(runs: Mapping[int, Outcome]) -> Heat:
    """Minutes of all runs together, on the days that they share."""
    weeks: dict[date, dict[int, tuple[int, int]]] = {}
    for day, visits, minutes in _days(runs):
        monday = day - timedelta(days=day.weekday())
        weeks.setdefault(monday, {})[day.weekday()] = (visits, minutes)
    rows = tuple(
        HeatRow(
            f"{monday.day} {monday:%b %Y}",
            tuple(
                _field(*some.get(number, (0, 0)), _short(monday + timedelta(days=number)))
                for number in range(7)
            ),
        )
        for monday, some in weeks.items()
    )
    days = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
    return Heat("Use of time by week and day, all runs together", "week of", days, rows, "")


def _days(runs: Mapping[int, Outcome]) -> Iterator[tuple[date, int, int]]:
    every: dict[date, list[DayTold]] = {}
    for outcome in runs.values():
        for day in outcome.details.days:
            every.setdefault(day.date, []).append(day)
    for when in sorted(every):
        some = every[when]
        yield when, sum(day.visit_minutes for day in some), sum(day.open_minutes for day in some)
