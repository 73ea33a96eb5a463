"""From files of resources to a dataset with what they say, and a report."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from engine.domain import Dataset
from engine.errors import DatasetError
from engine.interchange.assembly import added
from engine.interchange.fhir.appointments import Appointments
from engine.interchange.fhir.codes import Codes
from engine.interchange.fhir.content import contents
from engine.interchange.fhir.desks import Desks, aliases
from engine.interchange.fhir.resources import Resources
from engine.interchange.fhir.slots import Slots
from engine.interchange.import_report import ImportReport


def read_fhir(
    paths: Sequence[Path], base: Dataset, default_type: str | None = None
) -> tuple[Dataset, ImportReport]:
    """Read schedules, slots, appointments and patients into a dataset.

    Parameters
    ----------
    paths
        Files with a bundle or a resource each, or with a resource per line; of a folder, all
        files below it. Plain or gzip.
    base
        The dataset, without errors by ``engine.checks``: its roles are who resources speak of.
    default_type
        Type of visit of appointments that name none; without it they become blocks.

    Returns
    -------
    Dataset, ImportReport
        ``base`` with sessions, blocks, patients, requests and appointments, and every row that
        was not used, with the reason.

    Raises
    ------
    DatasetError
        A file does not exist, ``default_type`` is none of the dataset's, or nothing at all
        could be used.
    """
    report = ImportReport()
    findings = report.findings
    if default_type is not None and default_type not in {row.id for row in base.visit_types}:
        message = "the dataset has no such type of visit"
        findings.error("dangling_reference", "options/visit_type", message, default_type)
    resources = Resources(report, aliases(base))
    resources.add_all(contents(paths, findings))
    dataset = _with_all(base, resources, default_type)
    if dataset == base and (findings.num_errors or not report.read):
        findings.error("empty_dataset", str(paths[0]), "nothing in it can be used")
        raise DatasetError.of(findings)
    return dataset, report


def _with_all(base: Dataset, resources: Resources, default_type: str | None) -> Dataset:
    """The dataset with what resources say: appointments first, for they explain busy slots."""
    report = resources.report
    desks, codes = Desks(base, resources), Codes(base, report.findings)
    for schedule in resources.all("Schedule"):
        desks.of_schedule(schedule)
    promised = Appointments(base, resources, desks, codes, default_type).rows()
    dataset = added(base, promised, report)
    made = dict(report.made)
    here = frozenset(row.id for row in dataset.appointments[len(base.appointments) :])
    dataset = added(dataset, Slots(dataset, resources, desks, codes, here).rows(), report)
    for name, number in made.items():
        report.made[name] = report.made.get(name, 0) + number
    return dataset
