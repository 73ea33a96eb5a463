"""The mapping of a file, judged: by itself, and against the tables that it speaks of."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from itertools import chain
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Any

from engine.checks import check_dataset
from engine.domain import COLLECTIONS, Dataset, Header
from engine.errors import DatasetError
from engine.interchange.csv_tables.distinct import DistinctReport
from engine.interchange.csv_tables.field_rules import judge_column, judge_fields
from engine.interchange.csv_tables.mapping import MAPPING_SCHEMA, FieldRule, Table
from engine.interchange.csv_tables.mapping import Mapping as MappingRecord
from engine.interchange.csv_tables.shapes import required_fields, shapes_of
from engine.interchange.csv_tables.table_file import csv_rows
from engine.interchange.files import whole_file
from engine.interchange.toml_text import parse_toml
from engine.interchange.validation import read_record
from engine.problems import Report, one_of, shown

_MAX_TABLES = 100
_MAX_COLUMNS_NAMED = 20
_KEYS = tuple(MappingRecord.__dataclass_fields__)
_TABLE_KEYS = tuple(Table.__dataclass_fields__)
_RULE_KEYS = {name.rstrip("_") for name in FieldRule.__dataclass_fields__}


@dataclass(frozen=True, slots=True)
class MappedTable:
    """A table that can be read.

    Parameters
    ----------
    table
        What the mapping says of it, but for its fields.
    file
        Where it is.
    columns
        Its columns, in order; a name that is blank cannot be used.
    rules
        By dotted field, where the value comes from.
    """

    table: Table
    file: Path
    columns: tuple[str, ...]
    rules: Mapping[str, FieldRule]


@dataclass(frozen=True, slots=True)
class Mapped:
    """A mapping that can be used.

    Parameters
    ----------
    header
        Of the dataset, where the tables are all of it.
    tables
        In the order of the mapping.
    findings
        Warnings.
    """

    header: Header | None
    tables: tuple[MappedTable, ...]
    findings: Report


def read_mapping(path: Path, folder: Path | None = None) -> Mapped:
    """Read a mapping, and the first line of every table that it speaks of.

    Parameters
    ----------
    path
        A TOML file.
    folder
        Where the tables are; by default beside it.

    Raises
    ------
    DatasetError
        With everything that is wrong with the mapping.
    """
    findings, name = DistinctReport(), path.name
    if not path.is_file():
        findings.error("not_found", str(path), "there is no such file")
        raise DatasetError.of(findings)
    raw = whole_file(path, name, findings)
    content = None if raw is None else parse_toml(raw, name, findings)
    if content is None:
        raise DatasetError.of(findings)
    header = _read_header(content, name, findings)
    tables = list(_read_tables(content, name, folder or path.parent, findings))
    if findings.num_errors:
        raise DatasetError.of(findings)
    _warn_of_unused_columns(tables, findings)
    return Mapped(header, tuple(tables), findings)


def _read_header(content: dict[str, Any], path: str, findings: Report) -> Header | None:
    """Judge what does not belong to a table, and read the header."""
    for key in content.keys() - set(_KEYS):
        findings.error("unknown_field", f"{path}/{key}", f"no such key. {one_of(_KEYS, key)}")
    if content.get("schema", MAPPING_SCHEMA) != MAPPING_SCHEMA:
        message = f"only {MAPPING_SCHEMA} can be read"
        findings.error("wrong_value", f"{path}/schema", message, content["schema"])
    if "header" not in content:
        return None
    header: Header | None = read_record(Header, content["header"], f"{path}/header", findings)
    if header is not None:
        findings.extend(check_dataset(Dataset(header=header), lambda *_: f"{path}/header"))
    return header


def _read_tables(
    content: dict[str, Any], path: str, folder: Path, findings: Report
) -> Iterator[MappedTable]:
    """Tables that can be used; each is judged, whatever is wrong with the others."""
    tables = content.get("tables")
    if not isinstance(tables, list) or not 0 < len(tables) <= _MAX_TABLES:
        message = f"a mapping has 1 to {_MAX_TABLES} tables, each under [[tables]]"
        found = None if tables is None else tables
        findings.error("missing_field", f"{path}/tables", message, found)
        return
    for number, value in enumerate(tables):
        mapped = _read_table(value, f"{path}/tables/{number}", folder, findings)
        if mapped is not None:
            yield mapped


def _read_table(value: Any, path: str, folder: Path, findings: Report) -> MappedTable | None:
    """One table, its fields, and its file; everything that can be judged is."""
    if not isinstance(value, dict):
        findings.error("wrong_type", path, "must be a table", value)
        return None
    for key in value.keys() - set(_TABLE_KEYS):
        findings.error("unknown_field", f"{path}/{key}", f"no such key. {one_of(_TABLE_KEYS, key)}")
    known = {key: part for key, part in value.items() if key in _TABLE_KEYS and key != "fields"}
    table: Table | None = read_record(Table, known | {"fields": {}}, path, findings)
    file = _file_of(value.get("file"), folder, f"{path}/file", findings)
    columns = None
    if table is not None and file is not None:
        columns = _columns_of(table, file, path, findings)
    collection = value.get("collection")
    if not isinstance(collection, str):
        return None  # it was said already
    if collection not in COLLECTIONS:
        message = f"no collection is called so. {one_of(COLLECTIONS, collection)}"
        findings.error("unknown_field", f"{path}/collection", message, collection)
        return None
    rules, broken = _read_rules(value.get("fields", {}), collection, f"{path}/fields", findings)
    judge_fields(collection, rules, broken, columns, f"{path}/fields", findings)
    if table is None or file is None or columns is None:
        return None
    for name in table.only:
        judge_column(name, Counter(columns), f"{path}/only", findings)
    return MappedTable(table, file, columns, rules)


def _read_rules(
    fields: Any, collection: str, path: str, findings: Report
) -> tuple[dict[str, FieldRule], set[str]]:
    """The rule of every field, by dotted name, and the fields whose rules cannot be read."""
    if not isinstance(fields, dict):
        findings.error("wrong_type", path, "must be a table", fields)
        return {}, set(required_fields(collection))
    rules, broken = {}, set()
    for name, value in _dotted(fields, collection, path, findings):
        rule = _read_rule(value, f"{path}/{name}", findings)
        if rule is None:
            broken.add(name)
        else:
            rules[name] = rule
    return rules, broken


def _read_rule(value: Any, path: str, findings: Report) -> FieldRule | None:
    """Where the value of a field comes from."""
    if isinstance(value, str):
        value = {"column": value}
    if not isinstance(value, dict):
        message = "must be the name of a column, or a table of keys such as column and values"
        findings.error("wrong_type", path, message, value)
        return None
    for key in value.keys() - _RULE_KEYS:
        message = f"no such key. {one_of(sorted(_RULE_KEYS), key)}"
        findings.error("unknown_field", f"{path}/{key}", message)
    known = {key: part for key, part in value.items() if key in _RULE_KEYS}
    rule: FieldRule | None = read_record(FieldRule, known, path, findings)
    return rule


def _dotted(
    fields: dict[str, Any], collection: str, path: str, findings: Report
) -> Iterator[tuple[str, Any]]:
    """Fields by dotted names; TOML reads names without quotation marks as tables in tables."""
    for name, value in fields.items():
        shape = shapes_of(collection).get(name)
        is_record = shape is not None and shape.kind == "record"
        if not is_record or not isinstance(value, dict) or value.keys() & _RULE_KEYS:
            yield name, value
            continue
        for below, part in value.items():
            if f"{name}.{below}" in fields:
                message = "the field is named twice"
                findings.error("duplicate_key", f"{path}/{name}.{below}", message)
            else:
                yield f"{name}.{below}", part


def _file_of(name: Any, folder: Path, path: str, findings: Report) -> Path | None:
    """The file of a table, if it is there and below the folder."""
    if not isinstance(name, str):
        return None  # it was said already
    pure = PurePosixPath(name)
    if pure.is_absolute() or PureWindowsPath(name).drive or ".." in pure.parts:
        message = "must lie below the folder of the tables; another folder can be named"
        findings.error("wrong_value", path, message, name)
        return None
    file = folder / name
    if not _is_file(file):
        findings.error("not_found", path, f"there is no such file in {folder}", name)
        return None
    return file


def _is_file(file: Path) -> bool:
    try:
        return file.is_file()
    except OSError:  # a name that is too long, a folder that may not be read
        return False


def _columns_of(table: Table, file: Path, path: str, findings: Report) -> tuple[str, ...] | None:
    """Names of the columns; ``None``, and an error, where the file has none."""
    found = Report()
    with closing(csv_rows(file, table, found)) as rows:
        first = next(rows, None)
    if found.num_errors:
        for problem in found.problems:
            findings.add(problem)
        return None
    if first is None:
        message = "the file has no line that names its columns"
        findings.error("missing_header", f"{path}/file", message, table.file)
        return None
    if any("\0" in name for name in first.cells):
        message = "the names of the columns hold NUL characters. Maybe the encoding is utf-16"
        findings.error("bad_text", f"{table.file}:{first.line}", message)
        return None
    return tuple(first.cells)


def _warn_of_unused_columns(tables: list[MappedTable], findings: Report) -> None:
    """One warning per file with columns that no table of it uses."""
    columns: dict[str, dict[str, None]] = {}
    for mapped in tables:
        named = columns.setdefault(mapped.table.file, {})
        named.update(dict.fromkeys(name for name in mapped.columns if name))
    for mapped in tables:
        sources = [(rule.column, *rule.columns) for rule in mapped.rules.values()]
        for name in (*mapped.table.only, *chain.from_iterable(sources)):
            columns[mapped.table.file].pop(name or "", None)
    for file, unused in columns.items():
        if unused:
            findings.warn("unused_column", file, f"not used: {_listed(list(unused))}")


def _listed(names: list[str]) -> str:
    more = ", …" if len(names) > _MAX_COLUMNS_NAMED else ""
    return ", ".join(shown(name) for name in names[:_MAX_COLUMNS_NAMED]) + more
