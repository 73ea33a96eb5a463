"""Records as rows of tables, and back."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from functools import cache
from typing import Any

from engine.domain import COLLECTIONS, Appointment, Dataset, Header
from engine.interchange.validation import adapter

HEADER = "header"
"""Kind, and id, of the one header."""

APPOINTMENTS = "appointments"
"""The collection that has a table of its own."""

RECORD_TYPES: dict[str, type] = {
    HEADER: Header,
    **{kind: record for kind, record in COLLECTIONS.items() if kind != APPOINTMENTS},
}
"""Type of every kind in the table of records."""

_OWNERS: dict[str, Callable[[Any], str | None]] = {
    "sessions": lambda row: row.role_id,
    "resources": lambda row: row.location_id,
    "requests": lambda row: row.patient_id,
    "roles": lambda row: row.doctor_id or row.service_id,
}


def seconds(instant: datetime) -> int:
    """Whole seconds from 1970 to an instant, rounded down."""
    return int(instant.timestamp() // 1)


def instant(second: int) -> datetime:
    """The instant, in UTC."""
    return datetime.fromtimestamp(second, UTC)


def record_row(kind: str, record: Any) -> dict[str, Any]:
    """Columns of a record, but its version."""
    is_session = kind == "sessions"
    return {
        "kind": kind,
        "id": HEADER if kind == HEADER else record.id,
        "owner": _OWNERS[kind](record) if kind in _OWNERS else None,
        "start": seconds(record.start) if is_session else None,
        "end": seconds(record.end) if is_session else None,
        "body": body_of(record),
    }


def appointment_row(record: Appointment) -> dict[str, Any]:
    """Columns of an appointment, but its version and who holds it."""
    held_until = record.held_until
    return {
        "id": record.id,
        "request_id": record.request_id,
        "role_id": record.role_id,
        "start": seconds(record.start),
        "end": seconds(record.end),
        "status": record.status,
        "held_until": seconds(held_until) if record.status == "held" and held_until else None,
        "body": body_of(record),
    }


def body_of(record: Any) -> str:
    """The row of a dataset: fields at their default are left out."""
    record_type: Any = type(record)
    return adapter(record_type).dump_json(record, exclude_defaults=True).decode()


def record_of(kind: str, body: str) -> Any:
    """The record that a row was made of."""
    return _reader(kind)(body)


@cache
def _reader(kind: str) -> Callable[[str], Any]:
    record_type = Appointment if kind == APPOINTMENTS else RECORD_TYPES[kind]
    return adapter(record_type).validate_json


def dataset_of(rows: Iterable[tuple[str, str]]) -> Dataset | None:
    """The dataset of which these are the rows, each with its kind; ``None``: it has no header."""
    records: dict[str, list[Any]] = {name: [] for name in (HEADER, *COLLECTIONS)}
    for kind, body in rows:
        records[kind].append(record_of(kind, body))
    headers = records.pop(HEADER)
    if not headers:
        return None
    return Dataset(header=headers[0], **{name: tuple(some) for name, some in records.items()})
