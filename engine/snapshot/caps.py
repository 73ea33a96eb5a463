"""Daily caps as the roles state them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from engine.arrays import Int, ints
from engine.domain import Dataset
from engine.snapshot.index import Index, at


@dataclass(frozen=True, slots=True)
class Cap:
    """No more than ``limit`` visits on a local day in ``roles``.

    Parameters
    ----------
    roles
        int64 indices.
    visit_type
        Index of the type counted; -1: all types together.
    limit
        Visits a day.
    """

    roles: Int
    visit_type: int
    limit: int


def take_caps(dataset: Dataset, index: Index) -> tuple[Cap, ...]:
    """One cap per limit; where roles of a doctor state several, the lowest holds."""
    return (*_of_roles(dataset, index), *_of_doctors(dataset, index))


def _of_roles(dataset: Dataset, index: Index) -> Iterator[Cap]:
    for q, role in enumerate(dataset.roles):
        for cap in role.daily_caps:
            if cap.per == "role":
                yield Cap(ints([q]), at(index.visit_types, cap.visit_type_id), cap.limit)


def _of_doctors(dataset: Dataset, index: Index) -> Iterator[Cap]:
    roles_of: dict[str | None, list[int]] = defaultdict(list)
    limits: dict[tuple[str | None, str | None], list[int]] = defaultdict(list)
    for q, role in enumerate(dataset.roles):
        doctor = role.doctor_id or role.service_id
        roles_of[doctor].append(q)
        for cap in role.daily_caps:
            if cap.per == "doctor":
                limits[doctor, cap.visit_type_id].append(cap.limit)
    for (doctor, visit_type_id), stated in limits.items():
        yield Cap(ints(roles_of[doctor]), at(index.visit_types, visit_type_id), min(stated))
