"""Details of days that passed."""

from __future__ import annotations

from scenarios.details.records import DayTold, Details
from scenarios.details.spreads import spread
from scenarios.rolling.history import History


def details_of_history(history: History) -> Details:
    """How long people waited who were seen, and how every day was."""
    return Details(
        spreads=(spread("days_waited", history.days_waited()),),
        days=tuple(
            DayTold(
                date=day.date,
                arrived=day.arrived,
                waiting=day.waiting,
                booked=day.booked,
                served=day.served,
                open_minutes=day.open_minutes,
                visit_minutes=day.visit_minutes,
            )
            for day in history.days
        ),
    )
