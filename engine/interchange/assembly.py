"""From the records that a reader of another format made to a dataset, judged as a whole."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from engine.checks import check_dataset
from engine.domain import DATASET_SCHEMA, Coordinates, Dataset, Header, Location
from engine.errors import DatasetError
from engine.geography import PostalPlace, zone_at
from engine.interchange import fhir_shapes as fhir
from engine.interchange.import_report import ImportReport
from engine.interchange.make import make
from engine.interchange.validation import read_record
from engine.problems import Report
from engine.time_grid import beginning_of

Rows = dict[str, list[tuple[str, Any]]]
"""By collection: the line that a record was made of, and the record."""


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
    collections = {name: tuple(record for _, record in found) for name, found in rows.items()}
    dataset = Dataset(header=header, **collections)
    report.made = {name: len(found) for name, found in rows.items()}

    def where(collection: str, index: int) -> str:
        return rows[collection][index][0] if collection in rows else collection

    report.findings.extend(check_dataset(dataset, where, max_kept=None))
    return dataset
