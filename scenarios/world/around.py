"""Circumstances of patients who live around the roles of a dataset."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator

import numpy as np

from engine.domain import Coordinates, Dataset, Location, Role
from engine.snapshot.demand import coordinates_of
from scenarios.world.city import scatter
from scenarios.world.demand import SHARE_KNOWN, Circumstances
from scenarios.world.dice import Dice

METRES_FROM_THE_PLACE = 6_000.0
SHARE_INSURED_NEARBY = 0.9
"""Of the patients, whose plan is taken by the role they live near."""
SHARE_KNOWN_IF_CLOSED = 0.9
"""Of the patients who live near a role that takes no new ones: most are its own."""


def circumstances_around(dice: Dice, dataset: Dataset, number: int) -> Iterator[Circumstances]:
    """Circumstances that each begin at a random role that has sessions and takes patients.

    Raises
    ------
    ValueError
        No role can be begun at.
    """
    point_of = {row.id: _point(row) for row in dataset.locations}
    state_of = {row.id: row.state for row in dataset.locations}
    types = _VisitTypes(dataset)
    roles = _roles_to_ask(dataset, types, {name for name, point in point_of.items() if point})
    if not roles:
        raise ValueError("no role with sessions at a known place has a type of visit to ask for")
    anchors = [roles[i] for i in dice.rng.integers(0, len(roles), number).tolist()]
    places = [role.location_id or "" for role in anchors]
    homes = _homes(dice, [point for place in places if (point := point_of[place])])
    plans = _Plans(dataset)
    doctors_of = _doctors_by_specialty(roles)
    for role, place, home in zip(anchors, places, homes, strict=True):
        code = dice.pick([code for code in _codes(role) if types.of(code)])
        nearby = dice.chance(SHARE_INSURED_NEARBY) and plans.taken_by(role)
        own_doctor = [role.doctor_id] if role.doctor_id else []
        yield Circumstances(
            home=home,
            state=state_of[place],
            specialty=code,
            visit_types=dict.fromkeys(types.of(code), 1 / len(types.of(code))),
            plan_ids=nearby or plans.all_ids,
            doctor_ids=own_doctor or doctors_of.get(code or "", []),
            share_known=SHARE_KNOWN if role.accepts_new == "all" else SHARE_KNOWN_IF_CLOSED,
        )


def _roles_to_ask(dataset: Dataset, types: _VisitTypes, places: Collection[str]) -> list[Role]:
    """Roles at one of the places that have sessions, take patients and offer a visit."""
    working = {session.role_id for session in dataset.sessions}
    return [
        role
        for role in dataset.roles
        if role.id in working
        and role.accepts_new != "none"
        and role.location_id in places
        and any(types.of(code) for code in _codes(role))
    ]


def _codes(role: Role) -> tuple[str | None, ...]:
    """Specialties that patients of a role ask for; ``None``, nothing but the type of visit,
    where it states none (a vaccination chair).
    """
    return role.specialties or (None,)


def _point(row: Location) -> Coordinates | None:
    """Where a place is; of a postal code, its centre."""
    if row.coordinates is None and row.postal_code is not None:
        return coordinates_of(row.postal_code)
    return row.coordinates


def _homes(dice: Dice, points: list[Coordinates]) -> list[Coordinates]:
    latitude, longitude = scatter(
        dice,
        np.array([point.latitude for point in points], np.float64),
        np.array([point.longitude for point in points], np.float64),
        METRES_FROM_THE_PLACE,
    )
    return [
        Coordinates(latitude=north, longitude=east)
        for north, east in zip(latitude.tolist(), longitude.tolist(), strict=True)
    ]


def _doctors_by_specialty(roles: list[Role]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for role in roles:
        for code in role.specialties:
            if role.doctor_id is not None:
                found[code].append(role.doctor_id)
    return found


class _VisitTypes:
    """Types of visit by the specialties that offer them."""

    def __init__(self, dataset: Dataset) -> None:
        self._of_all = [row.id for row in dataset.visit_types if not row.specialties]
        self._of_specialty: dict[str, list[str]] = defaultdict(list)
        for row in dataset.visit_types:
            for code in row.specialties:
                self._of_specialty[code].append(row.id)

    def of(self, code: str | None) -> list[str]:
        """Types that ``code`` offers: its own, and those that no specialty is named for."""
        return self._of_specialty.get(code or "", []) + self._of_all


class _Plans:
    """Insurance plans by the networks they pay."""

    def __init__(self, dataset: Dataset) -> None:
        self.all_ids = [plan.id for plan in dataset.insurance_plans]
        self._of_network: dict[str, list[str]] = defaultdict(list)
        for plan in dataset.insurance_plans:
            for network in plan.networks:
                self._of_network[network].append(plan.id)

    def taken_by(self, role: Role) -> list[str]:
        """Plans that share a network with ``role``."""
        networks = () if role.networks == "any" else role.networks
        found = (plan for network in networks for plan in self._of_network[network])
        return list(dict.fromkeys(found))
