"""Measures of a rolling run in the words of the field."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np

from scenarios.measures.row import Row

if TYPE_CHECKING:
    from scenarios.rolling.history import History, Journey, State


def rows_of_history(history: History) -> tuple[Row, ...]:
    """Every measure of the days that passed, of all, of each urgency class and of each group.

    Of requests that were made before the days began, too: what is not wished for is left out of
    the dataset, or of the run (``starts_empty``).
    """
    groups: dict[str, list[Journey]] = defaultdict(list)
    for row in history.journeys:
        for name in (f"urgency={row.urgency}", *row.groups):
            groups[name].append(row)
    rows = [*_of(history.journeys, None), _minutes_booked(history)]
    for name in sorted(groups):
        rows += _of(groups[name], name)
    return tuple(rows)


def _of(journeys: Sequence[Journey], group: str | None) -> Iterator[Row]:
    """Of some requests.

    ``days_waited`` are days from when the patient could come to the visit that was held;
    ``seen_within_standard`` is the share of these that began by their due instant;
    ``bumped`` is the share of requests that were ever told a place that were told another one.
    """
    many = len(journeys)
    yield Row.of("asked", group, float(many), many)
    for measure, state in _ENDED.items():
        number = sum(row.state == state for row in journeys)
        yield Row.of(measure, group, float(number), many)
    waited = [days for row in journeys if (days := row.days_waited) is not None]
    for measure, share in (("days_waited_median", 0.5), ("days_waited_p90", 0.9)):
        value = float(np.quantile(waited, share)) if waited else None
        yield Row.of(measure, group, value, len(waited))
    late = [row.days_late for row in journeys if row.days_late is not None]
    on_time = sum(days <= 0 for days in late)
    yield Row.of("seen_within_standard", group, on_time / len(late) if late else None, len(late))
    told = [row for row in journeys if row.start is not None]
    moved = sum(row.times_moved > 0 for row in told)
    yield Row.of("bumped", group, moved / len(told) if told else None, len(told))


_ENDED: dict[str, State] = {
    "seen": "served",
    "stayed_away": "no_show",
    "withdrawn": "withdrawn",
    "expired": "expired",
    "still_waiting": "waiting",
    "still_booked": "placed",
}
"""State at the end, by the measure that counts those who are in it."""


def _minutes_booked(history: History) -> Row:
    """Visit minutes of all days over the open minutes of their sessions."""
    open_minutes = sum(day.open_minutes for day in history.days)
    booked = sum(day.visit_minutes for day in history.days)
    value = booked / open_minutes if open_minutes else None
    return Row.of("minutes_booked", None, value, len(history.days))
