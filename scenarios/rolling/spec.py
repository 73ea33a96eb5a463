"""What a rolling run is asked to be."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from engine.domain.fields import ClockTime, Count, Days, Flag
from engine.domain.record import record
from engine.events.events import DoctorAbsent, LocationClosed
from engine.repair.extent import MAX_PEOPLE
from engine.time_grid import WEEKDAYS, clock_minutes
from scenarios.file_name import FileName

MAX_DAYS = 366
MAX_REQUESTS_PER_DAY = 10_000.0

Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
Factor = Annotated[float, Field(ge=0, le=100, allow_inf_nan=False)]

Absence = DoctorAbsent | LocationClosed
"""Events that begin at some time, so that a day can be told on which they become known."""


@record
class NoShowFrom:
    """How many patients stay away of those who were told early enough."""

    days: Days
    """Days, at least, from being told to the visit."""
    share: Share
    """Of these visits."""


def _none_or_seven(factors: tuple[float, ...]) -> tuple[float, ...]:
    if len(factors) not in (0, len(WEEKDAYS)):
        raise ValueError(f"{len(factors)} factors for {len(WEEKDAYS)} weekdays")
    return factors


def _in_order(clocks: tuple[str, str]) -> tuple[str, str]:
    if clock_minutes(clocks[1]) <= clock_minutes(clocks[0]):
        raise ValueError(f"the end {clocks[1]} is not after the start {clocks[0]}")
    return clocks


@record
class RollingSpec:
    """Days pass: requests arrive, are placed, are served; doctors and patients stay away.

    The same spec, situation and seed give the same history.
    """

    kind: Literal["rolling"] = "rolling"
    """What is run."""
    days: Annotated[int, Field(strict=True, ge=1, le=MAX_DAYS)]
    """How many pass, from the as_of of the dataset on."""
    estimated_from: FileName | None = None
    """A CSV of past appointments, relative to the scenario file, with the columns asked, start and
    status: requests_per_day, weekdays, lead_days, no_show, no_show_by_lead and patient_cancels are
    estimated from it, where they are not given.
    """
    requests_per_day: Annotated[float, Field(ge=0, le=MAX_REQUESTS_PER_DAY)] = 0.0
    """Requests that are made on a day, on average; their number is drawn by Poisson, and each is a
    copy of a request of the dataset, for a patient alike.
    """
    weekdays: Annotated[tuple[Factor, ...], AfterValidator(_none_or_seven)] = ()
    """How much more, or less, that is on Monday to Sunday; nothing given: every day alike."""
    asks_between: Annotated[tuple[ClockTime, ClockTime], AfterValidator(_in_order)] = (
        "00:00",
        "24:00",
    )
    """From when until when requests are made, on the clock of the dataset; all minutes alike."""
    lead_days: Annotated[tuple[Days, ...], Field(max_length=10_000)] = ()
    """Days from asking to the first day on which the patient can come, one drawn for every copy;
    nothing given: as the request says that is copied.
    """
    no_show: Share = 0.0
    """Share of visits to which nobody comes."""
    no_show_by_lead: Annotated[tuple[NoShowFrom, ...], Field(max_length=100)] = ()
    """The same by how long before the patient was told: of those that apply, the last one counts.
    """
    patient_cancels: Share = 0.0
    """Share of patients who cancel, at any time between being told and the visit, all alike."""
    patience_days: Annotated[Days | None, Field()] = None
    """Who waits so long without a place gives up; none: nobody does."""
    nightly_match: Flag = True
    """Whether who asks waits for a match at night. Otherwise everybody is given, at once, the
    earliest place there is, and who found none tries again every morning.
    """
    window_days: Annotated[int, Field(strict=True, ge=1, le=MAX_DAYS)] = 14
    """Days, from the one that begins, in which places are given."""
    repeats_sessions: Flag = False
    """Whether the sessions of the dataset are there again when they are over, by whole weeks, for
    as long as it takes; otherwise they are those of all days.
    """
    starts_empty: Flag = False
    """Leave out the open requests of the dataset: they are only what copies are made of."""
    absences: Annotated[tuple[Absence, ...], Field(max_length=1_000)] = ()
    """What happens meanwhile; who loses a place is given another by a repair."""
    notice_days: Count = 0
    """Days before its first one on whose morning an absence is known."""
    max_additional: Annotated[int, Field(strict=True, ge=0, le=MAX_PEOPLE)] = 0
    """People who may be displaced, by a repair, though they could have stayed."""

    def no_show_after(self, days: float) -> float:
        """Share of visits to which nobody comes who was told so many days before."""
        known = [row for row in self.no_show_by_lead if row.days <= days]
        return max(known, key=lambda row: row.days).share if known else self.no_show
