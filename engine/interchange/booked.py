"""Plans as appointments: what was planned becomes what is promised."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from engine.arrays import NONE
from engine.domain import Appointment, Dataset
from engine.interchange.unique_id import unique_id
from engine.plan import Plan
from engine.problems import Problem, shown
from engine.snapshot import Snapshot

SOURCE = "plan"
"""Where such an appointment says that it came from."""


def booked(dataset: Dataset, snapshot: Snapshot, plan: Plan) -> Dataset:
    """The dataset in which the places of a plan are appointments.

    Parameters
    ----------
    dataset, snapshot
        What the plan was made for.
    plan
        Every request that it places gets an appointment of the same id (with a number behind
        it where another appointment has that id); of a day session, over the whole session.
    """
    return replace(dataset, appointments=(*dataset.appointments, *_places(dataset, snapshot, plan)))


def two_places(snapshot: Snapshot, plan: Plan, path: str) -> list[Problem]:
    """Requests that a plan places although they hold an appointment: nobody knows which place
    they were told.

    Parameters
    ----------
    path
        Of the plan, for messages.
    """
    twice = plan.is_placed & (snapshot.published.of_request != NONE)
    message = "the plan places a request that holds an appointment"
    return [
        Problem("two_places", path, message, shown(snapshot.requests.ids[index]))
        for index in np.flatnonzero(twice).tolist()
    ]


def _places(dataset: Dataset, snapshot: Snapshot, plan: Plan) -> Iterator[Appointment]:
    taken = {appointment.id for appointment in dataset.appointments}
    for index in np.flatnonzero(plan.is_placed).tolist():
        request_id, role = snapshot.requests.ids[index], int(plan.role[index])
        zone = int(snapshot.roles.zone[role])
        yield Appointment(
            id=unique_id(request_id, taken),
            request_id=request_id,
            role_id=snapshot.roles.ids[role],
            start=snapshot.grid.instant(int(plan.start[index]), zone),
            end=snapshot.grid.instant(int(plan.end[index]), zone),
            source=SOURCE,
        )
