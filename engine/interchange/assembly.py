"""From the records that a reader of another format made to a dataset, judged as a whole."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from engine.checks import check_dataset
from engine.domain import COLLECTIONS, DATASET_SCHEMA, Coordinates, Dataset, Header, Location
from engine.errors import DatasetError
from engine.geography import PostalPlace, zone_at
from engine.interchange import fhir_shapes as fhir
from engine.interchange.import_report import ImportReport
from engine.interchange.make import make
from engine.interchange.validation import read_record
from engine.problems import Report, parents
from engine.time_grid import beginning_of

Rows = dict[str, list[tuple[str, Any]]]
"""By collection: the line that a record was made of, and the record."""


def require_readable(folder: Path, findings: Report) -> None:
    """Raise ``DatasetError`` where there is no such folder, or an option was refused before."""
    if not folder.is_dir():
        findings.error("not_found", str(folder), "there is no such folder")
    if findings.num_errors:
        raise DatasetError.of(findings)


def header_over(
    as_of: datetime | date, days: int, zones: Iterable[str], findings: Report
) -> Header:
    """The header of a dataset whose horizon begins with the day of ``as_of``.

    Parameters
    ----------
    as_of
        The instant that counts as now, or a date: its midnight.
    days
        Calendar days in the horizon.
    zones
        Clocks of the places; the most frequent one is the dataset's.
    findings
        Where it is said that the horizon leaves the years that can be written.

    Raises
    ------
    DatasetError
        It does.
    """
    zone = ZoneInfo(Counter(zones).most_common(1)[0][0])
    now = beginning_of(as_of, zone)
    first = now.astimezone(zone).date()
    last = first + timedelta(days=days)
    horizon = {"start": beginning_of(first, zone), "end": beginning_of(last, zone)}
    values = {"schema": DATASET_SCHEMA, "as_of": now, "horizon": horizon, "time_zone": zone.key}
    header: Header | None = read_record(Header, values, "header", findings)
    if header is None:
        raise DatasetError.of(findings)
    return header


def place(
    path: str,
    row: fhir.Location,
    point: Coordinates | None,
    postal: PostalPlace | None,
    findings: Report,
) -> Location | None:
    """A place of ours; ``None``, and an error, where its clock is not known.

    The clock is that of the coordinates, else of the postal code.
    """
    zone = zone_at(point.latitude, point.longitude) if point else None
    zone = zone or (postal.time_zone if postal else None)
    if zone is None:
        message = "neither coordinates nor a postal code that tell its time zone"
        findings.error("unusable_row", f"{path}/position", message)
        return None
    values = {
        "id": row.id,
        "name": row.name,
        "coordinates": point,
        "time_zone": zone,
        "postal_code": postal.postal_code if postal else None,
        "state": row.address.state or None if row.address else None,
    }
    return make(Location, values, path, {"state": "address/state"}, findings)


def assembled(header: Header, rows: Rows, report: ImportReport) -> Dataset:
    """The dataset of some records; what its checks find is said of the lines they are of."""
    dataset = _with_rows(Dataset(header=header), rows)
    report.made = {name: len(found) for name, found in rows.items()}
    report.findings.extend(check_dataset(dataset, _places_of(rows, {}), max_kept=None))
    return dataset


def added(base: Dataset, rows: Rows, report: ImportReport) -> Dataset:
    """The dataset with further records.

    Parameters
    ----------
    base
        Without errors by ``engine.checks``.
    rows
        The records to add. One that breaks a check, such as a reference to nothing, is left
        out with an error; so is, then, what refers to it.
    report
        Takes what was made, and what the checks found of the added records.

    Raises
    ------
    DatasetError
        ``base`` has errors itself.
    """
    sizes = {name: len(getattr(base, name)) for name in COLLECTIONS}
    left = rows
    while True:
        dataset = _with_rows(base, left)
        found = check_dataset(dataset, _places_of(left, sizes), max_kept=None)
        errors = [problem for problem in found.problems if problem.is_error]
        if not errors:
            break
        bad = {path for problem in errors for path in parents(problem.path)}
        fewer = {name: [row for row in some if row[0] not in bad] for name, some in left.items()}
        if fewer == left:
            raise DatasetError.of(found)
        for problem in errors:
            report.findings.add(problem)
        left = fewer
    lines = {path for some in left.values() for path, _ in some}
    for problem in found.problems:
        if not lines.isdisjoint(parents(problem.path)):
            report.findings.add(problem)
    report.made = {name: len(some) for name, some in left.items()}
    return dataset


def _with_rows(base: Dataset, rows: Rows) -> Dataset:
    """``base`` with the records of ``rows`` after its own."""
    more: dict[str, Any] = {
        name: (*getattr(base, name), *(record for _, record in found))
        for name, found in rows.items()
    }
    return replace(base, **more)


def _places_of(rows: Rows, sizes: Mapping[str, int]) -> Callable[[str, int], str]:
    """Where a record stands: its line, or among the ``sizes`` records that were there before."""

    def where(collection: str, index: int) -> str:
        before = sizes.get(collection, 0)
        if collection not in rows:
            return collection if not before else f"{collection}/{index}"
        return f"{collection}/{index}" if index < before else rows[collection][index - before][0]

    return where
