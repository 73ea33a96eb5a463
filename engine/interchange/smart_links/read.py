"""From the files of a publication to a dataset and a report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from engine.domain import (
    Dataset,
    Header,
    Location,
    Role,
    Service,
    Session,
    VisitType,
)
from engine.errors import DatasetError
from engine.interchange import fhir_shapes as fhir
from engine.interchange.assembly import Rows, assembled, header_over, require_readable
from engine.interchange.import_report import ImportReport
from engine.interchange.make import make
from engine.interchange.smart_links import records
from engine.interchange.smart_links.options import PublicationOptions, check_options
from engine.interchange.smart_links.publication import Entry, Publication
from engine.time_grid import elapsed

_NOTHING = timedelta()


@dataclass(frozen=True, slots=True)
class _Desk:
    """A schedule of the publication as a role, with its place."""

    entry: Entry
    role: Role
    location: Location
    place_path: str


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
    require_readable(folder, findings)
    publication = Publication.read(folder, report)
    desks = {desk.role.id: desk for desk in _desks(publication)}
    zones = [desk.location.time_zone for desk in desks.values()]
    header = header_over(options.as_of, options.days, zones, findings) if zones else None
    sessions = [] if header is None else list(_sessions(publication, desks, header, options))
    if header is None or not sessions:
        findings.error("empty_dataset", str(folder), "no slot can be used")
        raise DatasetError.of(findings)
    return assembled(header, _rows(desks, sessions, options), report), report


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
            yield _Desk(entry, role, place, there.path)


def _sessions(
    publication: Publication,
    desks: dict[str, _Desk],
    header: Header,
    options: PublicationOptions,
) -> Iterator[tuple[str, Session]]:
    """Sessions of the slots that are free, in the horizon, and not over, with their lines."""
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
                yield entry.path, session


def _rows(
    desks: dict[str, _Desk], sessions: list[tuple[str, Session]], options: PublicationOptions
) -> Rows:
    """The records of the dataset, and the line that each was made of."""
    used = {session.role_id for _, session in sessions}
    ours = [desk for name, desk in desks.items() if name in used]
    places = {desk.location.id: desk for desk in ours}
    services = {desk.role.service_id or "": desk for desk in ours}
    named = [
        (desk.entry.path, code, records.service_name(desk.entry.resource))
        for code, desk in services.items()
    ]
    return {
        "services": [(path, Service(id=code, name=name)) for path, code, name in named],
        "roles": [(desk.entry.path, desk.role) for desk in ours],
        "locations": [(desk.place_path, desk.location) for desk in places.values()],
        "visit_types": [
            (path, VisitType(id=code, name=name, minutes=options.minutes))
            for path, code, name in named
        ],
        "sessions": sessions,
    }
