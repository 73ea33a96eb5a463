"""From a folder of resources to a dataset and a report."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from engine.domain import Dataset, Header, InsurancePlan
from engine.errors import DatasetError
from engine.interchange import fhir_shapes as fhir
from engine.interchange.assembly import Rows, assembled, header_over, require_readable
from engine.interchange.import_report import ImportReport
from engine.interchange.plan_net import records
from engine.interchange.plan_net.directory import Directory
from engine.interchange.plan_net.options import DirectoryOptions, check_options
from engine.interchange.plan_net.roles import Roles, UsableRole
from engine.interchange.plan_net.sessions import is_there, sessions
from engine.problems import Report


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
        No role could be used at all, or an option is outside its limits.
    """
    report = ImportReport()
    findings = report.findings
    check_options(options, findings)
    require_readable(folder, findings)
    directory = Directory.read(folder, report)
    roles = Roles(directory)
    header, usable = _present(directory, list(roles.usable()), options)
    if header is None or not usable:
        findings.error("empty_dataset", str(folder), "no role can be used")
        raise DatasetError.of(findings)
    return assembled(header, _rows(directory, roles, usable, header, options), report), report


def _present(
    directory: Directory, usable: Sequence[UsableRole], options: DirectoryOptions
) -> tuple[Header | None, list[UsableRole]]:
    """The header, and the roles that are there in its horizon; the others are reported."""
    if not usable:
        return None, []
    zones = (row.zone.key for row in usable)
    header = header_over(options.as_of, options.days, zones, directory.report.findings)
    present = []
    for row in usable:
        if is_there(row, header.horizon):
            present.append(row)
        else:
            message = "no part of the role's period lies in the horizon"
            period = row.entry.resource.period
            shown = f"{period.start or ''} to {period.end or ''}"
            directory.refuse(row.entry, "period", message, shown)
    return header, present


def _rows(
    directory: Directory,
    roles: Roles,
    usable: Sequence[UsableRole],
    header: Header,
    options: DirectoryOptions,
) -> Rows:
    """The records of the dataset, and the line that each was made of."""
    report = directory.report
    plans = [
        (entry.path, plan)
        for entry in directory.all(fhir.InsurancePlan).values()
        if (plan := records.insurance_plan(entry, directory)) is not None
    ]
    _report_networks(usable, [plan for _, plan in plans], report.findings)
    directory.report_unused(frozenset[str]().union(*(row.made_of for row in usable)))
    ours = [row.role for row in usable]
    names = roles.specialty_names
    types = records.visit_types(ours, names, options, report.findings)
    doctors, places = directory.all(fhir.Practitioner), directory.all(fhir.Location)
    doctor_ids = dict.fromkeys(role.doctor_id or "" for role in ours)
    place_ids = dict.fromkeys(role.location_id or "" for role in ours)
    return {
        "doctors": [(doctors[name].path, roles.doctors[name]) for name in doctor_ids],
        "roles": [(row.entry.path, row.role) for row in usable],
        "locations": [(places[name].path, roles.places[name]) for name in place_ids],
        "insurance_plans": plans,
        "visit_types": [("visit_types", row) for row in types if row is not None],
        "sessions": [
            (row.entry.path, session)
            for row in usable
            for session in sessions(row, header.horizon, options, report)
            if session is not None
        ],
    }


def _report_networks(
    usable: Sequence[UsableRole], plans: Sequence[InsurancePlan], findings: Report
) -> None:
    """Warn where no insurance plan pays for a role, once for all its places."""
    known = {network for plan in plans for network in plan.networks}
    networks_of = {row.entry.path: row.role.networks for row in usable}
    for path, networks in networks_of.items():
        for network in networks:
            if network not in known:
                message = "no insurance plan lists this network: it brings no patient"
                findings.warn("network_without_plan", f"{path}/extension", message, network)
