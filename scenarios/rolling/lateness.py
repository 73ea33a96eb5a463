"""How late the visits of a rolling run were."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import numpy as np

from engine.arrays import NONE
from engine.candidates import Candidates
from engine.domain import Dataset, Patient, Request
from engine.late import days_late
from engine.policy import Policy
from engine.snapshot import take_snapshot
from scenarios.rolling.history import Journey


def with_lateness(
    dataset: Dataset,
    policy: Policy,
    asked: Sequence[tuple[Patient, Request]],
    journeys: Sequence[Journey],
) -> tuple[Journey, ...]:
    """Journeys that say how late their visit was, in whole days begun after the due instant.

    Parameters
    ----------
    dataset
        Whose roles and places the journeys name.
    policy
        Whose urgency classes say what is due when.
    asked
        Patients and requests, one pair for every journey and in the same order.
    """
    held = [row for row, journey in enumerate(journeys) if journey.state == "served"]
    if not held:
        return tuple(journeys)
    patients = {patient.id: patient for patient, _ in asked}
    starts = [journeys[row].start or journeys[row].asked for row in held]
    end = max(dataset.header.horizon.end, max(starts) + timedelta(days=1))
    snapshot = take_snapshot(
        replace(
            dataset,
            header=replace(dataset.header, horizon=replace(dataset.header.horizon, end=end)),
            patients=tuple(patients.values()),
            requests=tuple(asked[row][1] for row in held),
            links=(),
            sessions=(),
            appointments=(),
        )
    )
    start = np.array([snapshot.grid.minutes(at) for at in starts], np.int64)
    role = np.array([snapshot.index.roles[journeys[row].role_id or ""] for row in held], np.int64)
    blank = np.zeros(len(held), np.int64)
    day = snapshot.grid.day(snapshot.roles.zone[role], start)
    visits = Candidates(
        request=np.arange(len(held)),
        role=role,
        session=blank + NONE,
        first_cell=blank,
        num_cells=blank,
        start=start,
        end=start,
        has_time=np.ones(len(held), np.bool_),
        day=day,
    )
    late = dict(zip(held, days_late(policy.urgencies, snapshot, visits).tolist(), strict=True))
    return tuple(
        replace(journey, days_late=late[row]) if row in late else journey
        for row, journey in enumerate(journeys)
    )
