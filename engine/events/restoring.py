"""Appointments put back into a dataset that does not know of them any more."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from engine.domain import Appointment, Dataset, Role


def with_appointments(dataset: Dataset, former: Dataset, rows: Sequence[Appointment]) -> Dataset:
    """Put appointments into a dataset, with who and where they were, as far as that is gone.

    A role that comes back has no sessions: nobody can be placed there.

    Parameters
    ----------
    dataset
        Has the requests of ``rows``, and no appointment with their ids.
    former
        In which they were.
    """
    roles = {row.id: row for row in former.roles}
    known = {row.id for row in dataset.roles}
    needed = dict.fromkeys(row.role_id for row in rows if row.role_id not in known)
    back = [_bare(roles[name], dataset) for name in needed]
    doctors = {row.doctor_id for row in back} - {row.id for row in dataset.doctors}
    services = {row.service_id for row in back} - {row.id for row in dataset.services}
    locations = {row.location_id for row in back} - {row.id for row in dataset.locations}
    return replace(
        dataset,
        doctors=(*dataset.doctors, *(row for row in former.doctors if row.id in doctors)),
        services=(*dataset.services, *(row for row in former.services if row.id in services)),
        locations=(*dataset.locations, *(row for row in former.locations if row.id in locations)),
        roles=(*dataset.roles, *back),
        appointments=(*dataset.appointments, *rows),
    )


def _bare(role: Role, dataset: Dataset) -> Role:
    """The role without what it says of types of visit that are gone."""
    types = {row.id for row in dataset.visit_types}
    return replace(
        role,
        visit_minutes=tuple(row for row in role.visit_minutes if row.visit_type_id in types),
        daily_caps=tuple(
            row
            for row in role.daily_caps
            if row.visit_type_id is None or row.visit_type_id in types
        ),
    )
