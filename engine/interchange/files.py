"""Files to bytes: plain or gzip, whole or line by line, bounded."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from engine.problems import Report

MAX_LINE_BYTES = 1 << 20
"""Longest record that is read."""

MAX_FILE_BYTES = 1 << 30
"""Most that is read of a file, unpacked; a larger collection is no dataset for one solve."""

MAX_BLANK_LINES = 10_000
"""Blank lines that a file may hold."""

CUT_SHORT = ("not_readable", "line_too_long", "too_large")
"""Codes that say that a file was not read to its end."""

READ_ERRORS = (OSError, EOFError, zlib.error)
"""What opening and reading raises where the bytes cannot be had."""

_TOO_LARGE = (
    f"more than {MAX_FILE_BYTES} bytes or {MAX_BLANK_LINES} blank lines; the rest is not read"
)


def ndjson_lines(file: Path, report: Report) -> Iterator[tuple[str, bytes]]:
    """Path and text of every line that is not blank.

    What cannot be read is reported and ends the file: a line that is too long is no record,
    and what follows it is most likely none either.
    """
    try:
        with opened(file) as stream:
            size = num_blank = 0
            for number, line in enumerate(iter(lambda: stream.readline(MAX_LINE_BYTES + 1), b"")):
                path = f"{file.name}:{number + 1}"
                size += len(line)
                if len(line) > MAX_LINE_BYTES:
                    message = f"longer than {MAX_LINE_BYTES} bytes; the rest is not read"
                    report.error("line_too_long", path, message)
                    return
                if line.strip():
                    yield path, line
                else:
                    num_blank += 1
                if size > MAX_FILE_BYTES or num_blank > MAX_BLANK_LINES:
                    report.error("too_large", path, _TOO_LARGE)
                    return
    except READ_ERRORS as error:
        report.error("not_readable", file.name, str(error))


def whole_file(file: Path, path: str, report: Report, most: int | None = None) -> bytes | None:
    """Everything in a file; ``None``, and a report, where it cannot be read.

    Parameters
    ----------
    most
        Bytes that it may hold, unpacked; by default as many as any file.
    """
    limit = MAX_FILE_BYTES if most is None else most
    try:
        with opened(file) as stream:
            content = stream.read(limit + 1)
    except READ_ERRORS as error:
        report.error("not_readable", path, str(error))
        return None
    if len(content) > limit:
        report.error("too_large", path, f"more than {limit} bytes: the file is not read")
        return None
    return content


def opened(file: Path) -> BinaryIO | gzip.GzipFile:
    """A file to read bytes from, unpacked where its name ends in ``.gz``."""
    return gzip.open(file, "rb") if file.suffix == ".gz" else file.open("rb")
