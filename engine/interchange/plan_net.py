"""A FHIR R4 Plan-Net directory (NDJSON per resource type) as doctors, places and sessions."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from engine.checks import check_dataset
from engine.domain import (
    DATASET_SCHEMA,
    Coordinates,
    Dataset,
    Doctor,
    Header,
    InsurancePlan,
    Interval,
    Location,
    Role,
    Session,
    VisitType,
)
from engine.domain.fields import AcceptsNew
from engine.errors import DatasetError
from engine.geography import postal_place, zone_at
from engine.interchange import fhir_shapes as fhir
from engine.interchange.files import ndjson_lines
from engine.interchange.json_text import UNREADABLE, parse_json
from engine.interchange.validation import read_record
from engine.interchange.weekly_hours import WeeklyHours, occurrences
from engine.problems import Report
from engine.time_grid import MINUTES_PER_DAY, beginning_of, clock_minutes

ACCEPTS: dict[str, AcceptsNew] = {
    "newpt": "all",
    "existptonly": "existing",
    "existptfam": "family",
    "nopt": "none",
}
"""Plan-Net's codes for the patients that are accepted."""


@dataclass(frozen=True, slots=True)
class DirectoryOptions:
    """What a directory does not say itself.

    Parameters
    ----------
    as_of
        The instant that counts as now, or a date: its midnight there. The horizon begins
        with its day.
    days
        Calendar days in the horizon.
    cell_minutes
        Length of a session's cells.
    minutes, minutes_new
        Length of a visit with a known and with a new patient.
    """

    as_of: datetime | date
    days: int = 14
    cell_minutes: int = 15
    minutes: int = 30
    minutes_new: int | None = None


@dataclass(slots=True)
class ImportReport:
    """What was read and what became of it.

    Parameters
    ----------
    read
        Resources by type.
    made
        Records by collection.
    findings
        Errors: rows that cannot be used. Warnings: rows that are used, with a caveat.
    """

    read: Counter[str] = field(default_factory=Counter)
    made: dict[str, int] = field(default_factory=dict)
    findings: Report = field(default_factory=Report)


def read_plan_net(folder: Path, options: DirectoryOptions) -> tuple[Dataset, ImportReport]:
    """Read a directory and expand its weekly hours into sessions.

    Parameters
    ----------
    folder
        Files ``*.ndjson`` or ``*.ndjson.gz``, one resource per line; a line's own
        ``resourceType`` counts, not the name of its file.
    options
        Horizon, cells and lengths of visits.

    Returns
    -------
    Dataset, ImportReport
        A dataset without patients, and every row that was not used, with the reason.

    Raises
    ------
    DatasetError
        No role could be used at all.
    """
    report = ImportReport()
    reader = _Directory(report)
    if not folder.is_dir():
        report.findings.error("not_found", str(folder), "there is no such folder")
        raise DatasetError(report.findings.problems)
    for file in sorted(folder.glob("*.ndjson*")):
        for path, line in ndjson_lines(file, report.findings):
            reader.add(path, line)
    roles = list(reader.roles())
    if not roles:
        report.findings.error("empty_dataset", str(folder), "no role can be used")
        raise DatasetError(report.findings.problems)
    dataset = reader.dataset(roles, options)
    report.made = {name: len(getattr(dataset, name)) for name in _MADE}
    report.findings.extend(check_dataset(dataset, reader.where))
    return dataset, report


_MADE = ("doctors", "roles", "locations", "insurance_plans", "visit_types", "sessions")


@dataclass(frozen=True, slots=True)
class _Entry:
    """A resource and where it stands."""

    path: str
    resource: Any


@dataclass(frozen=True, slots=True)
class _UsableRole:
    """A role with the hours it works."""

    role: Role
    hours: tuple[WeeklyHours, ...]
    path: str


class _Directory:
    """Resources read so far, and the records made of them."""

    def __init__(self, report: ImportReport) -> None:
        self._report = report
        self._of_type: dict[str, dict[str, _Entry]] = {name: {} for name in fhir.SHAPES}
        self._paths: dict[str, list[str]] = defaultdict(list)

    def add(self, path: str, line: bytes) -> None:
        """Read one line."""
        content = parse_json(line, path, self._report.findings)
        if content is UNREADABLE:
            return
        kind = str(content.get("resourceType")) if isinstance(content, dict) else "no resource"
        self._report.read[kind] += 1
        shape = fhir.as_shape(content)
        if shape is None:
            message = "resources of this type are not read"
            self._report.findings.warn("unused_resource", path, message, kind)
            return
        resource = read_record(shape, content, path, self._report.findings)
        if resource is None:
            return
        known = self._of_type[kind]
        if resource.id in known:
            message = f"the id stands at {known[resource.id].path} already"
            self._report.findings.error("duplicate_id", f"{path}/id", message, resource.id)
        else:
            known[resource.id] = _Entry(path, resource)

    def where(self, collection: str, index: int) -> str:
        """Line that a record was made of."""
        paths = self._paths[collection]
        return paths[index] if index < len(paths) else collection

    def roles(self) -> Iterator[_UsableRole]:
        """Roles that can be used; the others are reported, each with its reason."""
        networks_of = self._networks_of_organisations()
        with_plan = {
            network.id
            for entry in self._of_type["InsurancePlan"].values()
            for network in entry.resource.network
        }
        for entry in self._of_type["PractitionerRole"].values():
            role: fhir.PractitionerRole = entry.resource
            if self._is_usable(entry):
                networks = [
                    row.value_reference.id
                    for row in role.extensions(fhir.NETWORK_EXTENSION)
                    if row.value_reference is not None
                ]
                organisation = role.organization.id if role.organization else ""
                networks = networks or networks_of.get(organisation, [])
                self._report_networks(entry.path, networks, with_plan)
                yield from self._at_each_place(entry, tuple(dict.fromkeys(networks)))

    def _is_usable(self, entry: _Entry) -> bool:
        """Whether a role says who, where and what for; report what it lacks."""
        role: fhir.PractitionerRole = entry.resource
        refuse = self._report.findings.error
        who = role.practitioner.id if role.practitioner else ""
        lacks = False
        if not role.active:
            refuse("unusable_row", f"{entry.path}/active", "the role is not active")
            lacks = True
        if who not in self._of_type["Practitioner"]:
            where = f"{entry.path}/practitioner"
            refuse("unresolved_reference", where, "there is no such Practitioner", who)
            lacks = True
        if not _codes(role):
            refuse("unusable_row", f"{entry.path}/specialty", "the role has no NUCC specialty")
            lacks = True
        if not role.location:
            refuse("unusable_row", f"{entry.path}/location", "the role has no place")
            lacks = True
        return not lacks

    def _report_networks(self, path: str, networks: list[str], with_plan: set[str]) -> None:
        """Warn where no insurance plan pays for a role."""
        for network in networks:
            if network not in with_plan:
                message = "no insurance plan lists this network: it brings no patient"
                where = f"{path}/extension"
                self._report.findings.warn("network_without_plan", where, message, network)

    def _at_each_place(self, entry: _Entry, networks: tuple[str, ...]) -> Iterator[_UsableRole]:
        """One role of ours per place of a PractitionerRole."""
        role: fhir.PractitionerRole = entry.resource
        hours = tuple(self._hours(entry))
        for number, reference in enumerate(role.location):
            place = self._of_type["Location"].get(reference.id)
            where = f"{entry.path}/location/{number}"
            if place is None or self.location(place) is None:
                message = "there is no such Location, or it cannot be used"
                self._report.findings.error("unresolved_reference", where, message, reference.id)
                continue
            ours = Role(
                id=role.id if len(role.location) == 1 else f"{role.id}-at-{reference.id}",
                doctor_id=role.practitioner.id if role.practitioner else None,
                location_id=reference.id,
                specialties=_codes(role),
                networks=networks,
                accepts_new=self._accepts(role, place.resource),
                group_id=role.organization.id if role.organization else None,
            )
            yield _UsableRole(ours, hours, entry.path)

    def _hours(self, entry: _Entry) -> Iterator[WeeklyHours]:
        role: fhir.PractitionerRole = entry.resource
        if not role.available_time:
            message = "the role states no weekly hours: it gets no sessions"
            self._report.findings.warn("no_hours", f"{entry.path}/availableTime", message)
        for number, row in enumerate(role.available_time):
            start = 0 if row.all_day or row.start is None else clock_minutes(row.start[:5])
            end = MINUTES_PER_DAY if row.all_day or row.end is None else clock_minutes(row.end[:5])
            if end <= start:
                where = f"{entry.path}/availableTime/{number}"
                message = "the hours end before they begin"
                self._report.findings.error("empty_interval", where, message, row.end)
            else:
                yield WeeklyHours.on(row.days, start, end)

    def _accepts(self, role: fhir.PractitionerRole, place: fhir.Location) -> AcceptsNew:
        """Patients accepted, by the role itself, else by its service, else by its place."""
        services = (
            self._of_type["HealthcareService"].get(row.id) for row in role.healthcare_service
        )
        statements = (role, *(entry.resource for entry in services if entry), place)
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
        for entry in self._of_type["OrganizationAffiliation"].values():
            row: fhir.OrganizationAffiliation = entry.resource
            if row.active and row.participating is not None:
                found[row.participating.id] += [network.id for network in row.network]
        return found

    def location(self, entry: _Entry) -> Location | None:
        """A place of ours; ``None`` where it is closed, or its clock cannot be known."""
        row: fhir.Location = entry.resource
        postal = postal_place(row.address.postal_code) if row.address else None
        zone = zone_at(row.position.latitude, row.position.longitude) if row.position else None
        zone = zone or (postal.time_zone if postal else None)
        if row.status != "active" or zone is None:
            return None
        point = None
        if row.position is not None:
            latitude, longitude = row.position.latitude, row.position.longitude
            point = Coordinates(latitude=latitude, longitude=longitude)
        return Location(
            id=row.id,
            name=row.name,
            coordinates=point,
            time_zone=zone,
            postal_code=postal.postal_code if postal else None,
            state=row.address.state or None if row.address else None,
        )

    def dataset(self, roles: list[_UsableRole], options: DirectoryOptions) -> Dataset:
        """Everything that the usable roles need."""
        doctor_ids = dict.fromkeys(row.role.doctor_id or "" for row in roles)
        location_ids = dict.fromkeys(row.role.location_id or "" for row in roles)
        doctors = [self._of_type["Practitioner"][name] for name in doctor_ids]
        places = [self._of_type["Location"][name] for name in location_ids]
        locations = [place for entry in places if (place := self.location(entry)) is not None]
        zone_of = {place.id: place.time_zone for place in locations}
        usual_zone = Counter(zone_of[row.role.location_id or ""] for row in roles).most_common(1)[
            0
        ][0]
        header = _header(options, ZoneInfo(usual_zone))
        sessions = []
        for row in roles:
            zone = ZoneInfo(zone_of[row.role.location_id or ""])
            found = list(_sessions(row, zone, header, options))
            sessions += found
            self._paths["sessions"] += [row.path] * len(found)
        self._paths["doctors"] = [entry.path for entry in doctors]
        self._paths["locations"] = [entry.path for entry in places]
        self._paths["roles"] = [row.path for row in roles]
        plans = self._of_type["InsurancePlan"].values()
        return Dataset(
            header=header,
            doctors=tuple(_doctor(entry.resource) for entry in doctors),
            roles=tuple(row.role for row in roles),
            locations=tuple(locations),
            insurance_plans=tuple(_insurance_plan(entry.resource) for entry in plans),
            visit_types=tuple(_visit_types([row.role for row in roles], self._names(), options)),
            sessions=tuple(sessions),
        )

    def _names(self) -> dict[str, str]:
        """What the directory calls each specialty."""
        return {
            coding.code: coding.display
            for entry in self._of_type["PractitionerRole"].values()
            for concept in entry.resource.specialty
            for coding in concept.coding
            if coding.system == fhir.NUCC_SYSTEM
        }


def _codes(role: fhir.PractitionerRole) -> tuple[str, ...]:
    codes = (concept.code(fhir.NUCC_SYSTEM) for concept in role.specialty)
    return tuple(dict.fromkeys(code for code in codes if code))


def _doctor(row: fhir.Practitioner) -> Doctor:
    name = row.name[0] if row.name else fhir.HumanName()
    tongues = (coding.code for concept in row.communication for coding in concept.coding)
    npi = next((i.value for i in row.identifier if i.system == fhir.NPI_SYSTEM), None)
    return Doctor(
        id=row.id,
        name=" ".join((*name.given, name.family)).strip(),
        npi=npi,
        gender=None if row.gender == "unknown" else row.gender,
        languages=tuple(dict.fromkeys(code for code in tongues if code)),
    )


def _insurance_plan(row: fhir.InsurancePlan) -> InsurancePlan:
    payer = row.owned_by.display if row.owned_by else ""
    networks = dict.fromkeys(network.id for network in row.network if network.id)
    return InsurancePlan(id=row.id, payer=payer, name=row.name, networks=tuple(networks))


def _visit_types(
    roles: list[Role], names: dict[str, str], options: DirectoryOptions
) -> Iterator[VisitType]:
    """One type of visit per specialty: a directory has none."""
    for code in sorted({code for role in roles for code in role.specialties}):
        yield VisitType(
            id=f"visit-{code}",
            name=names.get(code, ""),
            specialties=(code,),
            minutes=options.minutes,
            minutes_new=options.minutes_new,
        )


def _header(options: DirectoryOptions, zone: ZoneInfo) -> Header:
    as_of = beginning_of(options.as_of, zone)
    first = as_of.astimezone(zone).date()
    midnight, last = beginning_of(first, zone), first + timedelta(days=options.days)
    return Header(
        schema=DATASET_SCHEMA,
        as_of=as_of,
        horizon=Interval(start=midnight, end=beginning_of(last, zone)),
        time_zone=zone.key,
    )


def _sessions(
    row: _UsableRole, zone: ZoneInfo, header: Header, options: DirectoryOptions
) -> Iterator[Session]:
    """Sessions of a role in the horizon, each offering the visits of its specialties."""
    offered = tuple(f"visit-{code}" for code in row.role.specialties)
    for hours in row.hours:
        for start, end in occurrences(hours, zone, header.horizon.start, header.horizon.end):
            yield Session(
                id=f"{row.role.id}-{start:%Y%m%d-%H%M}",
                role_id=row.role.id,
                start=start,
                end=end,
                cell_minutes=options.cell_minutes,
                visit_type_ids=offered,
            )
