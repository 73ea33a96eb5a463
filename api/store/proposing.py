"""A plan for all who wait, made of the store as it was at one moment."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from api.store.errors import StoreError
from api.store.loading import read_rows
from api.store.planned import Draft, Moment, Planned
from api.store.rows import HEADER
from api.store.store import Store, last_sequence
from engine.domain import Dataset
from engine.problems import Problem
from engine.result import Result

Match = Callable[[Dataset], Result]
"""``engine.match``, with a policy and limits."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A plan, and what it rests on.

    Parameters
    ----------
    draft
        What can be committed of it.
    dataset
        What was there; its ``as_of`` is the moment.
    result
        The plan and its certificate.
    """

    draft: Draft
    dataset: Dataset
    result: Result

    @property
    def rows(self) -> tuple[Planned, ...]:
        """What it places."""
        return self.draft.rows


def propose(store: Store, match: Match, as_of: datetime | None = None) -> Proposal:
    """Match those who wait with what is free; nothing is booked, and nobody has to wait.

    Parameters
    ----------
    match
        How.
    as_of
        What counts as now; by default the clock of the database does.

    Raises
    ------
    StoreError
        The store is empty.
    """
    moment = moment_of(store, as_of)
    dataset = moment.world()
    result = match(dataset)
    return Proposal(Draft.of(moment.sequence, dataset, result), dataset, result)


def moment_of(store: Store, as_of: datetime | None = None) -> Moment:
    """All that a store holds now, but for holds that are over.

    Raises
    ------
    StoreError
        It is empty.
    """
    store.expire()
    with store.database.reading() as connection:
        sequence, rows = last_sequence(connection), read_rows(connection)
    if not any(kind == HEADER for kind, _ in rows):
        message = "it holds no dataset. Maybe slotmatch load puts one in"
        raise StoreError([Problem("empty_store", store.database.where, message)])
    return Moment(sequence, as_of or store.now(), rows)
