"""A CSV file to rows of cells, bounded; what cannot be read is a finding and ends the file."""

from __future__ import annotations

import csv
import re
from collections.abc import Generator, Iterator
from io import TextIOWrapper
from pathlib import Path
from typing import NamedTuple

from engine.interchange.csv_tables.formulas import unescape_formula
from engine.interchange.csv_tables.mapping import Table
from engine.interchange.files import (
    CUT_SHORT,
    MAX_BLANK_LINES,
    MAX_FILE_BYTES,
    MAX_LINE_BYTES,
    READ_ERRORS,
    opened,
)
from engine.problems import Report, one_of

MAX_CELLS = 10_000
"""Most cells that a row may have."""

FILE_CODES = (*CUT_SHORT, "not_utf8", "wrong_encoding", "not_csv", "too_many_errors")
"""Codes that say that a file was not read to its end."""

_NOT_DECODED = re.compile("[\udc80-\udcff]")


class CsvRow(NamedTuple):
    """A row, and the line on which it begins."""

    line: int
    cells: list[str]


class _CutShortError(Exception):
    """The rest of a file is not read."""

    def __init__(self, code: str, line: int, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.line = line


class _Lines:
    """Lines of a text, each bounded, and so are those of one row together."""

    def __init__(self, stream: TextIOWrapper, encoding: str) -> None:
        self.number = 0
        self.row_size = 0
        self._stream = stream
        self._encoding = encoding
        self._size = 0

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line = self._next()
        if not line:
            raise StopIteration
        self.number += 1
        self._size += len(line)
        self.row_size += len(line)
        if self.row_size > MAX_LINE_BYTES:
            message = f"a row longer than {MAX_LINE_BYTES} characters; the rest is not read"
            raise _CutShortError("line_too_long", self.number, message)
        if self._size > MAX_FILE_BYTES:
            message = f"more than {MAX_FILE_BYTES} characters; the rest is not read"
            raise _CutShortError("too_large", self.number, message)
        if not line.isascii() and (found := _NOT_DECODED.search(line)):
            raise self._wrong_encoding(f" at character {found.start() + 1}")
        return line

    def _next(self) -> str:
        try:
            return self._stream.readline(MAX_LINE_BYTES + 1)
        except UnicodeError as error:
            self.number += 1
            raise self._wrong_encoding(", here or soon after") from error

    def _wrong_encoding(self, where: str) -> _CutShortError:
        code = "not_utf8" if self._encoding == "utf-8" else "wrong_encoding"
        advice = one_of(name for name in ("utf-8", "cp1252", "utf-16") if name != self._encoding)
        message = f"not in the encoding {self._encoding}{where}; the rest is not read. {advice}"
        return _CutShortError(code, self.number, message)


def csv_rows(file: Path, table: Table, findings: Report) -> Generator[CsvRow]:
    """Rows of a file that are not blank; the first names the columns.

    Parameters
    ----------
    file
        A regular file, plain or gzip.
    table
        How it is written, and its name for messages.
    findings
        Where it is said why the rest is not read; each such code is one of ``FILE_CODES``.
    """
    name = table.file
    encoding = "utf-8-sig" if table.encoding == "utf-8" else table.encoding
    try:
        with (
            opened(file) as raw,
            TextIOWrapper(raw, encoding, errors="surrogateescape", newline="") as stream,
        ):
            lines = _Lines(stream, table.encoding)
            for _ in range(table.skip_lines):
                next(lines, "")
                lines.row_size = 0
            yield from _rows(lines, table)
    except _CutShortError as error:
        findings.error(error.code, f"{name}:{error.line}", str(error))
    except READ_ERRORS as error:
        findings.error("not_readable", name, str(error))


def _rows(lines: _Lines, table: Table) -> Iterator[CsvRow]:
    csv.field_size_limit(MAX_LINE_BYTES)  # the lines are bounded; lists of ids may be long
    reader = csv.reader(
        lines,
        delimiter=table.delimiter,
        quotechar=table.quote or None,
        quoting=csv.QUOTE_MINIMAL if table.quote else csv.QUOTE_NONE,
        skipinitialspace=table.trim,
        strict=True,
    )
    num_blank = 0
    while True:
        line, lines.row_size = lines.number + 1, 0
        try:
            cells = next(reader, None)
        except csv.Error as error:
            raise _CutShortError("not_csv", line, _said(error)) from error
        if cells is None:
            return
        if len(cells) > MAX_CELLS:
            message = f"more than {MAX_CELLS} cells; the rest is not read"
            raise _CutShortError("line_too_long", line, message)
        if table.trim:
            cells = [cell.strip() for cell in cells]
        if table.formulas_escaped:
            cells = [unescape_formula(cell) for cell in cells]
        if any(cells):
            yield CsvRow(line, cells)
            continue
        num_blank += 1
        if num_blank > MAX_BLANK_LINES:
            message = f"more than {MAX_BLANK_LINES} blank lines; the rest is not read"
            raise _CutShortError("too_large", line, message)


def _said(error: csv.Error) -> str:
    """What Python says of a row that is no CSV, with what is most often meant by it."""
    quoted = "a quotation mark is not closed, or not doubled inside a cell"
    return f"{quoted} ({error}); the rest is not read"
