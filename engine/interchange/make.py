"""Values of other formats to records of ours: each is judged, and mended where that is sensible."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import MISSING, fields
from typing import Any, TypeVar

from engine.interchange.validation import read_record
from engine.problems import Problem, Report

T = TypeVar("T")

LONGEST_NAME = 200
"""To this length a name is cut that is longer than a record may hold."""

_NAMES = {"name", "payer"}  # for people to read: they may be cut
_WORDS = {"state", "npi", "languages"}  # they mean the same without what does not print
_BLANKS = re.compile(r"[\t\n\v\f\r]+")
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]+")


def make(
    record_type: type[T],
    values: Mapping[str, Any],
    path: str,
    sources: Mapping[str, str],
    findings: Report,
) -> T | None:
    """Make a record of values that may break the limits of its fields.

    Parameters
    ----------
    record_type, values
        A record of ``engine.domain``, and its fields; a list is a tuple of texts.
    path, sources
        The line that it is made of, and where on it a field's value stands, by default under
        the field's own name.
    findings
        Where it is said what was repaired (a warning), or is wrong (an error).

    Returns
    -------
    record or None
        Names lose what does not print, and are cut; what else is wrong is left out. ``None``
        where a required field is wrong.
    """
    values = dict(values)
    while True:
        found = Report()
        record: T | None = read_record(record_type, values, "", found)
        if record is not None:
            return record
        required, is_hopeless = _required(record_type), False
        for problem in reversed(found.problems):  # what is left out moves only what is behind it
            name, _, index = problem.path[1:].partition("/")
            where = f"{path}/{sources.get(name, name)}"
            if name in required:
                findings.error("unusable_row", where, problem.message, values[name])
                is_hopeless = True
            else:
                _mend(values, name, index, problem, where, findings)
        if is_hopeless:
            return None


def _required(record_type: Any) -> frozenset[str]:
    """Fields that have no default."""
    return frozenset(
        field.name
        for field in fields(record_type)
        if field.default is MISSING and field.default_factory is MISSING
    )


def _mend(
    values: dict[str, Any], name: str, index: str, problem: Problem, where: str, findings: Report
) -> None:
    """Put a better value in the place of a wrong one, or leave it out; report it."""
    value = values[name][int(index)] if index else values[name]
    mended = _mended(name, value, problem)
    action = "left out" if mended is None else "mended"
    findings.warn("repaired_value", where, f"{problem.message}: {action}", value)
    if index:
        rows = list(values[name])
        rows[int(index) : int(index) + 1] = [] if mended is None else [mended]
        values[name] = tuple(dict.fromkeys(rows))
    elif mended is None:
        del values[name]
    else:
        values[name] = mended


def _mended(name: str, value: str, problem: Problem) -> str | None:
    """A better value; ``None`` where there is none."""
    if problem.code == "bad_text" and name in _NAMES | _WORDS:
        return _UNPRINTABLE.sub("", _BLANKS.sub(" ", value)).strip() or None
    if problem.code == "out_of_range" and name in _NAMES:
        return f"{value[:LONGEST_NAME]}…"
    return None
