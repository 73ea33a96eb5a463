"""What is wrong with the rules of a table's fields, before any row is read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from engine.domain import COLLECTIONS
from engine.interchange.csv_tables.mapping import DELIMITERS, FieldRule
from engine.interchange.csv_tables.moments import judge_format
from engine.interchange.csv_tables.nested import put
from engine.interchange.csv_tables.shapes import (
    ANY_NAME,
    Shape,
    required_fields,
    shape_named,
    shapes_of,
)
from engine.interchange.validation import read_record
from engine.problems import Report, one_of, parents, shown

_WHERE_IT_MATTERS: dict[str, tuple[str, ...]] = {
    "format": ("date", "instant", "moment"),
    "time_zone": ("instant", "moment"),
    "after": ("instant", "moment"),
    "separator": ("list",),
    "decimal": ("number",),
}
_KINDS = {"moment": "instant or date", "whole": "whole number", "flag": "yes or no"}


def judge_fields(
    collection: str,
    rules: Mapping[str, FieldRule],
    broken: Collection[str],
    columns: Sequence[str] | None,
    path: str,
    findings: Report,
) -> None:
    """Report every mistake in the rules of a table's fields.

    Parameters
    ----------
    collection
        What the rows become.
    rules
        By dotted field.
    broken
        Fields whose rules cannot be read: they are given, nobody knows how.
    columns
        Of the file; ``None`` where they are not known.
    path
        Of the fields in the mapping.
    """
    counts = Counter(columns)
    for name, rule in rules.items():
        where = f"{path}/{name}"
        _judge_source(rule, counts if columns is not None else None, where, findings)
        shape = shape_named(collection, name)
        if shape is None:
            known = [field for field in shapes_of(collection) if ANY_NAME not in field]
            message = f"{collection} have no such field. {one_of(known, name)}"
            findings.error("unknown_field", where, message)
            continue
        _judge_options(name, rule, shape, rules, where, findings)
        _judge_constants(collection, name, rule, shape, where, findings)
    _judge_whole(collection, {*rules, *broken}, path, findings)


def _judge_source(
    rule: FieldRule, columns: Counter[str] | None, where: str, findings: Report
) -> None:
    """Where the value comes from: one source, and columns that the file has."""
    given = (rule.column is not None, bool(rule.columns), rule.value is not None)
    if sum(given) != 1:
        message = "exactly one of column, columns and value must be given"
        findings.error("not_exactly_one", where, message)
    if columns is None:
        return
    for name in filter(None, (rule.column, *rule.columns)):
        judge_column(name, columns, where, findings)


def judge_column(name: str, columns: Counter[str], where: str, findings: Report) -> None:
    """Report a column that the file has not, or more than once."""
    if name not in columns:
        message = f"the file has no such column. {_meant(name, columns)}"
        findings.error("unknown_column", where, message, name)
    elif columns[name] > 1:
        message = f"the file has {columns[name]} columns of this name"
        findings.error("duplicate_key", where, message, name)


def _meant(name: str, columns: Counter[str]) -> str:
    """Which column may be meant; where a line is one column, what else may stand between cells."""
    line = next(iter(columns), "")
    delimiter = max(DELIMITERS, key=line.count)
    if len(columns) == 1 and delimiter in line:
        return f"Maybe the delimiter is {delimiter!r}: {shown(line)} is one column"
    return one_of(filter(None, columns), name)


def _judge_options(
    name: str,
    rule: FieldRule,
    shape: Shape,
    rules: Mapping[str, FieldRule],
    where: str,
    findings: Report,
) -> None:
    """Options that have no meaning for the field, or beside each other."""
    for option in _needless(rule, shape):
        kind = _KINDS.get(shape.kind, shape.kind)
        message = f"means nothing here, beside what else is said of this field ({kind})"
        findings.error("needless_field", f"{where}/{option}", message)
    if shape.kind == "record" and rule.as_ is None and rule.value is None and not rule.values:
        message = f'is a record: name its fields ({name}.…), or say as = "json"'
        findings.error("wrong_type", where, message)
    if shape.item == "record" and rule.as_ is None and rule.value is None and not rule.values:
        message = 'is a list of records: say as = "json", or what each cell means by values'
        findings.error("wrong_type", where, message)
    if "" in rule.values:
        message = "an empty cell means what default says"
        findings.error("wrong_value", f"{where}/values", message, "")
    if rule.others is not None and not rule.values:
        findings.error("needless_field", f"{where}/others", "means nothing without values")
    if rule.format is not None and shape.kind in _WHERE_IT_MATTERS["format"]:
        _judge_format(rule, shape, f"{where}/format", findings)
    if rule.after is not None:
        _judge_after(name, rule.after, rules, f"{where}/after", findings)


def _needless(rule: FieldRule, shape: Shape) -> Iterator[str]:
    """Options that are given and mean nothing."""
    given = {
        "format": rule.format is not None,
        "time_zone": rule.time_zone is not None,
        "after": rule.after is not None,
        "separator": rule.separator is not None,
        "decimal": rule.decimal != ".",
    }
    never = rule.as_ is not None or rule.value is not None
    for option, is_given in given.items():
        if is_given and (never or shape.kind not in _WHERE_IT_MATTERS[option]):
            yield option
    for option in ("format", "time_zone"):
        if rule.after is not None and given[option]:
            yield option
    cells = {"values": rule.values, "default": rule.default, "empty": rule.empty, "as": rule.as_}
    for option, value in cells.items():
        if rule.value is not None and (value or value is False or value == 0):
            yield option
    if rule.as_ is not None and rule.values:
        yield "values"


def _judge_format(rule: FieldRule, shape: Shape, where: str, findings: Report) -> None:
    is_date = shape.kind == "date"
    try:
        parts = judge_format(
            rule.format or "", needs_time=shape.kind == "instant", may_have_time=not is_date
        )
    except ValueError as error:
        findings.error("wrong_value", where, str(error), rule.format)
        return
    if "offset" in parts and rule.time_zone is not None:
        message = "the format states the offset: a time zone means nothing beside it"
        findings.error("needless_field", where, message, rule.format)


def _judge_after(
    name: str, after: str, rules: Mapping[str, FieldRule], where: str, findings: Report
) -> None:
    other = rules.get(after)
    if other is None or other.after is not None or after == name:
        message = "must name another field of this table that is not given by after itself"
        findings.error("wrong_value", where, message, after)


def _judge_constants(
    collection: str, name: str, rule: FieldRule, shape: Shape, where: str, findings: Report
) -> None:
    """Values that the mapping itself states, by the limits of the field."""
    stated = {"value": rule.value, "default": rule.default, "others": rule.others}
    stated |= {f"values/{cell}": value for cell, value in rule.values.items()}
    for key, value in stated.items():
        if value is None:
            continue
        found = Report()
        read_record(COLLECTIONS[collection], put({}, name, listed(value, shape)), "", found)
        own = f"/{name.replace('.', '/')}"
        for problem in found.problems:
            if own in parents(problem.path):
                inside = f"{where}/{key}{problem.path.removeprefix(own)}"
                findings.add(replace(problem, path=inside))


def listed(value: Any, shape: Shape) -> Any:
    """A stated value of a list: one item stands for a list of it."""
    if shape.kind != "list" or isinstance(value, list) or value in shape.words:
        return value
    return [as_item(value, shape)]


def as_item(value: Any, shape: Shape) -> Any:
    """An item of a list of records, from its one required field alone."""
    return {shape.item_field: value} if shape.item_field and not isinstance(value, dict) else value


def _judge_whole(collection: str, given: Collection[str], path: str, findings: Report) -> None:
    """Required fields that nothing gives, and records given whole and in parts."""
    for name in required_fields(collection):
        if name not in given:
            message = "the field is required, and nothing gives it"
            findings.error("missing_field", f"{path}/{name}", message)
    for name in given:
        above = name.partition(".")[0]
        if above != name and above in given and shape_named(collection, name):
            message = f"stands beside {above}, which it is a part of"
            findings.error("duplicate_key", f"{path}/{name}", message)
    for name, shape in shapes_of(collection).items():
        for needed in shape.required:
            there = [part for part in needed if f"{name}.{part}" in given]
            for part in needed:
                if there and part not in there:
                    message = f"is required beside {name}.{there[0]}, and nothing gives it"
                    findings.error("missing_field", f"{path}/{name}.{part}", message)
