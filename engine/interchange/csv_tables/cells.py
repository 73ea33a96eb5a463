"""A row of cells to a plain record, as the mapping says."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from engine.interchange.csv_tables.cell_error import CellError
from engine.interchange.csv_tables.field_rules import as_item, listed
from engine.interchange.csv_tables.mapping import FieldRule
from engine.interchange.csv_tables.mapping_file import MappedTable
from engine.interchange.csv_tables.moments import (
    is_iso_date,
    later,
    parts_of,
    read_date,
    read_instant,
    read_minutes,
)
from engine.interchange.csv_tables.nested import put
from engine.interchange.csv_tables.shapes import Kind, Shape, shape_named
from engine.interchange.json_text import UNREADABLE, parse_json
from engine.problems import Advice, Report, one_of

YES = ("yes", "y", "true", "1", "x")
NO = ("no", "n", "false", "0")
"""Words for yes and no, in any case; others are given by ``values``."""

_WHOLE = re.compile(r"[+-]?\d{1,15}", re.ASCII)
_NUMBER = re.compile(r"[+-]?(\d{1,30}(\.\d{0,30})?|\.\d{1,30})([eE][+-]?\d{1,3})?", re.ASCII)
_ABSENT: Any = object()
_WRONG: Any = object()


@dataclass(frozen=True, slots=True)
class RowReader:
    """Makes plain records of a table's rows.

    Parameters
    ----------
    mapped
        The table, its columns and its rules.
    zone
        The clock that shows instants without an offset, where a rule names none.
    findings
        Where it is said what is wrong with cells.
    """

    mapped: MappedTable
    zone: ZoneInfo
    findings: Report
    _sources: tuple[tuple[str, FieldRule, Shape, tuple[int, ...]], ...] = field(init=False)
    _advice: Advice = field(init=False, default_factory=Advice)

    def __post_init__(self) -> None:
        """Look up every column once; what is so long after something else comes last."""
        rules = sorted(self.mapped.rules.items(), key=lambda item: item[1].after is not None)
        sources = tuple(self._source(name, rule) for name, rule in rules)
        object.__setattr__(self, "_sources", sources)

    def _source(self, name: str, rule: FieldRule) -> tuple[str, FieldRule, Shape, tuple[int, ...]]:
        shape = shape_named(self.mapped.table.collection, name)
        if shape is None:  # the mapping was judged
            raise KeyError(name)
        names = rule.columns or filter(None, (rule.column,))
        return name, rule, shape, tuple(self.mapped.columns.index(column) for column in names)

    def place(self, line: int, name: str) -> str:
        """Where the value of a field stands: file, line and column; without a field, the line."""
        rule = self.mapped.rules.get(name)
        columns = () if rule is None else rule.columns or filter(None, (rule.column,))
        label = " + ".join(columns) or name
        return f"{self.line(line)}/{label}" if label else self.line(line)

    def line(self, line: int) -> str:
        """Where a row stands: file and line."""
        return f"{self.mapped.table.file}:{line}"

    def is_meant(self, cells: Sequence[str]) -> bool:
        """Whether the table reads a row: ``only`` may leave it out."""
        columns = self.mapped.columns
        only = self.mapped.table.only.items()
        return all(cells[columns.index(name)] in wanted for name, wanted in only)

    def record(self, line: int, cells: Sequence[str]) -> tuple[dict[str, Any], set[str]]:
        """A plain record, and the fields whose cells are wrong; they are left out of it."""
        record: dict[str, Any] = {}
        values: dict[str, Any] = {}
        wrong = set()
        for name, rule, shape, places in self._sources:
            value = self._value(line, name, rule, shape, [cells[place] for place in places], values)
            values[name] = value
            if value is _WRONG:
                wrong.add(name)
            elif value is not _ABSENT:
                put(record, name, value)
        return record, wrong

    def _value(
        self,
        line: int,
        name: str,
        rule: FieldRule,
        shape: Shape,
        cells: list[str],
        values: Mapping[str, Any],
    ) -> Any:
        if rule.value is not None:
            return listed(rule.value, shape)
        cell = self._text(rule, cells)
        if not cell:
            return _ABSENT if rule.default is None else listed(rule.default, shape)
        where = self.place(line, name)
        if rule.as_ == "json":
            value = parse_json(cell.encode("utf-8", "surrogatepass"), where, self.findings)
            return _WRONG if value is UNREADABLE else value
        try:
            if shape.kind == "list":
                return self._list(cell, rule, shape)
            if rule.after is not None and cell not in rule.values:
                return _later(values.get(rule.after, _ABSENT), cell)
            warn = self._warner(where, cell)
            return self._translated(
                cell, rule, lambda text: self._read(text, rule, shape.kind, warn)
            )
        except CellError as error:
            self.findings.error(error.code, where, str(error), cell)
            return _WRONG

    def _text(self, rule: FieldRule, cells: list[str]) -> str:
        """What the cells of a field say together; empty where that counts as empty."""
        text = " ".join(filter(None, cells)) if len(cells) > 1 else cells[0]
        return "" if text in rule.empty else text

    def _list(self, cell: str, rule: FieldRule, shape: Shape) -> Any:
        if cell in shape.words and cell not in rule.values:
            return cell
        items: list[Any] = []
        for text in self._items(cell, rule):
            value = self._translated(text, rule, lambda text: self._read(text, rule, shape.item))
            if value in shape.words:
                return value
            items += value if isinstance(value, list) else [as_item(value, shape)]
        return items

    def _items(self, cell: str, rule: FieldRule) -> Iterator[str]:
        """Texts of the items of a list, without empty ones."""
        texts = [cell] if rule.separator is None else cell.split(rule.separator)
        if self.mapped.table.trim:
            texts = [text.strip() for text in texts]
        return filter(None, texts)

    def _translated(self, text: str, rule: FieldRule, read: Callable[[str], Any]) -> Any:
        """What ``values`` makes of a text; without them, what the text itself says."""
        if not rule.values:
            return read(text)
        if text in rule.values:
            return rule.values[text]
        if rule.others is not None:
            return rule.others
        advice = self._advice.one_of(rule.values, text)
        raise CellError("wrong_value", f"is not among the values that the mapping names. {advice}")

    def _read(
        self, text: str, rule: FieldRule, kind: Kind, warn: Callable[[str], None] | None = None
    ) -> Any:
        """A text as a value of a kind; what is left as it is, is judged with the record."""
        if kind == "flag":
            return _flag(text)
        if kind == "whole":
            return _whole(text)
        if kind == "number":
            return _number(text, rule.decimal)
        if kind == "date" or (kind == "moment" and _is_date(text, rule.format)):
            return read_date(text, rule.format)
        if kind in ("instant", "moment"):
            zone = ZoneInfo(rule.time_zone) if rule.time_zone else self.zone
            instant, reading = read_instant(text, rule.format, zone)
            if reading != "once" and warn is not None:
                how = "the first time" if reading == "repeated" else "the end of the jump"
                warn(f"the clock of {zone.key} has it {reading}: read as {instant}, {how}")
            return instant
        return text

    def _warner(self, where: str, cell: str) -> Callable[[str], None]:
        """Says of a cell that its clock time is skipped or repeated."""
        return lambda message: self.findings.warn("doubtful_clock", where, message, cell)


def _later(start: Any, cell: str) -> Any:
    """An instant so many minutes after another; wrong where that is, which is said there."""
    minutes = read_minutes(cell)
    if start is _WRONG:
        return _WRONG
    try:
        return later(str(start), minutes)
    except (ValueError, OverflowError) as error:
        message = "there is no instant that this could be after"
        raise CellError("bad_instant", message) from error


def _flag(text: str) -> bool:
    word = text.lower()
    if word in YES or word in NO:
        return word in YES
    raise CellError("wrong_type", f"is neither yes nor no. {one_of((*YES, *NO))}")


def _whole(text: str) -> int:
    if _WHOLE.fullmatch(text):
        return int(text)
    raise CellError("wrong_type", "must be a whole number, written in digits alone")


def _number(text: str, decimal: str) -> float:
    plain = text if decimal == "." else text.replace(",", ".") if "." not in text else ""
    if _NUMBER.fullmatch(plain):
        return float(plain)
    raise CellError("wrong_type", f"must be a number, its fraction after {decimal!r}")


def _is_date(text: str, format_: str | None) -> bool:
    """Whether what may be a date or an instant is a date."""
    return is_iso_date(text) if format_ is None else _has_no_time(format_)


@cache
def _has_no_time(format_: str) -> bool:
    return "hour" not in parts_of(format_)
