"""Days beyond the standard."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import numpy as np
import pytest
from clinic import Clinic, at, plan_of

from engine.candidates import Candidates
from engine.interchange.policy_file import policy_from
from engine.match import match
from engine.objectives.lateness import Lateness
from engine.snapshot import Snapshot
from engine.solve.limits import Limits
from engine.urgency import Urgencies
from engine.verify import lateness as judge


def late(
    clinic: Clinic, request: str, session: str, clock: str, rule: Lateness | None = None
) -> int:
    """Days late at a place, by the rule and by its judge alike."""
    snapshot = clinic.snapshot()
    chosen = rule or Lateness()
    plan = plan_of(snapshot, {request: (session, clock)})
    index = snapshot.index.requests[request]
    counted = int(judge.contributions(chosen, snapshot, plan)[index])
    assert _cost(chosen, snapshot, index, int(plan.start[index]), session) == counted
    return counted


def _cost(rule: Lateness, snapshot: Snapshot, request: int, start: int, session_id: str) -> int:
    session = snapshot.index.sessions[session_id]
    first = snapshot.sessions.first_cell[session]
    cells = np.arange(first, snapshot.sessions.first_cell[session + 1])
    ones = np.ones(len(cells), np.int64)
    candidates = Candidates.at(snapshot, request * ones, cells, ones)
    return int(rule.cost(snapshot, candidates)[candidates.start == start][0])


def asked(urgency: str, created: datetime, visit_day: int, **more: Any) -> Clinic:
    """Ann asked at an instant; a session stands so many days after Monday."""
    clinic = Clinic(days=40, **{k: more.pop(k) for k in ("holidays",) if k in more})
    clinic.session("08:00", "20:00", day=visit_day, id="s")
    return clinic.request("ann", urgency=urgency, created=created, **more)


@pytest.mark.parametrize(("clock", "days"), [("09:00", 0), ("09:15", 1)])
def test_hours_are_elapsed_hours(clock: str, days: int) -> None:
    """Emergent: 24 hours to the minute; the day begun after them counts whole."""
    assert late(asked("emergent", at("09:00"), 1), "ann", "s", clock) == days


def test_hours_ignore_the_clock_change() -> None:
    """Asked on Saturday at 09:00, 24 hours later the clock shows 10:00 on Sunday."""
    clinic = asked("emergent", at("09:00", 5), 6)
    assert late(clinic, "ann", "s", "10:00") == 0
    assert late(clinic, "ann", "s", "10:15") == 1


@pytest.mark.parametrize(("day", "days"), [(14, 0), (15, 1), (16, 2)])
def test_working_days_end_with_the_day(day: int, days: int) -> None:
    """Soon, asked on a Monday: until the end of the Monday two weeks later."""
    assert late(asked("soon", at("23:00"), day), "ann", "s", "19:45") == days


def test_working_days_skip_holidays_and_start_after_the_weekend() -> None:
    """Asked on a Saturday, the tenth working day is the Friday after next; with a holiday
    in between it is the Monday after that.
    """
    assert late(asked("soon", at("10:00", 5), 18), "ann", "s", "19:45") == 0
    assert late(asked("soon", at("10:00", 5), 19), "ann", "s", "08:00") == 1
    holiday = (date(2026, 3, 10),)
    assert late(asked("soon", at("10:00", 5), 21, holidays=holiday), "ann", "s", "19:45") == 0
    assert late(asked("soon", at("10:00", 5), 22, holidays=holiday), "ann", "s", "08:00") == 1


def test_clock_starts_at_the_earliest_date() -> None:
    """Who cannot come before Thursday is not late for the days before."""
    clinic = asked("emergent", at("09:00"), 4, earliest=date(2026, 3, 5))
    assert late(clinic, "ann", "s", "08:00") == 1
    clinic = asked("urgent", at("09:00"), 4, earliest=date(2026, 3, 5))
    assert late(clinic, "ann", "s", "19:45") == 0


def test_see_by_wins() -> None:
    """A date on the request stands instead of the standard, as the end of that day."""
    clinic = asked("routine", at("09:00"), 3, see_by=date(2026, 3, 3))
    assert late(clinic, "ann", "s", "08:00") == 2
    clinic = asked("emergent", at("09:00"), 3, see_by=at("08:00", 3))
    assert late(clinic, "ann", "s", "08:00") == 0


def test_standard_of_a_visit_type_wins_over_the_class() -> None:
    """A policy may give a type of visit a standard of its own."""
    own = {"visit": {"routine": {"hours": 24}}}
    urgencies: Urgencies = policy_from({"by_visit_type": own}).urgencies
    clinic = asked("routine", at("09:00"), 2)
    assert late(clinic, "ann", "s", "09:00", Lateness(urgencies)) == 1
    assert late(clinic, "ann", "s", "09:00") == 0


def test_day_session_counts_local_days() -> None:
    """Due on Tuesday at 09:00, a day session on Tuesday is in time, on Wednesday a day late."""
    clinic = Clinic().request("ann", urgency="emergent", created=at("09:00"))
    for day in (1, 2):
        clinic.session("08:00", "20:00", day=day, kind="day", cell_minutes=None, id=f"d{day}")
    assert late(clinic, "ann", "d1", "") == 0
    assert late(clinic, "ann", "d2", "") == 1


def test_due_is_counted_on_the_clock_of_the_place() -> None:
    """The end of the day in Los Angeles is three hours after that in New York."""
    clinic = Clinic().location("west", time_zone="America/Los_Angeles", coordinates=None)
    clinic.role("far", location_id="west")
    clinic.session("23:00", "23:59", day=14, id="east", cell_minutes=59)
    clinic.session("01:00", "02:00", day=15, id="west", role_id="far", cell_minutes=60)
    clinic.request("ann", urgency="soon", created=at("12:00"))
    assert late(clinic, "ann", "east", "23:00") == 0
    assert late(clinic, "ann", "west", "22:00") == 0


def test_long_overdue_is_counted_on_the_clock_of_its_time() -> None:
    """A recall due in winter, seen in a day session in spring: rule and judge agree."""
    clinic = Clinic().session("09:00", "17:00", kind="day", cell_minutes=None, id="d")
    clinic.request("ann", see_by=date(2025, 12, 1))
    result = match(clinic.dataset(), limits=Limits(deterministic=True))
    lateness = next(level for level in result.certificate.levels if level.name == "lateness")
    assert lateness.value == (date(2026, 3, 2) - date(2025, 12, 1)).days
