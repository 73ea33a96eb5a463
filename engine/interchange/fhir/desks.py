"""Which role of a dataset some actors single out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from engine.domain import Dataset, Doctor, Location, Patient, Role, Service
from engine.interchange.fhir import shapes as fhir
from engine.interchange.fhir.names import fhir_id
from engine.interchange.fhir.resources import Entry, Resources, Target
from engine.interchange.fhir_shapes import NPI_SYSTEM

_ROLES = frozenset[str]
_HasId = Role | Doctor | Service | Location | Patient
ACTORS = ("PractitionerRole", "Practitioner", "Location", "HealthcareService")
"""Types of actors that tell a role; others, such as a device, tell nothing. A service tells
nothing beside a person: it may be called anything.
"""


def aliases(dataset: Dataset) -> dict[tuple[str, str], str]:
    """Ids of a dataset by type and the id that they get in FHIR, where the two differ."""
    rows: dict[str, Iterable[_HasId]] = {
        "PractitionerRole": dataset.roles,
        "Practitioner": dataset.doctors,
        "HealthcareService": dataset.services,
        "Location": dataset.locations,
        "Patient": dataset.patients,
    }
    return {
        (kind, made): row.id
        for kind, records in rows.items()
        for row in records
        if (made := fhir_id(row.id)) != row.id
    }


@dataclass(frozen=True, slots=True)
class Match:
    """What some actors tell.

    Parameters
    ----------
    roles
        Ids of the roles that all of them fit; none where nobody tells anything.
    unknown
        Actors that are nobody of the dataset.
    """

    roles: frozenset[str] = frozenset()
    unknown: tuple[str, ...] = ()

    @property
    def role(self) -> str | None:
        """The role, where it is exactly one."""
        return next(iter(self.roles)) if len(self.roles) == 1 else None

    def shown(self) -> str:
        """What was found, for messages."""
        if self.unknown:
            return f"nobody's: {', '.join(self.unknown)}"
        return f"roles: {', '.join(sorted(self.roles)) or 'none'}"


class Desks:
    """Roles of a dataset by what actors say of them.

    Attributes
    ----------
    roles, zones
        Roles by id, and the clock of each.
    """

    def __init__(self, dataset: Dataset, resources: Resources) -> None:
        self._resources = resources
        self.roles = {role.id: role for role in dataset.roles}
        clocks = {place.id: place.time_zone for place in dataset.locations}
        self.zones = {
            role.id: ZoneInfo(clocks.get(role.location_id or "") or role.time_zone or "UTC")
            for role in dataset.roles
        }
        self._of: dict[str, dict[str, _ROLES]] = {
            "PractitionerRole": {role.id: frozenset((role.id,)) for role in dataset.roles},
            "Practitioner": _grouped((role.doctor_id, role) for role in dataset.roles),
            "Location": _grouped((role.location_id, role) for role in dataset.roles),
            "HealthcareService": _grouped((role.service_id, role) for role in dataset.roles),
        }
        self._by_npi = {row.npi: row.id for row in dataset.doctors if row.npi}
        self._of_schedule: dict[str, str | None] = {}

    def match(self, source: Entry, references: Iterable[fhir.Reference]) -> Match:
        """Roles that all actors on ``source`` fit."""
        targets = [
            self._resources.target(row, source)
            for row in references
            if row.reference or row.identifier  # a mere name tells nothing
        ]
        has_person = any(row.kind.startswith("Practitioner") for row in targets)
        told_by = {*ACTORS, ""} - ({"HealthcareService"} if has_person else set())
        fits: list[_ROLES] = []
        unknown = []
        for target in (row for row in targets if row.kind in told_by):
            found = self._fitting(target)
            if found is None:
                unknown.append(target.shown)
            else:
                fits.append(found)
        if unknown or not fits:
            return Match(unknown=tuple(unknown))
        return Match(fits[0].intersection(*fits[1:]))

    def of_schedule(self, entry: Entry) -> str | None:
        """The role of a schedule; ``None``, and an error, where its actors tell none."""
        if entry.path not in self._of_schedule:
            found = self.match(entry, entry.resource.actor)
            if found.role is None:
                message = "its actors single out no role of the dataset"
                where = f"{entry.path}/actor"
                self._resources.report.findings.error(
                    "unresolved_reference", where, message, found.shown()
                )
            self._of_schedule[entry.path] = found.role
        return self._of_schedule[entry.path]

    def _fitting(self, target: Target) -> _ROLES | None:
        """Roles that an actor fits; ``None`` where it is nobody of the dataset."""
        known = self._of.get(target.kind, {})
        if target.kind == "Practitioner" and target.name not in known:
            npi = target.npi
            if target.entry is not None:
                npi = target.entry.resource.identified(NPI_SYSTEM)
            return known.get(self._by_npi.get(npi, ""))
        if target.kind == "PractitionerRole" and target.name not in known and target.entry:
            return self._of_person_at_places(target.entry)
        return known.get(target.name)

    def _of_person_at_places(self, entry: Entry) -> _ROLES | None:
        """Roles of ours that a role of theirs fits, by its person and any of its places."""
        row: fhir.PractitionerRole = entry.resource
        person = () if row.practitioner is None else (row.practitioner,)
        found: list[_ROLES] = []
        kinds: Sequence[tuple[str, Sequence[fhir.Reference]]] = (
            ("Practitioner", person),
            ("Location", row.location),
            ("HealthcareService", () if person else row.healthcare_service),
        )
        for kind, references in kinds:
            targets = [self._resources.target(reference, entry) for reference in references]
            fits = [self._fitting(target) for target in targets if target.kind == kind]
            if references:
                found.append(frozenset[str]().union(*(fit for fit in fits if fit is not None)))
        return (found[0].intersection(*found[1:]) or None) if found else None


def _grouped(pairs: Iterable[tuple[str | None, Role]]) -> dict[str, _ROLES]:
    found: dict[str, set[str]] = defaultdict(set)
    for name, role in pairs:
        if name is not None:
            found[name].add(role.id)
    return {name: frozenset(ids) for name, ids in found.items()}
