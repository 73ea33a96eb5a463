"""Findings about input: one shape for errors and warnings of every reader."""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Literal

Severity = Literal["error", "warning"]

CODES: dict[str, str] = {
    # the bytes
    "not_found": "the file or folder does not exist",
    "file_not_taken": "no file can be named here: what it holds is to be sent instead",
    "not_readable": "the file cannot be read",
    "bad_path": "the file or folder cannot be read or written, or must not be",
    "system_error": "the system refuses something that is no file: a connection, for one",
    "not_utf8": "the text is not UTF-8",
    "not_json": "the text is not JSON",
    "not_toml": "the text is not TOML",
    "not_yaml": "the text is not YAML, or uses a part of YAML that is not read",
    "line_too_long": "a line is longer than a record may be",
    "too_large": "the file holds more than is read",
    "too_many_errors": "so much is wrong that the rest is not read",
    "duplicate_key": "an object names a key twice",
    "unknown_file": "the folder holds a file that no collection has",
    "empty_dataset": "the dataset has a header and nothing else",
    "missing_header": "the dataset has no header",
    # a field
    "missing_field": "a required field is absent",
    "unknown_field": "the record has no such field",
    "wrong_type": "the value is of another type",
    "wrong_value": "the value is none of those allowed",
    "out_of_range": "the number, date or length is outside its limits",
    "not_finite": "the number is infinite or not a number",
    "bad_text": "the text holds control characters or half a surrogate pair",
    "bad_instant": "the instant is malformed or has no offset",
    "bad_date": "the date is malformed",
    "unknown_time_zone": "no such IANA time zone",
    # a record
    "empty_interval": "the end is not after the start",
    "not_whole_minute": "the instant does not fall on a whole minute",
    "not_exactly_one": "exactly one of several fields must be given",
    "missing_time_zone": "a video role needs a time zone",
    "missing_cell_minutes": "a timed session needs the length of its cells",
    "empty_age_range": "the youngest age is above the oldest",
    "hold_without_end": "a held appointment needs held_until",
    "max_travel_without_home": "a travel limit needs a home to measure from",
    "unknown_postal_code": "the postal code is not known",
    "nothing_to_insist_on": "insists_on names a wish that is not made",
    # across records
    "duplicate_id": "two records of a collection share an id",
    "dangling_reference": "no such record",
    "duplicate_reference": "a list names the same record twice",
    "two_places": "a request holds two active appointments",
    "two_links": "a request is in two links",
    "unknown_urgency": "the policy has no such urgency class",
    # a policy
    "unknown_rule": "there is no such rule",
    "bad_parameter": "a rule refuses a parameter",
    # a cluster
    "lost_processes": "processes that did the work died again and again",
    "no_cluster": "no cluster answers at the address",
    "other_version": "workers of the cluster run another version",
    # a store
    "no_store": "there is no store at the address, or it cannot be reached",
    "damaged_store": "the file of the store is damaged, or is none of SQLite's",
    "newer_store": "the store was made by a later version",
    "unsafe_store": "the database is set so that it may lose what it acknowledged",
    "store_not_empty": "the store holds a dataset already",
    "empty_store": "the store holds no dataset",
    "no_keys": "the service listens beyond its machine, and has no keys to ask for",
    "weak_key": "a key that was made by hand is too easily guessed",
    "not_a_backup": "the file is no backup of a store, or none of such a store",
    "store_in_use": "somebody has the store open that is to be replaced",
    "missing_program": "a program that does the work is not installed",
    "failed_program": "a program that does the work could not do it",
    "not_eligible": "a rule does not admit the request at the place that is asked for",
    "not_movable": "a block, or an appointment that is pinned, stays where it is",
    # a plan file
    "other_role": "the plan names a doctor or place that the role has not",
    "needless_field": "the row says more than its state allows",
    "plan_without_header": "the plan file does not begin with its header",
    "missing_request": "the plan does not mention a request of the dataset",
    "not_a_place": "the time that is named is none that a session has",
    # an event
    "nothing_remains": "what is to remain of the session lies outside of it; it is closed",
    # warnings
    "nothing_touched": "the event changes nothing",
    "other_dataset": "the plan was made for a dataset with another hash",
    "other_policy": "the plan was made under a policy with another hash",
    "npi_check_digit": "the NPI's check digit is wrong",
    "home_unknown": "a patient's home is unknown: distance is not judged",
    "place_unknown": "a location has no coordinates: distance is not judged",
    "overlapping_sessions": "two sessions of a doctor overlap",
    "unused_minutes": "the session's end is not a multiple of its cells",
    "outside_horizon": "the session lies outside the horizon",
    "unlicensed_video": "a video role states no licensed states: it admits nobody",
    "no_networks": "a role has no network and takes no self-payers: it admits nobody",
    "cap_differs": "the roles of a doctor state different caps: the lowest holds",
    "no_such_resource": "no place has a room or device of this kind: the visit fits nowhere",
    # readers of other formats
    "unused_resource": "the record is of a kind that is not read",
    "network_without_plan": "no insurance plan lists the network",
    "unresolved_reference": "the record refers to one that is not there",
    "unusable_row": "the record lacks what it needs",
    "no_hours": "the role states no weekly hours: it gets no sessions",
    "repaired_value": "the value was repaired",
    "missing_output": "the publication names a file that is not here",
    "other_offset": "the offset is not that of the clock at the place",
    "unused_row": "nothing that was used refers to the record",
    "absence": "sessions were left out or cut: nobody is there",
    "not_csv": "the text is not CSV",
    "wrong_encoding": "the text is not in the encoding that is stated",
    "wrong_number_of_cells": "the row has more or fewer cells than there are columns",
    "unknown_column": "the file has no such column",
    "unused_column": "the mapping does not use columns of the file",
    "doubtful_clock": "a daylight-saving night skips or repeats the clock time",
    # calendars
    "missing_extra": "the command needs libraries that are not installed",
    "not_icalendar": "the text is not iCalendar",
    "costly_rule": "a recurrence rule takes too long to expand",
    "superseded": "a later version of the record is used",
    "all_day_hours": "an event of whole days does not say when somebody is there",
    "unknown_code": "nothing in the dataset has the code",
    "overbooked": "a slot says that it is overbooked",
    "overlapping_slots": "a slot is free by what it says, and something overlaps it",
}
"""Every code, with what it means. ``docs/problem-codes.md`` is written from it."""

MAX_KEPT = 1_000
"""Problems kept per code; further ones are counted."""

_MAX_SHOWN = 80
_MAX_PATH = 300
_MAX_MESSAGE = 400
_MAX_NAMED = 10
_MAX_COMPARED = 20


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding.

    Parameters
    ----------
    code
        Key of ``CODES``.
    path
        Where: ``requests.ndjson:17/earliest``, ``/requests/16/earliest``, a file name.
    message
        What is wrong and what the rule is; never repeats ``value``.
    value
        The offending value, shortened; ``None`` where there is none to show.
    severity
        An error makes the input unusable, a warning does not.
    """

    code: str
    path: str
    message: str
    value: str | None = None
    severity: Severity = "error"

    def __post_init__(self) -> None:
        """Make path and message fit to be shown: they may hold names from the input."""
        parts = (_printable(part, _MAX_SHOWN) for part in self.path.split("/"))
        object.__setattr__(self, "path", _cut("/".join(parts), _MAX_PATH))
        object.__setattr__(self, "message", _printable(self.message, _MAX_MESSAGE))

    @property
    def is_error(self) -> bool:
        """Whether the input is unusable because of it."""
        return self.severity == "error"

    def sentence(self) -> str:
        """Render for people: path, value, message."""
        shown = "" if self.value is None else f" {self.value}:"
        return f"{self.path}:{shown} {self.message}"


def shown(value: object) -> str:
    """Shorten ``value`` for a message, escaping what does not print."""
    if isinstance(value, str):
        value = value[:_MAX_SHOWN]  # no need to escape what is cut
    try:
        text = ascii(value) if isinstance(value, str) and not value.isprintable() else repr(value)
    except (RecursionError, ValueError):  # absurdly nested, or an integer of 5,000 digits
        return f"<{type(value).__name__}>"
    return _cut(text, _MAX_SHOWN)


def parents(path: str) -> Iterator[str]:
    """A path, and every path above it."""
    while path:
        yield path
        path = path.rpartition("/")[0]


def one_of(names: Iterable[str], meant: str = "") -> str:
    """Advice that names those of the possible values that are like the one meant, or some."""
    known = [_cut(name, _MAX_SHOWN) for name in names]
    near = difflib.get_close_matches(meant[:_MAX_SHOWN], known, n=3) if meant else []
    more = ", …" if not near and len(known) > _MAX_NAMED else ""
    return f"Maybe one of: {', '.join(near or known[:_MAX_NAMED])}{more}"


class Advice:
    """``one_of`` where it is asked for again and again: comparing takes long."""

    def __init__(self) -> None:
        self._given: dict[tuple[int, str], str] = {}

    def one_of(self, names: Collection[str], meant: str) -> str:
        """Advice as ``one_of`` gives it; after many values it only names those that there are.

        Parameters
        ----------
        names
            Those of one field; they live as long as this object.
        """
        key = id(names), meant
        if key not in self._given:
            if len(self._given) >= _MAX_COMPARED:
                return one_of(names)
            self._given[key] = one_of(names, meant)
        return self._given[key]


def _printable(text: str, most: int) -> str:
    """``text``, cut, with what does not print escaped."""
    cut = _cut(text, most)
    return cut if cut.isprintable() else ascii(cut)[1:-1]


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"


@dataclass(slots=True)
class Report:
    """Collects problems while something is read; bounded, but counts everything.

    Parameters
    ----------
    problems
        What was found and kept.
    counts
        How often each kind was found.
    max_kept
        Problems kept per kind; ``None``: all.
    """

    problems: list[Problem] = field(default_factory=list)
    counts: Counter[tuple[Severity, str]] = field(default_factory=Counter)
    max_kept: int | None = MAX_KEPT

    def add(self, problem: Problem) -> None:
        """Keep ``problem``, or only count it when its code is already well represented."""
        if problem.code not in CODES:
            raise KeyError(f"problem code {problem.code!r} is not in CODES")
        key = (problem.severity, problem.code)
        self.counts[key] += 1
        if self.max_kept is None or self.counts[key] <= self.max_kept:
            self.problems.append(problem)

    def error(self, code: str, path: str, message: str, value: object = None) -> None:
        """Record an error; ``value`` is shortened for display, ``None`` shows nothing."""
        self.add(Problem(code, path, message, None if value is None else shown(value)))

    def warn(self, code: str, path: str, message: str, value: object = None) -> None:
        """Record a warning; ``value`` is shortened for display, ``None`` shows nothing."""
        text = None if value is None else shown(value)
        self.add(Problem(code, path, message, text, "warning"))

    def extend(self, other: Report) -> None:
        """Take over what another report holds."""
        self.problems += other.problems
        self.counts += other.counts

    @property
    def num_errors(self) -> int:
        """Number of errors, kept or not."""
        return sum(n for (severity, _), n in self.counts.items() if severity == "error")

    @property
    def num_warnings(self) -> int:
        """Number of warnings, kept or not."""
        return sum(n for (severity, _), n in self.counts.items() if severity == "warning")
