"""What a calendar does not say itself."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Annotated, Literal

from pydantic import Field

from engine.interchange.validation import read_record
from engine.problems import Report
from engine.time_grid import MINUTES_PER_DAY


@dataclass(frozen=True, slots=True)
class CalendarOptions:
    """What a calendar does not say itself.

    Parameters
    ----------
    events
        What events are. ``mixed``: transparent ones are hours, opaque ones busy times.
        ``hours``: all of them are hours. ``busy``: opaque ones are busy times, transparent
        ones nothing.
    cell_minutes
        Length of the cells of a session, at most a day.
    """

    events: Literal["mixed", "hours", "busy"] = "mixed"
    cell_minutes: Annotated[int, Field(strict=True, ge=1, le=MINUTES_PER_DAY)] = 15


def check_options(options: CalendarOptions, findings: Report) -> None:
    """Report options outside their limits."""
    read_record(CalendarOptions, asdict(options), "options", findings)
