"""Ids to indices."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import chain

from engine.arrays import NONE
from engine.domain import Dataset

ALWAYS = 1 << 40
"""Minutes that no dataset reaches; negative: before everything."""

GENDERS = ("female", "male", "other")
MODALITIES = ("in_person", "video")


def positions(names: Iterable[str]) -> dict[str, int]:
    """Index of every name, in order of first appearance."""
    return {name: index for index, name in enumerate(dict.fromkeys(names))}


def _words(*lists: Iterable[str | None]) -> dict[str, int]:
    """Index of every word in any of the lists, sorted."""
    return positions(sorted({word for word in chain(*lists) if word is not None}))


@dataclass(frozen=True, slots=True)
class Index:
    """Index of every id and of every word the records use.

    Records keep the order of the dataset; words (codes, languages, states, networks,
    groups, families, urgencies, kinds
    of resources) are sorted. Services follow the doctors.
    """

    patients: dict[str, int]
    requests: dict[str, int]
    doctors: dict[str, int]
    roles: dict[str, int]
    locations: dict[str, int]
    insurance_plans: dict[str, int]
    visit_types: dict[str, int]
    sessions: dict[str, int]
    codes: dict[str, int]
    languages: dict[str, int]
    states: dict[str, int]
    networks: dict[str, int]
    groups: dict[str, int]
    families: dict[str, int]
    urgencies: dict[str, int]
    kinds: dict[str, int]
    zones: dict[str, int] = field(default_factory=dict)

    @classmethod
    def of(cls, dataset: Dataset) -> Index:
        """Index ``dataset``."""
        roles, requests = dataset.roles, dataset.requests
        patients, plans = dataset.patients, dataset.insurance_plans
        return cls(
            patients=positions(row.id for row in patients),
            requests=positions(row.id for row in requests),
            doctors=positions(doctor_ids(dataset)),
            roles=positions(row.id for row in roles),
            locations=positions(row.id for row in dataset.locations),
            insurance_plans=positions(row.id for row in plans),
            visit_types=positions(row.id for row in dataset.visit_types),
            sessions=positions(row.id for row in dataset.sessions),
            codes=_words(
                *(row.specialties for row in roles),
                *(row.specialties for row in dataset.visit_types),
                (row.specialty for row in requests),
            ),
            languages=_words(
                *(row.languages for row in patients),
                *(row.languages for row in dataset.doctors),
                (row.wishes.language for row in requests),
            ),
            states=_words(
                *(row.licensed_states for row in roles),
                (row.state for row in patients),
                (row.state for row in dataset.locations),
            ),
            networks=_words(
                *(() if row.networks == "any" else row.networks for row in roles),
                *(row.networks for row in plans),
            ),
            groups=_words(row.group_id for row in roles),
            families=_words(row.family_id for row in patients),
            urgencies=_words(
                (row.urgency for row in requests),
                (row.reserved_for for row in dataset.sessions),
            ),
            kinds=_words(
                *(row.resources for row in dataset.visit_types),
                (row.kind for row in dataset.resources),
            ),
            zones=positions(
                (
                    dataset.header.time_zone,
                    *(row.time_zone for row in dataset.locations),
                    *(row.time_zone for row in roles if row.time_zone is not None),
                )
            ),
        )


def doctor_ids(dataset: Dataset) -> tuple[str, ...]:
    """Ids of the doctors, then of the services."""
    doctors = (row.id for row in dataset.doctors)
    return (*doctors, *(row.id for row in dataset.services))


def at(index: dict[str, int], name: str | None) -> int:
    """Index of ``name``, ``NONE`` where it is ``None``."""
    return NONE if name is None else index[name]
