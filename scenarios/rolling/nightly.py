"""At night: everybody who waits is matched, and told the place in the morning."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from engine.domain import Request
from engine.interchange.booked import booked
from engine.match import match
from engine.policy import Policy
from engine.solve.limits import Limits
from scenarios.rolling.book import Book


def match_waiting(
    book: Book,
    asking: Sequence[Request],
    now: datetime,
    until: datetime,
    policy: Policy,
    limits: Limits,
) -> bool:
    """Match some of the requests that wait, and give them what was found.

    Parameters
    ----------
    asking
        The requests.
    now, until
        Places are given between the two.

    Returns
    -------
    bool
        Whether the plan is proven to be best.
    """
    if not asking:
        return True
    dataset = book.dataset(now, until, only=asking)
    result = match(dataset, policy, limits)
    after = booked(dataset, result.snapshot, result.plan)
    for row in after.appointments[len(dataset.appointments) :]:
        book.place(row, now)
    return result.certificate.is_proven
