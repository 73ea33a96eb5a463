"""A practice's list and what a mapping says of it, to bend."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import tomli_w
from clinic import Clinic

from engine.domain import Dataset
from engine.errors import DatasetError
from engine.interchange.csv_tables import read_mapping, read_tables
from engine.interchange.import_report import ImportReport
from engine.problems import Problem

FILE = "list.csv"
LIST = "No,MRN,Reason,Created\nr1,ann,visit,2026-03-01T18:00\nr2,ben,visit,2026-03-01T18:05\n"
PATIENTS: dict[str, Any] = {
    "file": FILE,
    "collection": "patients",
    "fields": {"id": "MRN", "home": {"postal_code": {"value": "10018"}}},
}
REQUESTS: dict[str, Any] = {
    "file": FILE,
    "collection": "requests",
    "fields": {
        "id": "No",
        "patient_id": "MRN",
        "visit_type_id": "Reason",
        "created": "Created",
    },
}


def clinic() -> Dataset:
    """The clinic of the tests, with nobody in it."""
    return Clinic().session().dataset()


def with_fields(table: dict[str, Any], **fields: Any) -> dict[str, Any]:
    """A table with further fields, or other ones; two underscores stand for a dot."""
    more = {name.replace("__", "."): rule for name, rule in fields.items()}
    return table | {"fields": table["fields"] | more}


def write_mapping(folder: Path, *tables: dict[str, Any], **more: Any) -> Path:
    """Write a mapping; with what else it says."""
    path = folder / "mapping.toml"
    path.write_text(tomli_w.dumps({"tables": list(tables), **more}), encoding="utf-8")
    return path


def read(folder: Path, text: str | bytes, *tables: dict[str, Any]) -> tuple[Dataset, ImportReport]:
    """Read a list into the clinic: as patients and requests, unless tables say otherwise."""
    raw = text.encode() if isinstance(text, str) else text
    (folder / FILE).write_bytes(raw)
    path = write_mapping(folder, *(tables or (PATIENTS, REQUESTS)))
    return read_tables(read_mapping(path), clinic())


def refused(folder: Path, text: str | bytes, *tables: dict[str, Any]) -> list[Problem]:
    """What is wrong with a list, or a mapping, that cannot be read at all."""
    try:
        read(folder, text, *tables)
    except DatasetError as error:
        return [problem for problem in error.problems if problem.is_error]
    raise AssertionError("it was read")


def errors(report: ImportReport) -> list[tuple[str, str]]:
    """Code and path of every row that was left out."""
    return [(row.code, row.path) for row in report.findings.problems if row.is_error]
