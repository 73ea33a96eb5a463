"""Plans as they are kept until somebody commits them; no database is needed to make one."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import uuid4

import numpy as np

from api.store.rows import dataset_of
from engine.domain import Appointment, Dataset
from engine.errors import InternalError
from engine.interchange.booked import SOURCE, booked
from engine.result import Result


@dataclass(frozen=True, slots=True)
class Moment:
    """All that a store held at one moment, as it keeps it: others can make plans of it.

    Parameters
    ----------
    sequence
        Of the last change by then.
    as_of
        What counts as now.
    rows
        Kinds and bodies, a header among them.
    """

    sequence: int
    as_of: datetime
    rows: list[tuple[str, str]]

    def world(self) -> Dataset:
        """The dataset that a plan is made of."""
        found = dataset_of(self.rows)
        if found is None:
            raise InternalError("a moment without a header")
        return world_at(found, self.as_of)


@dataclass(frozen=True, slots=True)
class Planned:
    """An appointment to be, and the session that is meant."""

    appointment: Appointment
    session_id: str


@dataclass(frozen=True, slots=True)
class Draft:
    """What a plan places, and what it rests on.

    Parameters
    ----------
    sequence
        Of the last change that it knows of.
    as_of
        What counted as now.
    policy_hash
        Of the policy that it was made under.
    rows
        What it places.
    """

    sequence: int
    as_of: datetime
    policy_hash: str
    rows: tuple[Planned, ...]

    @classmethod
    def of(cls, sequence: int, dataset: Dataset, result: Result) -> Draft:
        """What a match of a store's dataset places, under ids that nobody ever had."""
        rows = tuple(_rows(dataset, result))
        return cls(sequence, dataset.header.as_of, result.certificate.policy_hash, rows)

    def text(self) -> str:
        """As it is kept."""
        rows = [_row(row) for row in self.rows]
        return json.dumps([self.sequence, self.as_of.isoformat(), self.policy_hash, rows])

    @classmethod
    def read(cls, text: str) -> Draft:
        """What was kept."""
        sequence, as_of, policy_hash, rows = json.loads(text)
        planned = tuple(_planned(*row) for row in rows)
        return cls(sequence, datetime.fromisoformat(as_of), policy_hash, planned)


def world_at(dataset: Dataset, as_of: datetime) -> Dataset:
    """A store's dataset as it counts at some moment: holds that are there stay, since they end by
    the database's clock alone.
    """
    stay = tuple(
        replace(row, status="booked", held_until=None) if row.status == "held" else row
        for row in dataset.appointments
    )
    return replace(dataset, header=replace(dataset.header, as_of=as_of), appointments=stay)


def _rows(dataset: Dataset, result: Result) -> Iterator[Planned]:
    snapshot, plan = result.snapshot, result.plan
    made = booked(dataset, snapshot, plan).appointments[len(dataset.appointments) :]
    sessions = plan.session[np.flatnonzero(plan.is_placed)].tolist()
    for row, session in zip(made, sessions, strict=True):
        yield Planned(replace(row, id=uuid4().hex), snapshot.sessions.ids[session])


def _row(planned: Planned) -> list[str]:
    of = planned.appointment
    instants = of.start.isoformat(), of.end.isoformat()
    return [of.id, str(of.request_id), of.role_id, planned.session_id, *instants]


def _planned(id: str, request_id: str, role_id: str, session: str, start: str, end: str) -> Planned:
    appointment = Appointment(
        id=id,
        request_id=request_id,
        role_id=role_id,
        start=datetime.fromisoformat(start),
        end=datetime.fromisoformat(end),
        source=SOURCE,
    )
    return Planned(appointment, session)
