"""What is told of a rolling run: every day, and the way of every request."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal, get_args

import numpy as np

from engine.arrays import Float
from engine.time_grid import elapsed

State = Literal["waiting", "placed", "served", "withdrawn", "no_show", "expired"]
"""Where a request is: without a place; with one; seen; given up, or cancelled, by the patient; not
seen, since the patient stayed away; or past the last day on which the patient could have come.
"""

STATES: tuple[State, ...] = get_args(State)
LIVE: tuple[State, ...] = ("waiting", "placed")
"""States that are not the end."""

COUNTED = (
    "arrived",
    "placed",
    "lost",
    "moved",
    "cancelled",
    "gave_up",
    "expired",
    "served",
    "no_show",
)
"""Fields of ``Day`` that are counted as things happen."""

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Journey:
    """The way of one request.

    Parameters
    ----------
    request_id, patient_id, urgency
        What the request says.
    groups
        To which it belongs (``scenarios.measures.grouping.groups_by``); of a copy, those of the
        original.
    asked, ready
        When it was made, and the later of that and its earliest date; UTC.
    state
        Where it is.
    placed_on
        When the patient was told a place for the first time; ``None``: never, or before the run.
    role_id, start
        The place that it has, or had in the end, UTC; ``None``: it never had one.
    times_moved
        How often the patient was told another place.
    ended_on
        When it reached a state that is the end.
    days_late
        Whole days by which the visit begins after its due instant, where it was held.
    """

    request_id: str
    patient_id: str
    urgency: str
    groups: tuple[str, ...]
    asked: datetime
    ready: datetime
    state: State = "waiting"
    placed_on: datetime | None = None
    role_id: str | None = None
    start: datetime | None = None
    times_moved: int = 0
    ended_on: datetime | None = None
    days_late: int | None = None

    @property
    def days_waited(self) -> float | None:
        """Days from being ready to the visit; ``None`` where none was held."""
        if self.state != "served" or self.start is None:
            return None
        return max(0.0, days_between(self.ready, self.start))


@dataclass(frozen=True, slots=True)
class Day:
    """What happened on one day. Numbers are requests, unless said otherwise.

    Parameters
    ----------
    number, date
        Which: 0 is the first.
    begins
        First instant of it, UTC; of the first day, the ``as_of`` of the dataset.
    arrived, placed
        Made on this day, and told a place; on the first, also those that the dataset begins with.
    lost
        Waiting again: an absence took the place and no other was found, or a hold ran out.
    moved
        Told another place, by a repair.
    cancelled, gave_up
        Withdrawn: with a place, and without.
    expired, served, no_show
        Ended otherwise.
    waiting, booked
        At the end of the day: without and with a place.
    open_minutes, visit_minutes
        Of the day's sessions, seat by seat, without blocks; and those of the visits that were due,
        whether or not the patient came, before and after included.
    is_proven
        Whether everything that was solved on this day is proven to be best.
    """

    number: int
    date: date
    begins: datetime
    arrived: int
    placed: int
    lost: int
    moved: int
    cancelled: int
    gave_up: int
    expired: int
    served: int
    no_show: int
    waiting: int
    booked: int
    open_minutes: int
    visit_minutes: int
    is_proven: bool

    @property
    def utilisation(self) -> float | None:
        """Share of the open minutes that visits were booked for; ``None`` where none were open."""
        return self.visit_minutes / self.open_minutes if self.open_minutes else None


@dataclass(frozen=True, slots=True)
class History:
    """A rolling run that is over.

    Parameters
    ----------
    seed
        Of all draws.
    days
        In order.
    journeys
        Of every request that ever was, in the order in which they arrived.
    """

    seed: int
    days: tuple[Day, ...]
    journeys: tuple[Journey, ...]

    @property
    def states(self) -> Mapping[State, int]:
        """How many requests are in each state at the end."""
        counted = Counter(row.state for row in self.journeys)
        return {state: counted[state] for state in STATES}

    def days_waited(self, first_day: int = 0) -> Float:
        """Days that patients waited who were seen, by arrival.

        Parameters
        ----------
        first_day
            Only of requests that were made on this day of the run or later: what came before is
            the run settling down.

        Returns
        -------
        float64, days
        """
        if not self.days:  # it was stopped before the first one
            return np.zeros(0)
        since = self.days[first_day].begins
        waits = (row.days_waited for row in self.journeys if row.asked >= since)
        return np.array([wait for wait in waits if wait is not None], np.float64)


def days_between(start: datetime, end: datetime) -> float:
    """Days that pass from one instant to another."""
    return elapsed(start, end) / _DAY
