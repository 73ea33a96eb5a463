"""What a publication does not say itself."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Annotated, Literal

from pydantic import Field

from engine.domain.fields import DayOrInstant, VisitLength
from engine.interchange.validation import read_record
from engine.problems import Report

MAX_DAYS = 366


@dataclass(frozen=True, slots=True)
class PublicationOptions:
    """What a publication does not say itself.

    Parameters
    ----------
    as_of
        The instant that counts as now, or a date: its midnight there. The horizon begins
        with its day.
    days
        Calendar days in the horizon, at most 366.
    minutes
        Length of a visit.
    offset
        Where the offset of a slot is not that of the clock at the place: trust the instant,
        or keep the time on the wall.
    day_minutes
        A slot at least so long is counted in seats for the day; a shorter one is a cell.
    """

    as_of: DayOrInstant
    days: Annotated[int, Field(strict=True, ge=1, le=MAX_DAYS)] = 14
    minutes: VisitLength = 15
    offset: Literal["trust", "wall"] = "trust"
    day_minutes: VisitLength = 120


def check_options(options: PublicationOptions, findings: Report) -> None:
    """Report options outside their limits."""
    read_record(PublicationOptions, asdict(options), "options", findings)
