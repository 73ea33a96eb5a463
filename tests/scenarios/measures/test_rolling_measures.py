"""Measures of days that passed, worked out by hand."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from scenarios.measures import OF_A_ROLLING_RUN, rows_of_history
from scenarios.rolling import Day, History, Journey, State

MONDAY = datetime(2026, 3, 2, tzinfo=UTC)


def journey(
    name: str, state: State, days: float | None, late: int | None = None, moved: int = 0
) -> Journey:
    """A request that was ready on Monday, with a place so many days later."""
    start = None if days is None else MONDAY + timedelta(days=days)
    urgency = "urgent" if name == "ann" else "routine"
    groups = ("specialty=any", "age=65+" if name == "ann" else "age=0-17")
    return Journey(
        name, name, urgency, groups, MONDAY, MONDAY, state, None, None, start, moved, None, late
    )


def day(open_minutes: int, visit_minutes: int) -> Day:
    """A day of which nothing matters but its minutes."""
    return Day(
        *(0, date(2026, 3, 2), MONDAY),
        *(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0),
        open_minutes,
        visit_minutes,
        is_proven=True,
    )


HISTORY = History(
    1,
    (day(60, 30), day(60, 15)),
    (
        journey("ann", "served", 1.0, late=0),
        journey("bob", "served", 3.0, late=2, moved=1),
        journey("cid", "no_show", 4.0),
        journey("dan", "waiting", None),
        journey("eve", "placed", 9.0),
        journey("fay", "withdrawn", None),
        journey("gus", "expired", None),
    ),
)


def test_every_measure_of_all() -> None:
    """Two of seven are seen, after one and three days, one of them late; of the four who were
    ever told a place one was told another; 45 of 120 minutes were booked.
    """
    rows = {row.measure: row for row in rows_of_history(HISTORY) if row.group is None}
    assert rows.keys() == OF_A_ROLLING_RUN.keys()
    assert {name: row.value for name, row in rows.items()} == {
        "asked": 7.0,
        "seen": 2.0,
        "stayed_away": 1.0,
        "withdrawn": 1.0,
        "expired": 1.0,
        "still_waiting": 1.0,
        "still_booked": 1.0,
        "days_waited_median": 2.0,
        "days_waited_p90": 2.8,
        "seen_within_standard": 0.5,
        "bumped": 0.25,
        "minutes_booked": 0.375,
    }
    assert (rows["days_waited_median"].count, rows["bumped"].count) == (2, 4)


def test_groups_are_urgency_classes_and_those_of_patients() -> None:
    """Ann alone is urgent, and old; nobody names a specialty. Of nobody there is no share."""
    rows = {(row.measure, row.group): row.value for row in rows_of_history(HISTORY)}
    assert rows["seen_within_standard", "urgency=urgent"] == 1.0
    assert rows["seen_within_standard", "urgency=routine"] == 0.0
    assert rows["asked", "specialty=any"] == 7.0
    assert (rows["asked", "age=65+"], rows["asked", "age=0-17"]) == (1.0, 6.0)
    empty = {row.measure: row.value for row in rows_of_history(History(1, (), ()))}
    assert (empty["asked"], empty["bumped"], empty["minutes_booked"]) == (0.0, None, None)
