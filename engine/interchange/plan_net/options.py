"""What a directory does not say itself."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Annotated

from pydantic import Field

from engine.domain.fields import DayOrInstant
from engine.interchange.validation import read_record
from engine.problems import Report
from engine.time_grid import MINUTES_PER_DAY

MAX_DAYS = 366
_LAST_YEAR = 2099

_UpToADay = Annotated[int, Field(strict=True, ge=1, le=MINUTES_PER_DAY)]


@dataclass(frozen=True, slots=True)
class DirectoryOptions:
    """What a directory does not say itself.

    Parameters
    ----------
    as_of
        The instant that counts as now, or a date: its midnight there. The horizon begins
        with its day.
    days
        Calendar days in the horizon, at most 366.
    cell_minutes
        Length of a session's cells, at most a day.
    minutes, minutes_new
        Length of a visit with a known and with a new patient, at most a day.
    """

    as_of: DayOrInstant
    days: Annotated[int, Field(strict=True, ge=1, le=MAX_DAYS)] = 14
    cell_minutes: _UpToADay = 15
    minutes: _UpToADay = 30
    minutes_new: _UpToADay | None = None


def check_options(options: DirectoryOptions, findings: Report) -> None:
    """Find what is outside its limits, a horizon that leaves the years that can be included."""
    if read_record(DirectoryOptions, asdict(options), "options", findings) is None:
        return
    as_of = options.as_of
    first: date = as_of.date() if isinstance(as_of, datetime) else as_of
    last = first + timedelta(days=options.days)
    if last.year > _LAST_YEAR:
        message = f"the horizon ends on {last}; it must lie between 2000 and {_LAST_YEAR}"
        findings.error("out_of_range", "horizon", message, options.days)
