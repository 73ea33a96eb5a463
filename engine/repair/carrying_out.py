"""What answers change in a dataset: places, how often people were moved, what they declined."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace

from engine.domain import Appointment, Dataset
from engine.domain import Declined as Refusal
from engine.repair.ledger import Entry
from engine.repair.menus import Offered


def carried_out(
    dataset: Dataset,
    held: Mapping[str, tuple[Entry, Offered]],
    pinned: Collection[str],
    refusals: Mapping[str, tuple[Refusal, ...]],
) -> Dataset:
    """The dataset with what was answered.

    Parameters
    ----------
    held
        By appointment, its row of the ledger and the place that was accepted and is free; one
        that the dataset has not is added to it.
    pinned
        Appointments that stay.
    refusals
        By request, what is not to be offered again.
    """
    there = {row.id for row in dataset.appointments}
    rows = [row for row, _ in held.values() if row.appointment_id not in there]
    back = [
        Appointment(
            id=row.appointment_id,
            request_id=row.request_id,
            role_id=row.before.role_id,
            start=row.before.start,
            end=row.before.end,
        )
        for row in rows
    ]
    places = {name: place for name, (_, place) in held.items()}
    appointments = [_answered(row, places, pinned) for row in (*dataset.appointments, *back)]
    changed = replace(dataset, appointments=tuple(appointments))
    moved = _moved_once_more(changed, {row.request_id for row, _ in held.values()})
    return _requests(moved, refusals)


def _answered(
    row: Appointment, places: Mapping[str, Offered], pinned: Collection[str]
) -> Appointment:
    if row.id in pinned:
        return replace(row, pinned=True)
    if row.id not in places:
        return row
    where = places[row.id].where
    return replace(
        row,
        role_id=where.role_id,
        start=where.start,
        end=where.end,
        status="booked",
        held_until=None,
        confirmed=True,
        pinned=True,
    )


def _moved_once_more(dataset: Dataset, requests: Collection[str]) -> Dataset:
    """The dataset in which whoever made some requests has been moved once more."""
    moved = {row.patient_id for row in dataset.requests if row.id in requests}
    return replace(
        dataset,
        patients=tuple(
            replace(row, times_moved=row.times_moved + 1) if row.id in moved else row
            for row in dataset.patients
        ),
    )


def _requests(dataset: Dataset, refusals: Mapping[str, tuple[Refusal, ...]]) -> Dataset:
    """The dataset in which requests say what they declined."""
    return replace(
        dataset,
        requests=tuple(
            replace(row, declined=tuple(dict.fromkeys((*row.declined, *refusals[row.id]))))
            if row.id in refusals
            else row
            for row in dataset.requests
        ),
    )
