"""Who asks, and when: requests of the dataset as they are made, and copies of them.

Everything that is drawn about a request is drawn when it is made, and rests on nothing that is
decided afterwards: two policies meet the same patients under the same seed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from engine.domain import Dataset, Patient, Request
from engine.errors import DatasetError
from engine.interchange.unique_id import unique_id
from engine.problems import Problem
from engine.time_grid import at_clock, clock_minutes, elapsed, later
from scenarios.rolling.spec import RollingSpec

COPIES = "asked"
"""What copies, and their patients, are called; with a number behind it."""

_WHEN, _WHAT, _FATE = range(3)
_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Fate:
    """What a patient will do; numbers between 0 and 1, all alike.

    Parameters
    ----------
    cancels, shows
        Below the share of those who cancel, or stay away: this one does.
    when
        At what part of the time until the visit the patient cancels.
    """

    cancels: float
    when: float
    shows: float


@dataclass(frozen=True, slots=True)
class Arrival:
    """A request that is made, with its patient; ``asked`` in UTC."""

    asked: datetime
    patient: Patient
    request: Request
    fate: Fate


class Arrivals:
    """Requests by the day on which they are made; days are asked for in their order.

    Parameters
    ----------
    dataset
        Whose open requests are made when they say that they were created, and are copied; those
        of links are not copied, since one of them alone is another request.
    spec, seed
        How many copies, and the seed of all draws.

    Raises
    ------
    DatasetError
        Copies are asked for, and there is no request to copy.
    """

    def __init__(self, dataset: Dataset, spec: RollingSpec, seed: int) -> None:
        self._when, self._what, self._fate = (
            np.random.Generator(np.random.PCG64([seed, part])) for part in (_WHEN, _WHAT, _FATE)
        )
        self._spec = spec
        self._zone = ZoneInfo(dataset.header.time_zone)
        self._first_day = dataset.header.as_of.astimezone(self._zone).date()
        self._patients = {row.id: row for row in dataset.patients}
        linked = {name for link in dataset.links for name in link.request_ids}
        self._originals = [row for row in dataset.requests if row.id not in linked]
        self._request_ids = {row.id for row in dataset.requests}
        self._patient_ids = set(self._patients)
        self._number = 0
        if spec.requests_per_day and not self._originals:
            message = "there is no request, outside of links, that others could be copied from"
            raise DatasetError([Problem("empty_dataset", "requests", message)])

    def given(self, requests: Iterable[Request]) -> list[Arrival]:
        """Requests of the dataset as arrivals, in their order."""
        return [
            Arrival(row.created.astimezone(UTC), self._patients[row.patient_id], row, self._drawn())
            for row in requests
        ]

    def of_day(self, day: date) -> list[Arrival]:
        """Copies that are made on a day, in the order in which they are."""
        factor = self._spec.weekdays[day.weekday()] if self._spec.weekdays else 1.0
        number = int(self._when.poisson(self._spec.requests_per_day * factor))
        opens, closes = (
            at_clock(day, clock_minutes(clock), self._zone) for clock in self._spec.asks_between
        )
        minutes = np.sort(self._when.integers(0, elapsed(opens, closes) // _MINUTE, number))
        return [self._copied(later(opens, minute), day) for minute in minutes.tolist()]

    def _drawn(self) -> Fate:
        cancels, when, shows = self._fate.random(3).tolist()
        return Fate(cancels, when, shows)

    def _copied(self, asked: datetime, day: date) -> Arrival:
        """A copy of a random request, made at some instant."""
        original = self._originals[int(self._what.integers(len(self._originals)))]
        self._number += 1
        name = f"{COPIES}-{self._number:06d}"
        patient = replace(
            self._patients[original.patient_id],
            id=unique_id(name, self._patient_ids),
            times_moved=0,
        )
        earliest, shift = self._from(original, day)
        request = replace(
            original,
            id=unique_id(name, self._request_ids),
            patient_id=patient.id,
            created=asked,
            earliest=earliest,
            latest=_shifted(original.latest, shift),
            see_by=_shifted(original.see_by, shift),
            declined=(),
        )
        return Arrival(asked.astimezone(UTC), patient, request, self._drawn())

    def _from(self, original: Request, day: date) -> tuple[date | datetime | None, timedelta]:
        """The earliest date of a copy, and by how much its other dates are later: as if the
        ``as_of`` of the dataset were on the day, and the patient free after the lead that is drawn.
        """
        passed = day - self._first_day
        leads = self._spec.lead_days
        if not leads:
            return _shifted(original.earliest, passed), passed
        lead = timedelta(days=round(leads[int(self._what.integers(len(leads)))]))
        was = timedelta()
        if original.earliest is not None:
            was = max(was, self._day(original.earliest) - self._first_day)
        return (day + lead if lead else None), passed + lead - was

    def _day(self, value: date | datetime) -> date:
        return value.astimezone(self._zone).date() if isinstance(value, datetime) else value


def _shifted(value: date | datetime | None, shift: timedelta) -> date | datetime | None:
    """A plain date or an instant so many days later."""
    return None if value is None else value + shift
