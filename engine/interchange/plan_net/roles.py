"""Which roles of a directory can be used, and what they say."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from engine.domain import Location, Role
from engine.domain.fields import AcceptsNew
from engine.interchange import fhir_shapes as fhir
from engine.interchange.plan_net.directory import Directory, Entry
from engine.interchange.plan_net.records import codes_of, location
from engine.interchange.weekly_hours import WeeklyHours
from engine.time_grid import MINUTES_PER_DAY, clock_minutes

ACCEPTS: dict[str, AcceptsNew] = {
    "newpt": "all",
    "existptonly": "existing",
    "existptfam": "family",
    "nopt": "none",
}
"""Plan-Net's codes for the patients that are accepted."""


@dataclass(frozen=True, slots=True)
class UsableRole:
    """A role with the hours it works."""

    role: Role
    hours: tuple[WeeklyHours, ...]
    path: str


class Roles:
    """Reads the roles of a directory.

    Attributes
    ----------
    places
        Places of ours by the id of their Location; ``None`` where it cannot be used.
    """

    def __init__(self, directory: Directory) -> None:
        self._directory = directory
        self._findings = directory.report.findings
        self._networks_of = self._networks_of_organisations()
        self._with_plan = {
            network.id
            for entry in directory.all(fhir.InsurancePlan).values()
            for network in entry.resource.network
        }
        self.places: dict[str, Location | None] = {}

    def usable(self) -> Iterator[UsableRole]:
        """Roles that can be used; the others are reported, each with its reason."""
        for entry in self._directory.all(fhir.PractitionerRole).values():
            role: fhir.PractitionerRole = entry.resource
            if self._is_usable(entry):
                networks = [
                    row.value_reference.id
                    for row in role.extensions(fhir.NETWORK_EXTENSION)
                    if row.value_reference is not None
                ]
                organisation = role.organization.id if role.organization else ""
                networks = networks or self._networks_of.get(organisation, [])
                self._report_networks(entry.path, networks)
                yield from self._at_each_place(entry, tuple(dict.fromkeys(networks)))

    def _is_usable(self, entry: Entry) -> bool:
        """Whether a role says who, where and what for; report what it lacks."""
        role: fhir.PractitionerRole = entry.resource
        refuse = self._findings.error
        who = role.practitioner.id if role.practitioner else ""
        lacks = False
        if not role.active:
            refuse("unusable_row", f"{entry.path}/active", "the role is not active")
            lacks = True
        if who not in self._directory.all(fhir.Practitioner):
            where = f"{entry.path}/practitioner"
            refuse("unresolved_reference", where, "there is no such Practitioner", who)
            lacks = True
        if not codes_of(role):
            refuse("unusable_row", f"{entry.path}/specialty", "the role has no NUCC specialty")
            lacks = True
        if not role.location:
            refuse("unusable_row", f"{entry.path}/location", "the role has no place")
            lacks = True
        return not lacks

    def _report_networks(self, path: str, networks: list[str]) -> None:
        """Warn where no insurance plan pays for a role."""
        for network in networks:
            if network not in self._with_plan:
                message = "no insurance plan lists this network: it brings no patient"
                where = f"{path}/extension"
                self._findings.warn("network_without_plan", where, message, network)

    def _at_each_place(self, entry: Entry, networks: tuple[str, ...]) -> Iterator[UsableRole]:
        """One role of ours per place of a PractitionerRole."""
        role: fhir.PractitionerRole = entry.resource
        hours = tuple(self._hours(entry))
        for number, reference in enumerate(role.location):
            place = self._place(reference.id)
            where = f"{entry.path}/location/{number}"
            if place is None:
                message = "there is no such Location, or it cannot be used"
                self._findings.error("unresolved_reference", where, message, reference.id)
                continue
            ours = Role(
                id=role.id if len(role.location) == 1 else f"{role.id}-at-{reference.id}",
                doctor_id=role.practitioner.id if role.practitioner else None,
                location_id=reference.id,
                specialties=codes_of(role),
                networks=networks,
                accepts_new=self._accepts(role, reference.id),
                group_id=role.organization.id if role.organization else None,
            )
            yield UsableRole(ours, hours, entry.path)

    def _place(self, location_id: str) -> Location | None:
        """The place of a Location, made once."""
        if location_id not in self.places:
            entry = self._directory.all(fhir.Location).get(location_id)
            self.places[location_id] = None if entry is None else location(entry, self._findings)
        return self.places[location_id]

    def _hours(self, entry: Entry) -> Iterator[WeeklyHours]:
        role: fhir.PractitionerRole = entry.resource
        if not role.available_time:
            message = "the role states no weekly hours: it gets no sessions"
            self._findings.warn("no_hours", f"{entry.path}/availableTime", message)
        for number, row in enumerate(role.available_time):
            start = 0 if row.all_day or row.start is None else clock_minutes(row.start[:5])
            end = MINUTES_PER_DAY if row.all_day or row.end is None else clock_minutes(row.end[:5])
            if end <= start:
                where = f"{entry.path}/availableTime/{number}"
                message = "the hours end before they begin"
                self._findings.error("empty_interval", where, message, row.end)
            else:
                yield WeeklyHours.on(row.days, start, end)

    def _accepts(self, role: fhir.PractitionerRole, place_id: str) -> AcceptsNew:
        """Patients accepted, by the role itself, else by its service, else by its place."""
        known = self._directory.all(fhir.HealthcareService)
        services = [known[row.id].resource for row in role.healthcare_service if row.id in known]
        place = self._directory.all(fhir.Location)[place_id].resource
        statements = (role, *services, place)
        for resource in statements:
            for extension in resource.extensions(fhir.NEW_PATIENTS_EXTENSION):
                for part in extension.extension:
                    for coding in part.value_concept.coding if part.value_concept else ():
                        if coding.code in ACCEPTS:
                            return ACCEPTS[coding.code]
        return "all"

    def _networks_of_organisations(self) -> dict[str, list[str]]:
        """Networks by organisation: they hold for its roles that state none."""
        found: dict[str, list[str]] = defaultdict(list)
        for entry in self._directory.all(fhir.OrganizationAffiliation).values():
            row: fhir.OrganizationAffiliation = entry.resource
            if row.active and row.participating is not None:
                found[row.participating.id] += [network.id for network in row.network]
        return found
