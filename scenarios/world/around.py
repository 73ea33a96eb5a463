"""Circumstances of patients who live around the roles of a dataset."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

import numpy as np

from engine.domain import Coordinates, Dataset, Location, Role
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
    types_of: dict[str, list[str]] = defaultdict(list)
    for visit_type in dataset.visit_types:
        for code in visit_type.specialties:
            types_of[code].append(visit_type.id)
    place_of = {row.id: row for row in dataset.locations if row.coordinates is not None}
    working = {session.role_id for session in dataset.sessions}
    roles = [
        role
        for role in dataset.roles
        if role.id in working
        and role.accepts_new != "none"
        and role.location_id in place_of
        and any(code in types_of for code in role.specialties)
    ]
    if not roles:
        raise ValueError("no role with sessions at a known place has a type of visit to ask for")
    anchors = dice.rng.integers(0, len(roles), number)
    places = [place_of[roles[i].location_id or ""] for i in anchors.tolist()]
    homes = _homes(dice, places)
    plans = _Plans(dataset)
    doctors_of = _doctors_by_specialty(roles)
    for anchor, place, home in zip(anchors.tolist(), places, homes, strict=True):
        role = roles[anchor]
        code = dice.pick([code for code in role.specialties if code in types_of])
        nearby = dice.chance(SHARE_INSURED_NEARBY) and plans.taken_by(role)
        own_doctor = [role.doctor_id] if role.doctor_id else []
        yield Circumstances(
            home=home,
            state=place.state,
            specialty=code,
            visit_types=dict.fromkeys(types_of[code], 1 / len(types_of[code])),
            plan_ids=nearby or plans.all_ids,
            doctor_ids=own_doctor or doctors_of[code],
            share_known=SHARE_KNOWN if role.accepts_new == "all" else SHARE_KNOWN_IF_CLOSED,
        )


def _homes(dice: Dice, places: list[Location]) -> list[Coordinates]:
    points = [row.coordinates for row in places if row.coordinates is not None]
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
