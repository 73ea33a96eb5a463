"""A clinic in the night in which New York's clocks change, and a clock that tests set."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from canaries import CANARIES
from clinic import ZONE, Clinic
from sqlalchemy import BigInteger, bindparam

from api.store.database import Database
from engine.checks import check_dataset
from engine.domain import Dataset, Interval, Session

FORWARD, BACK = date(2026, 3, 8), date(2026, 11, 1)
"""At 2 o'clock, two hours into either night, an hour is left out, or comes again."""

NAMES = ("cnry.ann", "cnry.bob", "cnry.cyd", "cnry.dot")
LATER = "cnry.eve"
"""Who asks only later."""

HOURS = {"role": [(60, 180), (600, 630)], "wide": [(60, 180)], "far": [(90, 150)]}
"""Minutes since midnight that have passed, whatever clocks say."""
MORE = ("far", (180, 240))
"""A session that comes later."""


@dataclass
class Clock:
    """The time, in seconds since 1970."""

    seconds: int

    def rule(self, database: Database) -> None:
        """Be the clock of a database."""
        now = property(lambda _: bindparam(None, type_=BigInteger, callable_=self._read))
        kind = type(database)
        database.__class__ = type(kind.__name__, (kind,), {"now": now})

    def _read(self) -> int:
        return self.seconds


@dataclass(frozen=True)
class Night:
    """A night, and what happens in it.

    Parameters
    ----------
    day
        Its date.
    """

    day: date

    def at(self, minute: int) -> datetime:
        """The instant when so many minutes have passed since midnight, told by the clocks."""
        midnight = datetime.combine(self.day, time(), ZONE).astimezone(UTC)
        return (midnight + timedelta(minutes=minute)).astimezone(ZONE)

    def minute(self, told: str) -> int:
        """Which minute an instant is."""
        passed = datetime.fromisoformat(told) - self.at(0).astimezone(UTC)
        return int(passed.total_seconds()) // 60

    def session(self, id: str, role: str, hours: tuple[int, int], **more: Any) -> Session:
        """A session in it, of cells of 15 minutes."""
        start, end = (self.at(minute) for minute in hours)
        return Session(id=id, role_id=role, start=start, end=end, cell_minutes=15, **more)

    def dataset(self) -> Dataset:
        """Two doctors, one of whom has a second role elsewhere at the same time; a session of two
        seats; a scanner, of which there are two; four patients, two requests each.
        """
        clinic = Clinic(as_of=self.at(0) - timedelta(days=1))
        clinic.doctor("other").role("wide", doctor_id="other").role("far", doctor_id="dr")
        clinic.resource("scanner", capacity=2)
        clinic.visit_type("scan", minutes=15, minutes_after=15, resources=("scanner",))
        for name in NAMES:
            clinic.patient(name, groups={"note": CANARIES["reason"]}, family_id=CANARIES["name"])
            clinic.request(f"{name}-visit", name).request(
                f"{name}-scan", name, visit_type_id="scan"
            )
        dataset = clinic.dataset()
        seats = {"wide": 2}
        sessions = [
            self.session(f"{role}{number}", role, hours, capacity=seats.get(role, 1))
            for role, rows in HOURS.items()
            for number, hours in enumerate(rows)
        ]
        week = Interval(start=clinic.as_of, end=self.at(0) + timedelta(days=7))
        header = replace(dataset.header, as_of=clinic.as_of, horizon=week)
        dataset = replace(dataset, header=header, sessions=tuple(sessions))
        assert not [row for row in check_dataset(dataset).problems if row.is_error]
        return dataset
