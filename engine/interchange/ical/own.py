"""What iCalendar has no word for, as properties of our own, so that nothing is lost on the way."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import fields
from datetime import datetime
from typing import Any

from pydantic import ValidationError

from engine.domain.fields import Instant
from engine.interchange.validation import adapter

PREFIX = "X-SLOTMATCH-"
"""All of them begin so."""

RECORD, ID, START, END = (PREFIX + name for name in ("RECORD", "ID", "START", "END"))
SESSION, APPOINTMENT = "SESSION", "APPOINTMENT"
"""Values of ``RECORD``."""

FIELDS: dict[str, dict[str, type]] = {
    SESSION: {
        "cell_minutes": int,
        "kind": str,
        "capacity": int,
        "visit_type_ids": tuple,
        "reserved_for": str,
    },
    APPOINTMENT: {
        "request_id": str,
        "status": str,
        "held_until": str,
        "confirmed": bool,
        "pinned": bool,
        "source": str,
    },
}
"""Fields of a record that become properties, and how each is written."""


_NUMBER = re.compile(r"[0-9]{1,9}")
_FLAGS = {"TRUE": True, "FALSE": False}


def property_of(field: str) -> str:
    """Name of the property for a field."""
    return PREFIX + field.upper().replace("_", "-")


def texts_of(kind: str, record: object) -> Iterator[tuple[str, str]]:
    """Properties that say the fields of a record that are not at their default."""
    defaults = {field.name: field.default for field in fields(record)}  # type: ignore[arg-type]
    for name in FIELDS[kind]:
        value = getattr(record, name)
        for part in value if isinstance(value, tuple) else (value,):
            if part != defaults[name]:
                yield property_of(name), _text(part)


def values_of(kind: str, properties: Mapping[str, tuple[str, ...]]) -> dict[str, Any]:
    """Fields of a record by its properties, not judged yet.

    What is no number, and what is stated twice where it cannot be, is left as it stands, for
    the record's own judgement.
    """
    values: dict[str, Any] = {}
    for name, form in ({"id": str} | FIELDS[kind]).items():
        found = properties.get(property_of(name), ())
        if form is tuple and found:
            values[name] = found
        elif found:
            values[name] = _value(form, found[0]) if len(found) == 1 else found
    return values


def instant_of(name: str, properties: Mapping[str, tuple[str, ...]]) -> datetime | None:
    """Start or end as it was written in the dataset; ``None`` where it cannot be read."""
    found = properties.get(property_of(name), ())
    try:
        instant: datetime = adapter(Instant).validate_python(found[0])
    except (IndexError, ValidationError):
        return None
    return instant


def _value(form: type, text: str) -> Any:
    if form is int and _NUMBER.fullmatch(text):
        return int(text)
    if form is bool and text in _FLAGS:
        return _FLAGS[text]
    return text


def _text(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value).upper() if isinstance(value, bool) else str(value)
