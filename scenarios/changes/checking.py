"""What the checks of several changes need: references, stretches of time, weekly hours."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from engine.checks.context import Context
from engine.checks.dataset import record_path
from engine.domain import Dataset, WeeklyTime
from engine.problems import Report, one_of
from engine.time_grid import clock_minutes
from scenarios.changes.specialties import below
from scenarios.changes.stretch import Moment, stretch_of
from scenarios.situation import Situation


class Checker:
    """Judges the fields of one change.

    Parameters
    ----------
    situation
        In which the change happens.
    path
        Where the change stands, for messages.
    report
        Where findings go.
    """

    def __init__(self, situation: Situation, path: str, report: Report) -> None:
        self.dataset: Dataset = situation.dataset
        self._urgencies = situation.policy.urgencies.names
        self._path = path
        self._report = report
        self._context = Context(situation.dataset, record_path, {}, report)

    def error(self, code: str, field: str, message: str, value: object = None) -> None:
        """Record an error in a field; an empty field is the change as a whole."""
        self._report.error(code, f"{self._path}/{field}".rstrip("/"), message, value)

    def refer(self, field: str, value: str | None, *collections: str) -> None:
        """Record an error unless ``value`` is ``None`` or an id of one of ``collections``."""
        ids = [row.id for name in collections for row in getattr(self.dataset, name)]
        nouns = (name.replace("_", " ").removesuffix("s") for name in collections)
        self.known(field, value, ids, " or ".join(nouns))

    def known(self, field: str, value: str | None, names: Iterable[str], noun: str) -> None:
        """Record an error unless ``value`` is ``None`` or one of ``names``."""
        known = list(dict.fromkeys(names))
        if value is not None and value not in known:
            message = f"there is no {noun} of this name. {one_of(known, value)}"
            self.error("dangling_reference", field, message, value)

    def urgency(self, field: str, value: str | None) -> None:
        """Record an error unless ``value`` is ``None`` or a class of the policy."""
        if value is not None and value not in self._urgencies:
            message = f"the policy has no such class. {one_of(self._urgencies, value)}"
            self.error("unknown_urgency", field, message, value)

    def specialty(
        self, field: str, value: str | None, codes: Sequence[str], *, exactly: bool = False
    ) -> None:
        """Record an error unless ``value`` is ``None``, one of some codes, or above one.

        Parameters
        ----------
        exactly
            It is one of the codes, and it is said.
        """
        if exactly and value is None:
            self.error("missing_field", field, "exactly speaks of a specialty, and none is given")
        if not below(value, codes, exactly=exactly):
            self.known(field, value, codes, "specialty")

    def exactly_one(self, **given: object) -> None:
        """Record an error unless exactly one field is given."""
        if sum(value is not None for value in given.values()) != 1:
            first, *_ = given
            message = f"exactly one of {' and '.join(given)} must be given"
            self.error("not_exactly_one", first, message)

    def some(self, **given: object) -> None:
        """Record an error unless one field at least says something."""
        if all(value in (None, (), {}) for value in given.values()):
            first, *_ = given
            self.error("missing_field", first, f"one of {', '.join(given)} must be given")

    def distinct(self, field: str, values: Sequence[str]) -> None:
        """Record an error for every value that is named a second time."""
        self._context.distinct(f"{self._path}/{field}", values)

    def stretch(self, start: Moment | None, end: Moment | None) -> None:
        """Record an error unless a stretch of time as a change states it has a length."""
        if end is not None:
            self.interval("", *stretch_of(self.dataset, start, end))
        elif isinstance(start, datetime):
            self.whole_minute("start", start)

    def interval(self, field: str, start: datetime, end: datetime) -> None:
        """Record an error unless ``start`` is before ``end``, both on whole minutes."""
        self._context.ordered(f"{self._path}/{field}".rstrip("/"), start, end)

    def whole_minute(self, field: str, instant: date) -> None:
        """Record an error unless an instant falls on a whole minute."""
        if isinstance(instant, datetime) and (instant.second or instant.microsecond):
            message = "must fall on a whole minute"
            self.error("not_whole_minute", field, message, instant.isoformat())

    def weekly(self, field: str, times: Sequence[WeeklyTime]) -> None:
        """Record an error for every weekly time that ends before it has begun."""
        for index, time in enumerate(times):
            if clock_minutes(time.end) <= clock_minutes(time.start):
                message = f"the end is not after the start {time.start}"
                self.error("empty_interval", f"{field}/{index}/end", message, time.end)

    def postal_code(self, field: str, value: str) -> None:
        """Record an error unless ``value`` is a known US postal code."""
        self._context.postal_code(f"{self._path}/{field}", value)
