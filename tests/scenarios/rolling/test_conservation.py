"""A run that loses somebody is stopped."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from clinic import Clinic

from engine.errors import InternalError
from engine.policy import Policy
from engine.solve.limits import Limits
from scenarios.rolling.book import Book
from scenarios.rolling.conservation import require_conservation, require_whole
from scenarios.rolling.history import Day, History
from scenarios.rolling.run import Run
from scenarios.rolling.spec import RollingSpec
from scenarios.situation import Situation


def after_a_day() -> tuple[Book, Day]:
    """One has a place tomorrow, and one waits for nothing."""
    clinic = Clinic().session(day=1).request("ann").request("bob", specialty="none")
    situation = Situation(clinic.dataset(), Policy.default())
    run = Run(situation, RollingSpec(days=1), 1, Limits(workers=1, deterministic=True))
    return run.book, run.day(0)


def test_a_day_that_adds_up_passes() -> None:
    """As it is."""
    require_conservation(*after_a_day()[:1], None, after_a_day()[1])


@pytest.mark.parametrize(
    ("spoil", "what"),
    [
        (lambda book: book.place_of.clear(), "places and journeys"),
        (lambda book: book._requests.pop("bob"), "who waits"),
        (lambda book: book._appointments.clear(), "places and journeys"),
        (
            lambda book: book._appointments.update(
                twice=replace(book.appointment("ann"), id="twice")
            ),
            "two places",
        ),
        (
            lambda book: book.journeys.update(bob=replace(book.journeys["bob"], state="expired")),
            "who waits",
        ),
    ],
    ids=["forgotten place", "lost request", "lost place", "two places", "ended and there"],
)
def test_a_book_that_does_not_add_up_is_refused(spoil: Callable[[Any], object], what: str) -> None:
    """Whatever is wrong with it."""
    book, day = after_a_day()
    spoil(book)
    with pytest.raises(InternalError, match=what):
        require_conservation(book, None, day)


@pytest.mark.parametrize("field", ["arrived", "placed", "lost", "waiting", "booked", "served"])
def test_counts_that_do_not_add_up_are_refused(field: str) -> None:
    """One more than there was, of anything."""
    book, day = after_a_day()
    wrong: dict[str, Any] = {field: getattr(day, field) + 1}
    with pytest.raises(InternalError, match="count"):
        require_conservation(book, None, replace(day, **wrong))


def test_a_history_without_somebody_is_refused() -> None:
    """Two came, and one is told of."""
    book, day = after_a_day()
    with pytest.raises(InternalError, match="2 requests arrived, 1 are told of"):
        require_whole(History(1, (day,), tuple(book.journeys.values())[:1]))
