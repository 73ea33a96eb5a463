"""Plain records with records inside: by dotted names."""

from __future__ import annotations

from typing import Any


def put(record: dict[str, Any], name: str, value: Any) -> dict[str, Any]:
    """Put a value into a plain record, or into a record inside it; answer with the record."""
    above, dot, below = name.partition(".")
    if dot:
        record.setdefault(above, {})[below] = value
    else:
        record[name] = value
    return record
