"""What happened, as the options of a command say it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from engine.domain.fields import DayOrInstant
from engine.errors import DisruptionError
from engine.events.event_file import EVENTS
from engine.events.events import DISRUPTIONS, Disruption, DoubleBookings
from engine.interchange.files import whole_file
from engine.interchange.validation import read_record
from engine.problems import Problem, Report, one_of
from engine.time_grid import beginning_of, end_of

_FIELDS = {
    "doctor": "doctor_id",
    "from": "start",
    "insurance_plan": "insurance_plan_id",
    "location": "location_id",
    "network": "network",
    "role": "role_id",
    "session": "session_id",
    "to": "end",
}
"""What the words of an option are called in an event."""

_WORDS = {field: word for word, field in _FIELDS.items()}

_TAKES = {
    "--absent": ("doctor", "from", "to"),
    "--closed": ("location", "session", "from", "to"),
    "--shortened": ("session", "from", "to"),
    "--taken": ("doctor", "role", "from", "to"),
    "--network-left": ("insurance_plan", "network"),
}
"""Words that each option takes."""

_KINDS = {
    "--absent": "doctor_absent",
    "--closed": "location_closed",
    "--shortened": "session_shortened",
    "--taken": "taken_elsewhere",
    "--network-left": "plan_leaves_network",
}


@dataclass(frozen=True, slots=True)
class Stated:
    """Events, and where each was stated.

    Parameters
    ----------
    events
        In the order in which they happen.
    origins
        For messages: a place in a file, or an option with its number, counted from 0.
    """

    events: tuple[Disruption, ...]
    origins: tuple[str, ...]

    def renamed(self, problems: Iterable[Problem], path: str) -> list[Problem]:
        """Findings about ``path/0``, ``path/1``, … as findings about where these were stated."""
        return [self._renamed(problem, path) for problem in problems]

    def _renamed(self, problem: Problem, path: str) -> Problem:
        number, _, rest = problem.path.removeprefix(f"{path}/").partition("/")
        origin = self.origins[int(number)]
        if origin.startswith("--"):
            rest = _WORDS.get(rest, rest)
        return replace(problem, path=f"{origin}/{rest}" if rest else origin)


def stated_events(
    file: Path | None,
    options: Mapping[str, Sequence[str]],
    zone: ZoneInfo,
    *,
    double_bookings: bool = False,
) -> Stated:
    """Events of a file, then those of the options, then that double bookings are to be mended.

    Parameters
    ----------
    file
        A JSON list of events.
    options
        Values of ``--absent`` and so on, each like ``doctor=ID,from=TIME,to=TIME``. Times are
        instants with an offset, or plain dates: the midnight with which ``from`` begins, and the
        one with which ``to`` ends.
    zone
        Whose midnight.

    Raises
    ------
    DisruptionError
        Everything that is wrong with how they are stated.
    """
    report, events, origins = Report(), list[Disruption](), list[str]()
    if file is not None:
        of_file = _of_file(file, report)
        events += of_file
        origins += [f"{file.name}/{index}" for index in range(len(of_file))]
    for option in _TAKES:
        for index, text in enumerate(options.get(option, ())):
            event = _read(option, text, f"{option}/{index}", zone, report)
            if event is not None:
                events.append(event)
                origins.append(f"{option}/{index}")
    if report.num_errors:
        raise DisruptionError.of(report)
    if double_bookings:
        events.append(DoubleBookings())
        origins.append("--double-bookings")
    return Stated(tuple(events), tuple(origins))


def _of_file(file: Path, report: Report) -> tuple[Disruption, ...]:
    raw = whole_file(file, file.name, report)
    if raw is None:
        return ()
    try:
        return EVENTS.read(raw, file.name)
    except DisruptionError as error:
        report.problems += error.problems
        report.counts += error.counts
        return ()


def _read(option: str, text: str, path: str, zone: ZoneInfo, report: Report) -> Disruption | None:
    """One event; ``None`` where it cannot be read, which is reported."""
    found = Report()
    content = dict(_pairs(option, text, path, zone, found))
    kind = _KINDS[option]
    if option == "--closed" and "session_id" in content:
        kind = "session_closed"
    event: Disruption | None = None
    if not found.num_errors:
        event = read_record(DISRUPTIONS[kind], content, path, found)
    for problem in found.problems:
        before, _, last = problem.path.rpartition("/")
        report.add(replace(problem, path=f"{before}/{_WORDS.get(last, last)}"))
    return event


def _pairs(
    option: str, text: str, path: str, zone: ZoneInfo, report: Report
) -> Iterator[tuple[str, Any]]:
    """Fields of the event and their values."""
    seen = set[str]()
    for part in text.split(","):
        word, equals, value = part.partition("=")
        if not equals:
            report.error("wrong_value", path, "must be written like doctor=ID,from=TIME", part)
        elif word not in _TAKES[option]:
            message = f"takes no such word. {one_of(_TAKES[option], word)}"
            report.error("unknown_field", f"{path}/{word}", message)
        elif word in seen:
            report.error("duplicate_key", f"{path}/{word}", "is said twice")
        elif word in ("from", "to"):
            yield _FIELDS[word], _instant(word, value, f"{path}/{word}", zone, report)
        else:
            yield _FIELDS[word], value
        seen.add(word)


def _instant(word: str, text: str, path: str, zone: ZoneInfo, report: Report) -> datetime | None:
    """The instant that a time stands for; ``None`` where it cannot be read."""
    value: date | None = read_record(DayOrInstant, text, path, report)  # type: ignore[arg-type]
    if value is None:
        return None
    return beginning_of(value, zone) if word == "from" else end_of(value, zone)
