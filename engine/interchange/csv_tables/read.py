"""From mapped tables to a dataset and a report."""

from __future__ import annotations

import re
from collections.abc import Container
from contextlib import closing
from dataclasses import dataclass, field, fields, replace
from typing import Any
from zoneinfo import ZoneInfo

from engine.domain import COLLECTIONS, Dataset
from engine.errors import DatasetError
from engine.interchange.assembly import Rows, added
from engine.interchange.csv_tables.cells import RowReader
from engine.interchange.csv_tables.distinct import DistinctReport
from engine.interchange.csv_tables.mapping_file import Mapped
from engine.interchange.csv_tables.shapes import shape_named
from engine.interchange.csv_tables.table_file import FILE_CODES, csv_rows
from engine.interchange.import_report import ImportReport
from engine.interchange.validation import read_record
from engine.problems import Problem, Report, parents, shown

MAX_ERRORS = 10_000
"""So many rows are refused before the rest is not read."""

_TOKEN = re.compile(r"⟦(\d+):(\d+)⟧")  # a row, until what was found of it is said
_NO_SUCH = re.compile("there is no (.+) with this id")
_ID_SPACES = {"services": "doctors"}  # a doctor and a service may not share an id
_IN_ROW = {
    "missing_field": "the cell is empty, and the field {field} is required",
    "unknown_field": "the field {field} cannot stand beside what the other columns give",
}


def read_tables(mapped: Mapped, base: Dataset | None) -> tuple[Dataset, ImportReport]:
    """Read tables into a dataset.

    Parameters
    ----------
    mapped
        The tables, as ``read_mapping`` gives them.
    base
        What the records are added to; ``None`` where the mapping has a header of its own.

    Returns
    -------
    Dataset, ImportReport
        The dataset with the records, and every row that was not used, with the reason.

    Raises
    ------
    DatasetError
        A table was not read to its end, none of its rows can be used, or there is not exactly
        one header.
    """
    report = ImportReport(findings=DistinctReport())
    report.findings.extend(mapped.findings)
    base = _base(mapped, base, report)
    reading = _Reading(mapped, base, report)
    reading.read()
    if any(report.findings.counts["error", code] for code in FILE_CODES):
        raise DatasetError.of(report.findings)
    dataset = _with_records(reading, base, report)
    if not any(getattr(dataset, name) for name in COLLECTIONS):
        report.findings.error("empty_dataset", "tables", "there are no records")
    elif reading.num_rows and not reading.num_used:
        report.findings.error("empty_dataset", "tables", "no row can be used")
    else:
        return dataset, report
    raise DatasetError.of(report.findings)


def _base(mapped: Mapped, base: Dataset | None, report: ImportReport) -> Dataset:
    """What the records are added to: a dataset, or nothing but a header."""
    if mapped.header is not None and base is None:
        return Dataset(header=mapped.header)
    if mapped.header is None and base is not None:
        return base
    has = "a header, and a dataset is" if base else "no header, and no dataset is"
    message = f"the mapping has {has} named to read into: exactly one of them is needed"
    report.findings.error("not_exactly_one", "header", message)
    raise DatasetError.of(report.findings)


@dataclass(slots=True)
class _Reading:
    """Rows read so far, and where the records of each id stand, and those of refused rows."""

    mapped: Mapped
    base: Dataset
    report: ImportReport
    rows: Rows = field(default_factory=dict)
    readers: list[RowReader] = field(default_factory=list)
    seen: dict[tuple[str, str], tuple[str, Any]] = field(default_factory=dict)
    refused: dict[tuple[str, str], str] = field(default_factory=dict)
    num_rows: int = 0
    num_used: int = 0

    def read(self) -> None:
        """Read every table, and make records of its rows."""
        zone = ZoneInfo(self.base.header.time_zone)
        for name in COLLECTIONS:
            for index, row in enumerate(getattr(self.base, name)):
                self.seen[_ID_SPACES.get(name, name), row.id] = (f"{name}/{index}", row)
        for number, mapped in enumerate(self.mapped.tables):
            self.readers.append(RowReader(mapped, zone, self.report.findings))
            self._read_table(number)

    def _read_table(self, number: int) -> None:
        mapped, findings = self.mapped.tables[number], self.report.findings
        kinds = (f"rows of {mapped.table.file}", f"rows of {mapped.table.file} that are not meant")
        num_rows, num_others, width = 0, 0, len(mapped.columns)
        with closing(csv_rows(mapped.file, mapped.table, findings)) as rows:
            next(rows, None)  # the names of the columns
            for line, cells in rows:
                num_rows += 1
                where = self.readers[number].line(line)
                if len(cells) != width:
                    message = f"the row has {len(cells)} cells, and there are {width} columns"
                    findings.error("wrong_number_of_cells", where, message)
                elif self.readers[number].is_meant(cells):
                    self._add(number, line, cells)
                else:
                    num_others += 1
                if findings.num_errors >= MAX_ERRORS:
                    message = f"more than {MAX_ERRORS} errors; the rest is not read"
                    findings.error("too_many_errors", where, message)
                    break
        self.num_rows += num_rows - num_others
        for kind, size in zip(kinds, (num_rows, num_others), strict=True):
            if size or kind == kinds[0]:
                self.report.read[kind] = max(self.report.read[kind], size)

    def _add(self, number: int, line: int, cells: list[str]) -> None:
        """Make a record of a row; one that is there already, and equal, is the same."""
        reader, collection = self.readers[number], self.mapped.tables[number].table.collection
        values, wrong = reader.record(line, cells)
        found = Report()
        record = read_record(COLLECTIONS[collection], values, "", found)
        for problem in found.problems:
            name, rest = _field_of(problem.path[1:], collection, reader.mapped.rules)
            if name not in wrong:
                where = "/".join([reader.place(line, name), *rest])
                told = _IN_ROW.get(problem.code, problem.message) if not rest else problem.message
                message = told.replace("{field}", name)
                self.report.findings.add(replace(problem, path=where, message=message))
        path, space = f"⟦{number}:{line}⟧", _ID_SPACES.get(collection, collection)
        if record is None or wrong:
            self.refused.setdefault((space, shown(values.get("id"))), path)
            return
        first, known = self.seen.setdefault((space, record.id), (path, record))
        if known is record:
            self.rows.setdefault(collection, []).append((path, record))
        elif known == record:
            self.num_used += not _TOKEN.match(first)  # one of the dataset: nothing is made
        else:
            message = f"stands at {self.said(first)} already{_difference(known, record)}"
            self.refused.setdefault((space, shown(record.id)), path)
            self.report.findings.error("duplicate_id", reader.place(line, "id"), message, record.id)

    def note_left_out(self, findings: Report) -> None:
        """Take note of the rows that checks left out: what refers to them goes too."""
        bad = {problem.path.partition("/")[0] for problem in findings.problems if problem.is_error}
        for name, rows in self.rows.items():
            for path, record in rows:
                if path in bad:
                    self.refused[_ID_SPACES.get(name, name), shown(record.id)] = path

    def said(self, text: str) -> str:
        """A text, with the rows that it names as people know them."""
        return _TOKEN.sub(lambda found: self.readers[int(found[1])].line(int(found[2])), text)

    def told(self, problem: Problem) -> Problem:
        """A finding of a row, with the file, the line and the column."""
        message = self.said(f"{problem.message}{self._left_out(problem)}")
        token = _TOKEN.match(problem.path)
        if token is None:
            return replace(problem, message=message)
        number, line = int(token[1]), int(token[2])
        mapped = self.mapped.tables[number]
        path = problem.path[token.end() + 1 :]
        name, rest = _field_of(path, mapped.table.collection, mapped.rules)
        where = "/".join([self.readers[number].place(line, name), *rest])
        return replace(problem, path=where, message=message)

    def _left_out(self, problem: Problem) -> str:
        """Where the row is that an unresolved reference means, if there was one."""
        nouns = _NO_SUCH.fullmatch(problem.message)
        for noun in nouns[1].split(" or ") if nouns else ():
            space = f"{noun.replace(' ', '_')}s"
            path = self.refused.get((_ID_SPACES.get(space, space), problem.value or ""))
            if path is not None:
                return f"; the row at {path} was left out"
        return ""


def _with_records(reading: _Reading, base: Dataset, report: ImportReport) -> Dataset:
    """The dataset with what was read; findings name the columns."""
    found = ImportReport()
    try:
        dataset = added(base, reading.rows, found)
    finally:
        reading.note_left_out(found.findings)
        for problem in found.findings.problems:
            report.findings.add(reading.told(problem))
    report.made = found.made
    reading.num_used += sum(report.made.values())
    return dataset


def _field_of(path: str, collection: str, mapped: Container[str]) -> tuple[str, list[str]]:
    """The dotted field that a path leads to or into, one that is mapped if it can be, and the
    rest of the path.
    """
    names = {above: above.replace("/", ".") for above in parents(path)}
    known = [above for above, name in names.items() if shape_named(collection, name)]
    above = next((above for above in known if names[above] in mapped), None) or next(
        iter(known), path
    )
    return names.get(above, above), path[len(above) + 1 :].split("/") if above != path else []


def _difference(known: Any, record: Any) -> str:
    """What tells two records of one id apart."""
    if type(known) is not type(record):
        return f" as a {type(known).__name__.lower()}"
    names = [row.name for row in fields(record)]
    other = [name for name in names if getattr(known, name) != getattr(record, name)]
    return f", with another {' and '.join(other)}"
