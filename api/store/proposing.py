"""A plan for all who wait, made of the store as it was at one moment."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import uuid4

import numpy as np
from sqlalchemy import Connection, func, select

from api.store.errors import StoreError
from api.store.loading import read_all
from api.store.store import Store
from api.store.tables import change
from engine.domain import Appointment, Dataset
from engine.interchange.booked import booked
from engine.problems import Problem
from engine.result import Result

Match = Callable[[Dataset], Result]
"""``engine.match``, with a policy and limits."""


@dataclass(frozen=True, slots=True)
class Planned:
    """An appointment to be, and the session that is meant."""

    appointment: Appointment
    session_id: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """A plan, and what it rests on.

    Parameters
    ----------
    sequence
        Of the last change that it knows of.
    dataset
        What was there; its ``as_of`` is the moment.
    result
        The plan and its certificate.
    rows
        What it places.
    """

    sequence: int
    dataset: Dataset
    result: Result
    rows: tuple[Planned, ...]


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
    store.expire()
    now = as_of or store.now()
    with store.database.reading() as connection:
        sequence, found = last_sequence(connection), read_all(connection)
    if found is None:
        message = "it holds no dataset. Maybe slotmatch load puts one in"
        raise StoreError([Problem("empty_store", store.database.where, message)])
    dataset = replace(found, header=replace(found.header, as_of=now))
    result = match(dataset)
    return Proposal(sequence, dataset, result, _rows(dataset, result))


def last_sequence(connection: Connection) -> int:
    """The last change that a connection sees; 0: there was none."""
    return int(connection.execute(select(func.max(change.c.sequence))).scalar_one() or 0)


def _rows(dataset: Dataset, result: Result) -> tuple[Planned, ...]:
    """What a plan places, under ids that nobody ever had."""
    snapshot, plan = result.snapshot, result.plan
    made = booked(dataset, snapshot, plan).appointments[len(dataset.appointments) :]
    sessions = plan.session[np.flatnonzero(plan.is_placed)].tolist()
    return tuple(
        Planned(replace(row, id=uuid4().hex), snapshot.sessions.ids[session])
        for row, session in zip(made, sessions, strict=True)
    )
