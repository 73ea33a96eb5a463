"""Conservation: no request is lost, and none is there twice."""

from __future__ import annotations

from engine.errors import InternalError
from scenarios.rolling.book import Book
from scenarios.rolling.history import LIVE, STATES, Day, History


def require_conservation(book: Book, before: Day | None, day: Day) -> None:
    """Raise ``InternalError`` unless the book and the counts of a day agree.

    Every request is in one state, by its journey; it is in the dataset as long as that is not
    the end, and holds one appointment exactly where it has a place. What came and went in a day
    is the difference of its evening and the evening before.
    """
    live = set(book.live)
    by_state = {state: set[str]() for state in STATES}
    for name, journey in book.journeys.items():
        by_state[journey.state].add(name)
    holders = [row.request_id for row in book.appointments if row.request_id is not None]
    placed = set(holders)
    _require(len(holders) == len(placed), day, "a request holds two places")
    _require(by_state["placed"] == placed == set(book.place_of), day, "places and journeys differ")
    _require(by_state["waiting"] == live - placed, day, "who waits is not who has no place")
    ended = set().union(*(by_state[state] for state in STATES if state not in LIVE))
    _require(not ended & live, day, "somebody who is done with is still there")
    waited, had_place = (before.waiting, before.booked) if before else (0, 0)
    came = waited + day.arrived + day.lost - day.placed - day.gave_up - day.expired
    _require(day.waiting == len(by_state["waiting"]) == came, day, "the count of who waits")
    left = had_place + day.placed - day.lost - day.cancelled - day.served - day.no_show
    _require(day.booked == len(placed) == left, day, "the count of who has a place")


def require_whole(history: History) -> None:
    """Raise ``InternalError`` unless all who came are in one of the states at the end."""
    came = sum(day.arrived for day in history.days)
    if came != len(history.journeys) or came != sum(history.states.values()):
        raise InternalError(f"{came} requests arrived, {len(history.journeys)} are told of")


def _require(holds: bool, day: Day, what: str) -> None:  # noqa: FBT001  # as an assertion reads
    if not holds:
        raise InternalError(f"day {day.number} of a rolling run does not add up: {what}")
