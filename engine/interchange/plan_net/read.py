"""From a folder of resources to a dataset and a report."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from engine.checks import check_dataset
from engine.domain import DATASET_SCHEMA, Dataset, Header, Interval, Session
from engine.errors import DatasetError
from engine.interchange import fhir_shapes as fhir
from engine.interchange.import_report import ImportReport
from engine.interchange.plan_net import records
from engine.interchange.plan_net.directory import Directory
from engine.interchange.plan_net.options import DirectoryOptions
from engine.interchange.plan_net.roles import Roles, UsableRole
from engine.time_grid import beginning_of

_MADE = ("doctors", "roles", "locations", "insurance_plans", "visit_types", "sessions")


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
    findings = report.findings
    if not folder.is_dir():
        findings.error("not_found", str(folder), "there is no such folder")
        raise DatasetError(findings.problems)
    directory = Directory.read(folder, report)
    roles = Roles(directory)
    usable = list(roles.usable())
    if not usable:
        findings.error("empty_dataset", str(folder), "no role can be used")
        raise DatasetError(findings.problems)
    dataset, paths = _assemble(directory, roles, usable, options)
    report.made = {name: len(getattr(dataset, name)) for name in _MADE}

    def where(collection: str, index: int) -> str:
        return paths[collection][index] if collection in paths else collection

    findings.extend(check_dataset(dataset, where))
    return dataset, report


def _assemble(
    directory: Directory, roles: Roles, usable: list[UsableRole], options: DirectoryOptions
) -> tuple[Dataset, dict[str, list[str]]]:
    """The dataset, and the line that each of its records was made of."""
    doctor_ids = dict.fromkeys(row.role.doctor_id or "" for row in usable)
    location_ids = dict.fromkeys(row.role.location_id or "" for row in usable)
    doctors = [directory.all(fhir.Practitioner)[name] for name in doctor_ids]
    places = [place for name in location_ids if (place := roles.places[name]) is not None]
    zone_of = {place.id: place.time_zone for place in places}
    zones = Counter(zone_of[row.role.location_id or ""] for row in usable)
    header = _header(options, ZoneInfo(zones.most_common(1)[0][0]))
    sessions: list[Session] = []
    session_paths: list[str] = []
    for row in usable:
        zone = ZoneInfo(zone_of[row.role.location_id or ""])
        found = list(records.sessions(row.role, row.hours, zone, header.horizon, options))
        sessions += found
        session_paths += [row.path] * len(found)
    plans = directory.all(fhir.InsurancePlan).values()
    ours = [row.role for row in usable]
    dataset = Dataset(
        header=header,
        doctors=tuple(records.doctor(entry.resource) for entry in doctors),
        roles=tuple(ours),
        locations=tuple(places),
        insurance_plans=tuple(records.insurance_plan(entry.resource) for entry in plans),
        visit_types=tuple(records.visit_types(ours, _names(directory), options)),
        sessions=tuple(sessions),
    )
    paths = {
        "doctors": [entry.path for entry in doctors],
        "roles": [row.path for row in usable],
        "locations": [directory.all(fhir.Location)[name].path for name in location_ids],
        "sessions": session_paths,
    }
    return dataset, paths


def _names(directory: Directory) -> dict[str, str]:
    """What the directory calls each specialty."""
    return {
        coding.code: coding.display
        for entry in directory.all(fhir.PractitionerRole).values()
        for concept in entry.resource.specialty
        for coding in concept.coding
        if coding.system == fhir.NUCC_SYSTEM
    }


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
