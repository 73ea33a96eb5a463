"""A dataset as CSV tables, with the mapping that reads them back."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import tomli_w

from engine.domain import COLLECTIONS, Dataset, Header
from engine.interchange.csv_tables.formulas import escape_formula
from engine.interchange.csv_tables.mapping import MAPPING_SCHEMA
from engine.interchange.csv_tables.shapes import ANY_NAME, Shape, shapes_of
from engine.interchange.validation import adapter

MAPPING_FILE = "mapping.toml"
"""Name of the mapping beside the tables."""

_SEPARATOR = "|"


@dataclass(frozen=True, slots=True)
class _Column:
    """A column: the field that it gives, and how its cells are written."""

    name: str
    shape: Shape
    as_json: bool

    def rule(self) -> str:
        """The line of the mapping that reads it."""
        if self.as_json:
            source = f'{{ column = "{self.name}", as = "json" }}'
        elif self.shape.kind == "list":
            source = f'{{ column = "{self.name}", separator = "{_SEPARATOR}" }}'
        else:
            source = f'"{self.name}"'
        return f'"{self.name}" = {source}' if "." in self.name else f"{self.name} = {source}"

    def cell(self, row: dict[str, Any]) -> str:
        """The cell of a plain record; empty where the field is at its default."""
        value = _value(row, self.name)
        if value is None:
            return ""
        if self.as_json:
            return json.dumps(value, ensure_ascii=False)
        if isinstance(value, list):
            return _SEPARATOR.join(str(_key(item, self.shape)) for item in value)
        if isinstance(value, bool):
            return "yes" if value else "no"
        return str(value)


def write_tables(dataset: Dataset) -> dict[str, bytes]:
    """The files of a dataset as CSV tables: one per collection that is not empty.

    Returns
    -------
    dict
        By name of the file, its bytes: UTF-8 with a byte order mark, which spreadsheets need,
        cells escaped that they would take for formulas. ``mapping.toml`` is the last.
    """
    files, sections = {}, [_mapping_header(dataset.header)]
    for collection, record_type in COLLECTIONS.items():
        dump = adapter(record_type).dump_python
        rows = [
            dump(row, mode="json", exclude_defaults=True) for row in getattr(dataset, collection)
        ]
        if rows:
            columns = list(_columns(collection, rows))
            names = [column.name for column in columns]
            cells = ([column.cell(row) for column in columns] for row in rows)
            files[f"{collection}.csv"] = csv_text(names, cells)
            sections.append(_mapping_table(collection, columns))
    files[MAPPING_FILE] = "\n".join(sections).encode()
    return files


def csv_text(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """A CSV file as RFC 4180 has it, for spreadsheets: nothing in it is a formula."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([escape_formula(cell) for cell in row] for row in rows)
    return stream.getvalue().encode("utf-8-sig")


def _columns(collection: str, rows: Sequence[dict[str, Any]]) -> Iterator[_Column]:
    """Columns that some row needs; fields of records inside records have their own."""
    shapes = shapes_of(collection)
    for name, shape in shapes.items():
        is_whole = shape.kind != "record" or f"{name}.{ANY_NAME}" in shapes
        values = [value for row in rows if (value := _value(row, name)) is not None]
        if values and is_whole and ANY_NAME not in name:
            as_json = not all(_is_plain(value, shape) for value in values)
            yield _Column(name, shape, as_json)


def _is_plain(value: Any, shape: Shape) -> bool:
    """Whether a value can be read back without JSON."""
    if shape.kind != "list" or isinstance(value, str):
        return shape.kind != "record"
    keys = [str(_key(item, shape)) for item in value]
    return (
        bool(keys)
        and all(_is_key(item, shape) for item in value)
        and not any(_SEPARATOR in key for key in keys)
        and _SEPARATOR.join(keys) not in shape.words
    )


def _is_key(item: Any, shape: Shape) -> bool:
    """Whether an item of a list is a text or number, or a record of its one required field."""
    return item.keys() == {shape.item_field} if isinstance(item, dict) else True


def _key(item: Any, shape: Shape) -> Any:
    """What stands for an item in a list."""
    return item.get(shape.item_field) if isinstance(item, dict) else item


def _value(row: dict[str, Any], name: str) -> Any:
    """The value of a dotted field; ``None`` where it is absent."""
    value: Any = row
    for part in name.split("."):
        value = value.get(part) if isinstance(value, dict) else None
    return value


def _mapping_header(header: Header) -> str:
    content = adapter(Header).dump_python(header, mode="json", exclude_defaults=True)
    lines = (
        "# What the tables beside this file mean: `slotmatch import csv` reads them back.",
        "# `slotmatch schema mapping` says what else can stand here.",
        f'schema = "{MAPPING_SCHEMA}"',
        "",
        tomli_w.dumps({"header": content}),
    )
    return "\n".join(lines)


def _mapping_table(collection: str, columns: Sequence[_Column]) -> str:
    lines = (
        "[[tables]]",
        f'file = "{collection}.csv"',
        f'collection = "{collection}"',
        "trim = false",
        "formulas_escaped = true",
        "[tables.fields]",
        *(column.rule() for column in columns),
    )
    return "\n".join(lines) + "\n"
