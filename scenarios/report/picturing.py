"""Pictures of a point: spreads of visits, who goes where, days that pass, what a repair finds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from statistics import fmean

from markupsafe import Markup

from scenarios.details import DayTold, LedgerRow, Place
from scenarios.numbers import count_text
from scenarios.report.plots.frontier import frontier
from scenarios.report.plots.histogram import histogram
from scenarios.report.plots.over_days import over_days
from scenarios.report.plots.travel import BANDS, travel
from scenarios.report.sweeping import Plot
from scenarios.report.told import PointTold
from scenarios.runs.outcome import Outcome

MAX_PLACES = 12
"""Places in the list beside the map."""

MAX_LEDGER = 40
"""Appointments in the ledger on the page."""

_SPREAD: Mapping[str, tuple[str, str]] = {
    "days_to_appointment": ("Days to the appointment", "days"),
    "travel_km": ("Way to the doctor", "km"),
    "days_waited": ("Days waited, of those seen", "days"),
    "days_later": ("Days later, of those moved", "days"),
}
"""Title and unit."""


def spreads(point: PointTold) -> tuple[Plot, ...]:
    """Visits of all runs together, by what differs from one to the other."""
    changed, plain = _counts(point.changed), _counts(point.plain)
    found = []
    for name, counts in changed.items():
        total = sum(counts)
        if not total:
            continue
        title, unit = _SPREAD[name]
        shown = f"{title} ({count_text(total, 'visit')})"
        label = f"{shown}: share of visits by {unit}"
        found.append(Plot(shown, histogram(label, unit, counts, plain.get(name))))
    return tuple(found)


def _counts(runs: Mapping[int, Outcome]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for outcome in runs.values():
        for spread in outcome.details.spreads:
            together = zip_longest(found.get(spread.measure, ()), spread.counts, fillvalue=0)
            found[spread.measure] = [one + other for one, other in together]
    return found


@dataclass(frozen=True, slots=True)
class MapTold:
    """The map of the first seed.

    Parameters
    ----------
    bands
        Class and name of every colour.
    places
        Those with the most visits.
    notes
        What is left out.
    """

    drawn: Markup
    bands: tuple[tuple[str, str], ...]
    places: tuple[Place, ...]
    notes: tuple[str, ...]


def map_of(point: PointTold) -> MapTold | None:
    """Who goes where; ``None`` where no place has a position, or days pass."""
    told = None if point.seed is None else point.changed[point.seed].details.map
    if told is None:
        return None
    drawn = travel("Map of the places, as large as they have visits, and of homes by way", told)
    notes = []
    if len(told.homes) < told.num_homes:
        notes.append(f"{len(told.homes):,} of {count_text(told.num_homes, 'home')}, evenly taken")
    if len(told.places) < told.num_places:
        notes.append(f"the {len(told.places)} places with the most visits of {told.num_places:,}")
    if drawn.num_beyond:
        notes.append(f"{count_text(drawn.num_beyond, 'home')} farther off not shown")
    bands = [(f"b{row}", name) for row, (_, name) in enumerate(BANDS)]
    bands += [("video", "by video"), ("none", "no place")]
    return MapTold(drawn.map, tuple(bands), told.places[:MAX_PLACES], tuple(notes))


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """One answer of a repair."""

    seed: int
    additional: int
    unplaced: int
    moved: int
    days: str
    proven: bool


@dataclass(frozen=True, slots=True)
class MendedTold:
    """What the repairs found."""

    drawn: Markup
    answers: tuple[AnswerRow, ...]
    ledger: tuple[LedgerRow, ...]
    seed: int
    num_touched: int


def mended_of(point: PointTold) -> MendedTold | None:
    """The frontier of every run, and the ledger of the first; ``None`` where nothing is mended."""
    every = {
        seed: outcome.details.mended
        for seed, outcome in sorted(point.changed.items())
        if outcome.details.mended is not None
    }
    if not every:
        return None
    first = min(every)
    drawn = frontier(
        "People left without a place against people moved for others; the numbers are in the table",
        {seed: mended.points for seed, mended in every.items()},
    )
    answers = [
        AnswerRow(
            seed,
            row.additional,
            row.unplaced,
            row.moved,
            f"{row.price / 1000:,.1f}",
            row.proven,
        )
        for seed, mended in every.items()
        for row in mended.points
    ]
    return MendedTold(
        drawn,
        tuple(answers),
        every[first].ledger[:MAX_LEDGER],
        first,
        every[first].num_touched,
    )


def days_of(point: PointTold) -> tuple[Plot, ...]:
    """How days pass, in the mean over the runs; nothing where they do not."""
    changed = [outcome.details.days for outcome in point.changed.values()]
    plain = [outcome.details.days for outcome in point.plain.values()]
    if not changed or not changed[0]:
        return ()
    first = changed[0][0].date
    return tuple(
        Plot(
            title,
            over_days(f"{title}, day by day", first, _mean(changed, name), _mean(plain, name)),
        )
        for name, title in (
            ("waiting", "Waiting in the evening (requests)"),
            ("booked", "With a place to come (requests)"),
            ("served", "Seen on the day (requests)"),
            ("use", "Open minutes that visits take (%)"),
        )
    )


def _mean(runs: Sequence[tuple[DayTold, ...]], name: str) -> list[float | None]:
    return [_mean_of_day(some, name) for some in zip(*runs, strict=True)]


def _mean_of_day(days: Sequence[DayTold], name: str) -> float | None:
    if name != "use":
        return fmean(getattr(day, name) for day in days)
    minutes = sum(day.open_minutes for day in days)
    return 100 * sum(day.visit_minutes for day in days) / minutes if minutes else None
