"""What a directory does not say itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class DirectoryOptions:
    """What a directory does not say itself.

    Parameters
    ----------
    as_of
        The instant that counts as now, or a date: its midnight there. The horizon begins
        with its day.
    days
        Calendar days in the horizon.
    cell_minutes
        Length of a session's cells.
    minutes, minutes_new
        Length of a visit with a known and with a new patient.
    """

    as_of: datetime | date
    days: int = 14
    cell_minutes: int = 15
    minutes: int = 30
    minutes_new: int | None = None
