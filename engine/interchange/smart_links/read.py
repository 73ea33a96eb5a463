"""From the files of a publication to a dataset and a report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from engine.checks import check_dataset
from engine.domain import (
    DATASET_SCHEMA,
    Dataset,
    Header,
    Interval,
    Location,
    Role,
    Service,
    Session,
    VisitType,
)
from engine.errors import DatasetError
from engine.interchange import fhir_shapes as fhir
from engine.interchange.import_report import ImportReport
from engine.interchange.make import make
from engine.interchange.smart_links import records
from engine.interchange.smart_links.options import PublicationOptions, check_options
from engine.interchange.smart_links.publication import Entry, Publication
from engine.time_grid import beginning_of, elapsed

_NOTHING = timedelta()


@dataclass(frozen=True, slots=True)
class _Desk:
    """A schedule of the publication as a role, with its place."""

    entry: Entry
    role: Role
    location: Location


def read_smart_links(folder: Path, options: PublicationOptions) -> tuple[Dataset, ImportReport]:
    """Read a publication: services, places, and sessions of its free slots.

    Parameters
    ----------
    folder
        ``manifest.json`` and files ``*.ndjson`` or ``*.ndjson.gz``, at any depth.
    options
        Horizon, length of visits, and what to make of offsets.

    Returns
    -------
    Dataset, ImportReport
        A dataset without patients, and every row that was not used, with the reason.

    Raises
    ------
    DatasetError
        No slot could be used at all, or an option is outside its limits.
    """
    report = ImportReport()
    findings = report.findings
    check_options(options, findings)
    if not folder.is_dir():
        findings.error("not_found", str(folder), "there is no such folder")
    if findings.num_errors:
        raise DatasetError.of(findings)
    publication = Publication.read(folder, report)
    desks = {desk.role.id: desk for desk in _desks(publication)}
    header = _header(options, desks)
    sessions = [] if header is None else list(_sessions(publication, desks, header, options))
    if header is None or not sessions:
        findings.error("empty_dataset", str(folder), "no slot can be used")
        raise DatasetError.of(findings)
    dataset = _dataset(header, desks, sessions, options)
    report.made = {name: len(getattr(dataset, name)) for name in _MADE}
    findings.extend(check_dataset(dataset, max_kept=None))
    return dataset, report


_MADE = ("services", "roles", "locations", "visit_types", "sessions")


def _desks(publication: Publication) -> Iterator[_Desk]:
    """Schedules whose service and place are known."""
    places: dict[str, Location | None] = {}
    for entry in publication.schedules.values():
        row: fhir.Schedule = entry.resource
        name = next((id_ for actor in row.actor if (id_ := actor.id_of("Location"))), "")
        there = publication.locations.get(name)
        if there is None:
            message = "names no location of the publication"
            path = f"{entry.path}/actor"
            publication.report.findings.error("unresolved_reference", path, message, name)
            continue
        if name not in places:
            places[name] = records.location(there.path, there.resource, publication.report.findings)
        place = places[name]
        role = None if place is None else records.role(entry, place, publication.report.findings)
        if role is not None and place is not None:
            yield _Desk(entry, role, place)


def _header(options: PublicationOptions, desks: dict[str, _Desk]) -> Header | None:
    if not desks:
        return None
    zones = Counter(desk.location.time_zone for desk in desks.values())
    zone = ZoneInfo(zones.most_common(1)[0][0])
    as_of = beginning_of(options.as_of, zone)
    first = as_of.astimezone(zone).date()
    last = first + timedelta(days=options.days)
    horizon = Interval(start=beginning_of(first, zone), end=beginning_of(last, zone))
    return Header(schema=DATASET_SCHEMA, as_of=as_of, horizon=horizon, time_zone=zone.key)


def _sessions(
    publication: Publication,
    desks: dict[str, _Desk],
    header: Header,
    options: PublicationOptions,
) -> Iterator[Session]:
    """Sessions of the slots that are free, in the horizon, and not over."""
    report, taken = publication.report, Counter[str]()
    for entry in publication.slots:
        slot: fhir.Slot = entry.resource
        desk = desks.get(slot.schedule.id_of("Schedule"))
        if desk is None:
            message = "its schedule is not there, or cannot be used"
            path, value = f"{entry.path}/schedule", slot.schedule.shown()
            report.findings.error("unresolved_reference", path, message, value)
            continue
        start, end = records.told(entry, desk.location, options, report.findings)
        seats = slot.seats
        if slot.status != "free" or seats == 0:
            report.sessions["not free"] += 1
        elif elapsed(header.as_of, end) <= _NOTHING:
            report.sessions["over already"] += 1
        elif elapsed(start, header.horizon.end) <= _NOTHING:
            report.sessions["after the horizon"] += 1
        else:
            values = records.session_values(desk.role, (start, end), seats, options)
            name = str(values["id"])
            taken[name] += 1
            if taken[name] > 1:
                values["id"] = f"{name}-{taken[name]}"
            session = make(Session, values, entry.path, {}, report.findings)
            if session is not None:
                yield session


def _dataset(
    header: Header, desks: dict[str, _Desk], sessions: list[Session], options: PublicationOptions
) -> Dataset:
    used = {session.role_id for session in sessions}
    ours = [desk for name, desk in desks.items() if name in used]
    places = {desk.location.id: desk.location for desk in ours}
    kinds = {desk.role.service_id or "": records.service_name(desk.entry.resource) for desk in ours}
    return Dataset(
        header=header,
        services=tuple(Service(id=code, name=name) for code, name in kinds.items()),
        roles=tuple(desk.role for desk in ours),
        locations=tuple(places.values()),
        visit_types=tuple(
            VisitType(id=code, name=name, minutes=options.minutes) for code, name in kinds.items()
        ),
        sessions=tuple(sessions),
    )
