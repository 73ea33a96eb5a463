"""From a dataset to a bundle, or to a line per resource."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain
from typing import BinaryIO
from zoneinfo import ZoneInfo

from pydantic_core import to_json

from engine.domain import Dataset
from engine.interchange.fhir.names import BASE
from engine.interchange.fhir.parts import Content
from engine.interchange.fhir.write_people import people_and_places
from engine.interchange.fhir.write_times import Times
from engine.snapshot import take_snapshot


@dataclass(slots=True)
class Written:
    """What was written.

    Parameters
    ----------
    resources
        Resources by type.
    lost
        What FHIR has no words for, and how often it was left out.
    """

    resources: Counter[str] = field(default_factory=Counter)
    lost: Counter[str] = field(default_factory=Counter)


def write_fhir(dataset: Dataset, stream: BinaryIO, *, by_line: bool = False) -> Written:
    """Write schedules, slots, appointments and everything they refer to.

    Parameters
    ----------
    dataset
        Without errors by ``engine.checks``.
    stream
        Where to; it is written as resources are made.
    by_line
        A resource per line (NDJSON) instead of one bundle.

    Returns
    -------
    Written
        What was written, and what was left out.
    """
    written = Written()
    rows = _resources(dataset, written)
    if by_line:
        stream.writelines(to_json(row) + b"\n" for row in rows)
        return written
    zone = ZoneInfo(dataset.header.time_zone)
    now = dataset.header.as_of.astimezone(zone).isoformat()
    head = {"resourceType": "Bundle", "type": "collection", "timestamp": now}
    stream.write(to_json(head)[:-1])
    before = b',"entry":[\n'
    for row in rows:
        url = f"{BASE}/{row['resourceType']}/{row['id']}"
        stream.write(before + to_json({"fullUrl": url, "resource": row}))
        before = b",\n"
    stream.write(b"}\n" if not written.resources else b"\n]}\n")
    return written


def _resources(dataset: Dataset, written: Written) -> Iterator[Content]:
    times = Times(dataset, take_snapshot(dataset), written.lost)
    written.lost.update({"links": len(dataset.links)} if dataset.links else {})
    parts = (people_and_places(dataset), times.schedules(), times.slots(), times.appointments())
    for row in chain(*parts):
        written.resources[row["resourceType"]] += 1
        yield row
