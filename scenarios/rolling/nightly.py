"""At night: everybody who waits is matched, and told the place in the morning."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

import numpy as np

from engine.domain import Request
from engine.eligible import Sieve
from engine.interchange.booked import booked
from engine.match import match
from engine.policy import Policy
from engine.snapshot import take_snapshot
from engine.solve.limits import Cancel, Limits
from scenarios.rolling.book import Book


class Nights:
    """Matches the requests that wait, night after night.

    Whom no role admits is judged once, and is in no match then: what the rules between a request
    and a role look at stays as it is while days pass, and a request without candidates takes
    nothing from others. Requests of links are in every match, since one can hold up another.

    Parameters
    ----------
    policy, limits, cancel
        Of every match.
    """

    def __init__(self, policy: Policy, limits: Limits, cancel: Cancel) -> None:
        self._policy, self._limits, self._cancel = policy, limits, cancel
        self._judged: set[str] = set()
        self._admitted: set[str] = set()

    def match(self, book: Book, waiting: Sequence[Request], now: datetime, until: datetime) -> bool:
        """Match some of the requests that wait, and give them what was found.

        Parameters
        ----------
        waiting
            The requests.
        now, until
            Places are given between the two.

        Returns
        -------
        bool
            Whether the plan is proven to be best.
        """
        self._judge(book, waiting, now, until)
        asking = [row for row in waiting if row.id in self._admitted]
        if not asking:
            return True
        dataset = book.dataset(now, until, only=asking)
        result = match(dataset, self._policy, self._limits, cancel=self._cancel)
        after = booked(dataset, result.snapshot, result.plan)
        for row in after.appointments[len(dataset.appointments) :]:
            book.place(row, now)
        return result.certificate.is_proven

    def _judge(
        self, book: Book, waiting: Sequence[Request], now: datetime, until: datetime
    ) -> None:
        """Find out which of the requests that are new are admitted by any role."""
        new = [row for row in waiting if row.id not in self._judged]
        self._judged.update(row.id for row in new)
        self._admitted.update(row.id for row in new if book.is_linked(row.id))
        alone = tuple(row for row in new if not book.is_linked(row.id))
        if not alone:
            return
        dataset = replace(
            book.dataset(now, until), requests=alone, links=(), sessions=(), appointments=()
        )
        request, _ = Sieve(take_snapshot(dataset), self._policy).roles(np.arange(len(alone)))
        self._admitted.update(alone[row].id for row in np.unique(request).tolist())
