"""FHIR resources about the clinic of ``clinic.py``, written by hand."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

from clinic import Clinic, at

from engine.domain import Dataset
from engine.interchange.fhir import read_fhir
from engine.interchange.import_report import ImportReport

Content = dict[str, Any]


def told(clock: str, day: int = 0) -> str:
    """An instant as FHIR writes it: so many days after Monday 2 March 2026; others stay."""
    return clock if "T" in clock else at(clock, day).isoformat()


def ref(text: str, **more: Any) -> Content:
    """A reference."""
    return {"reference": text} | more


def codes(*names: str, system: str = "http://example.org/codes") -> list[Content]:
    """A concept per code."""
    return [{"coding": [{"system": system, "code": name}]} for name in names]


def schedule(*actors: str, id: str = "D", **more: Any) -> Content:
    """A schedule of some actors; of the clinic's doctor unless said otherwise."""
    who = [ref(actor) for actor in actors or ("Practitioner/dr",)]
    return {"resourceType": "Schedule", "id": id, "actor": who} | more


def slot(start: str = "09:00", end: str = "09:15", id: str = "S", **more: Any) -> Content:
    """A slot, free unless said otherwise, on the schedule ``D``."""
    return {
        "resourceType": "Slot",
        "id": id,
        "schedule": ref("Schedule/D"),
        "status": "free",
        "start": told(start),
        "end": told(end),
    } | more


def appointment(start: str = "09:00", end: str = "09:15", id: str = "A", **more: Any) -> Content:
    """A booked visit of the patient ``P`` with the clinic's doctor."""
    return {
        "resourceType": "Appointment",
        "id": id,
        "status": "booked",
        "serviceType": codes("visit"),
        "start": told(start),
        "end": told(end),
        "created": told("07:00"),
        "participant": [part("Patient/P"), part("Practitioner/dr")],
    } | more


def part(actor: str, status: str = "accepted") -> Content:
    """Who takes part."""
    return {"actor": ref(actor), "status": status}


def patient(id: str = "P", **more: Any) -> Content:
    """A patient in Manhattan."""
    return {
        "resourceType": "Patient",
        "id": id,
        "name": [{"family": "never read"}],
        "gender": "female",
        "birthDate": "1980-02-29",
        "address": [{"postalCode": "10018", "state": "NY"}],
        "communication": [{"language": {"coding": [{"code": "es"}]}}],
    } | more


def bundle(*rows: Any, kind: str = "searchset", **more: Any) -> Content:
    """A bundle of resources."""
    entries = [{"resource": row} for row in rows]
    return {"resourceType": "Bundle", "type": kind, "entry": entries} | more


def read(
    folder: Path, *rows: Any, base: Dataset | Clinic | None = None, visit_type: str | None = None
) -> tuple[Dataset, ImportReport]:
    """Read resources, or one bundle, into a clinic."""
    whole = rows[0] if len(rows) == 1 and "entry" in rows[0] else bundle(*rows)
    (folder / "b.json").write_text(json.dumps(whole))
    into = Clinic() if base is None else base
    dataset = into.dataset() if isinstance(into, Clinic) else into
    return read_fhir([folder / "b.json"], dataset, visit_type)


def found(report: ImportReport) -> dict[str, int]:
    """Number of findings by code."""
    return dict(Counter(row.code for row in report.findings.problems))


def where(report: ImportReport, code: str) -> list[str]:
    """Fields that findings of a code are of, without the place of the resource."""
    paths = (row.path for row in report.findings.problems if row.code == code)
    return [path.partition("/resource/")[2] or path for path in paths]
