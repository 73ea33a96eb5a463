"""Which roles of a directory can be used, and what they say."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from engine.domain import Doctor, Location, Role
from engine.interchange import fhir_shapes as fhir
from engine.interchange.fhir_time import span_of
from engine.interchange.make import make
from engine.interchange.plan_net.accepting import Accepting
from engine.interchange.plan_net.directory import Directory, Entry
from engine.interchange.plan_net.presence import Absence, absences, weekly_hours
from engine.interchange.plan_net.records import doctor, location
from engine.interchange.weekly_hours import Span, WeeklyHours

LONGEST_ID = 180
"""Of a role: the ids of its sessions are made of it, and may have 200 characters."""

_NUCC = re.compile(r"[0-9A-Za-z]{1,10}")


@dataclass(frozen=True, slots=True)
class UsableRole:
    """A role, and when it is there.

    Parameters
    ----------
    role
        The role at one place.
    entry
        The PractitionerRole.
    zone
        The clock of the place.
    period
        When the role exists, in UTC.
    hours
        Weekly hours on that clock; none overlap.
    absences
        When it is not there, outside its period too.
    made_of
        Lines of the resources that were used beside the PractitionerRole.
    """

    role: Role
    entry: Entry
    zone: ZoneInfo
    period: Span
    hours: tuple[WeeklyHours, ...]
    absences: tuple[Absence, ...]
    made_of: frozenset[str]


class Roles:
    """Reads the roles of a directory.

    Attributes
    ----------
    doctors, places
        Records of ours by the id of the resource; ``None`` where it cannot be used.
    specialty_names
        What the directory calls a specialty, behind the path where it does.
    """

    def __init__(self, directory: Directory) -> None:
        self._directory = directory
        self._findings = directory.report.findings
        self._accepting = Accepting(self._findings)
        self._affiliations = self._active_affiliations()
        self._services: dict[str, Entry | None] = {}
        self._ids: set[str] = set()
        self.doctors: dict[str, Doctor | None] = {}
        self.places: dict[str, Location | None] = {}
        self.specialty_names: dict[str, tuple[str, str]] = {}

    def usable(self) -> Iterator[UsableRole]:
        """Roles that can be used; the others are reported, each with its reason."""
        for entry in self._directory.all(fhir.PractitionerRole).values():
            specialties = tuple(dict.fromkeys(self._specialties(entry)))
            if self._is_usable(entry, specialties):
                yield from self._at_each_place(entry, specialties)

    def _is_usable(self, entry: Entry, specialties: tuple[str, ...]) -> bool:
        """Whether a role says who, where and what for; report what it lacks."""
        role: fhir.PractitionerRole = entry.resource
        who = self._directory.all(fhir.Practitioner).get(role.practitioner.id_of("Practitioner"))
        lacks = [
            ("active", "the role is not active", not role.active),
            ("specialty", "the role has no NUCC specialty", not specialties),
            ("location", "the role has no place", not role.location),
        ]
        for field, message, is_lacking in lacks:
            if is_lacking:
                self._directory.refuse(entry, field, message)
        if who is None:
            where, shown = f"{entry.path}/practitioner", role.practitioner.shown()
            message = "there is no such Practitioner"
            self._findings.error("unresolved_reference", where, message, shown)
        elif not who.resource.active:
            message = "the practitioner is not active"
            self._directory.refuse(entry, "practitioner", message, who.resource.id)
        elif who.resource.id not in self.doctors:
            self.doctors[who.resource.id] = doctor(who, self._findings)
        is_there = who is not None and who.resource.active
        return is_there and not any(is_lacking for _, _, is_lacking in lacks)

    def _specialties(self, entry: Entry) -> Iterator[str]:
        """NUCC codes of a role; one that cannot be a code is reported."""
        for number, concept in enumerate(entry.resource.specialty):
            for place, coding in enumerate(concept.coding):
                where = f"{entry.path}/specialty/{number}/coding/{place}"
                if coding.system != fhir.NUCC_SYSTEM:
                    continue
                if _NUCC.fullmatch(coding.code):
                    if coding.display:
                        self.specialty_names.setdefault(coding.code, (where, coding.display))
                    yield coding.code
                else:
                    message = "is no NUCC code: it is left out"
                    self._findings.warn("repaired_value", where, message, coding.code)

    def _at_each_place(self, entry: Entry, specialties: tuple[str, ...]) -> Iterator[UsableRole]:
        """One role of ours per place of a PractitionerRole."""
        row: fhir.PractitionerRole = entry.resource
        networks, affiliations = self._networks(entry)
        values: dict[str, Any] = {
            "doctor_id": row.practitioner.id_of("Practitioner"),
            "specialties": specialties,
            "networks": networks,
            "group_id": self._organisation(entry),
        }
        services = list(self._services_of(entry))
        hours = weekly_hours(entry, self._findings)
        gaps: dict[str, tuple[Absence, ...]] = {}
        for place, role_id in self._places_of(entry):
            source = self._directory.all(fhir.Location)[place.id]
            accepts_new = self._accepting.first_of((entry, *services, source))
            values |= {"id": role_id, "location_id": place.id, "accepts_new": accepts_new}
            sources = {"networks": "extension", "group_id": "organization"}
            role = make(Role, values, entry.path, sources, self._findings)
            if role is None or self._is_too_long(entry, role_id):
                continue
            values |= {"networks": role.networks, "group_id": role.group_id}  # repaired once
            zone = ZoneInfo(place.time_zone)
            if zone.key not in gaps:
                gaps[zone.key] = tuple(absences(entry, zone, self._findings))
            who = self._directory.all(fhir.Practitioner)[values["doctor_id"]]
            made_of = frozenset(e.path for e in (who, source, *services, *affiliations))
            period = span_of(row.period, zone)
            yield UsableRole(role, entry, zone, period, hours, gaps[zone.key], made_of)

    def _places_of(self, entry: Entry) -> Iterator[tuple[Location, str]]:
        """Places of a role, each once, with the role's id there; others are reported."""
        role: fhir.PractitionerRole = entry.resource
        known = self._directory.all(fhir.PractitionerRole)
        names = [reference.id_of("Location") for reference in role.location]
        for number, (name, reference) in enumerate(zip(names, role.location, strict=True)):
            where = f"{entry.path}/location/{number}"
            place = self._place(name)
            role_id = role.id if len(set(names)) == 1 else f"{role.id}-at-{name}"
            is_others = role_id != role.id and role_id in known
            if place is None:
                message = "there is no such Location, or it cannot be used"
                self._findings.error("unresolved_reference", where, message, reference.shown())
            elif name in names[:number]:
                message = "the place is named twice"
                self._findings.warn("repaired_value", where, message, name)
            elif role_id in self._ids or is_others:
                message = "another role has the id that the role would get at this place"
                self._findings.error("duplicate_id", where, message, role_id)
            else:
                self._ids.add(role_id)
                yield place, role_id

    def _is_too_long(self, entry: Entry, role_id: str) -> bool:
        """Whether the id leaves no room for those of sessions; report it."""
        if len(role_id) > LONGEST_ID:
            message = f"longer than {LONGEST_ID} characters: its sessions get no ids"
            self._directory.refuse(entry, "id", message, role_id)
        return len(role_id) > LONGEST_ID

    def _place(self, location_id: str) -> Location | None:
        """The place of a Location, made once."""
        if location_id not in self.places:
            entry = self._directory.all(fhir.Location).get(location_id)
            self.places[location_id] = None if entry is None else location(entry, self._directory)
        return self.places[location_id]

    def _services_of(self, entry: Entry) -> Iterator[Entry]:
        """Services of a role that are active; one that is not is reported once."""
        known = self._directory.all(fhir.HealthcareService)
        for number, reference in enumerate(entry.resource.healthcare_service):
            name = reference.id_of("HealthcareService")
            if name not in known:
                where = f"{entry.path}/healthcareService/{number}"
                message = "there is no such HealthcareService"
                self._findings.warn("unresolved_reference", where, message, reference.shown())
                continue
            if name not in self._services:
                is_active = known[name].resource.active
                self._services[name] = known[name] if is_active else None
                if not is_active:
                    self._directory.refuse(known[name], "active", "the service is not active")
            if (service := self._services[name]) is not None:
                yield service

    def _organisation(self, entry: Entry) -> str | None:
        """Id of a role's organisation, ``None`` where it names none."""
        reference = entry.resource.organization
        if reference is None:
            return None
        where = f"{entry.path}/organization"
        return self._directory.referred(reference, "Organization", where) or None

    def _networks(self, entry: Entry) -> tuple[tuple[str, ...], tuple[Entry, ...]]:
        """Networks that a role states, else those of its organisation, and who says so."""
        role: fhir.PractitionerRole = entry.resource
        stated = [
            self._directory.referred(
                row.value_reference or fhir.Reference(),
                "Organization",
                f"{entry.path}/extension/{number}",
            )
            for number, row in enumerate(role.extension)
            if row.url == fhir.NETWORK_EXTENSION
        ]
        if stated or role.organization is None:
            return tuple(dict.fromkeys(filter(None, stated))), ()
        rows = tuple(self._affiliations.get(role.organization.id_of("Organization"), ()))
        names = (net.id_of("Organization") for row in rows for net in row.resource.network)
        return tuple(dict.fromkeys(filter(None, names))), rows

    def _active_affiliations(self) -> dict[str, list[Entry]]:
        """Affiliations by organisation: their networks hold for its roles that state none."""
        found: dict[str, list[Entry]] = defaultdict(list)
        for entry in self._directory.all(fhir.OrganizationAffiliation).values():
            row: fhir.OrganizationAffiliation = entry.resource
            if row.active:
                found[row.participating.id_of("Organization")].append(entry)
            else:
                self._directory.refuse(entry, "active", "the affiliation is not active")
        return found
