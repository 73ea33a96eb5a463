"""What every check needs: the dataset, its ids, and where findings go."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Protocol

from engine.domain import Dataset
from engine.geography import postal_place
from engine.problems import Report
from engine.time_grid import elapsed

Where = Callable[[str, int], str]
"""Path of a record: collection and index in, ``requests.ndjson:17`` out."""


class HasAgeRange(Protocol):
    """A record with age limits."""

    @property
    def age_min(self) -> int | None:
        """Youngest age."""

    @property
    def age_max(self) -> int | None:
        """Oldest age."""


class Context:
    """The dataset under judgement and the report that grows.

    Parameters
    ----------
    dataset
        The records.
    where
        Path of a record.
    ids
        Ids that exist, by collection, readable or not.
    report
        Where findings go.
    incomplete
        Collections of which some ids are not known: nothing is said to dangle there.
    """

    def __init__(
        self,
        dataset: Dataset,
        where: Where,
        ids: Mapping[str, Collection[str]],
        report: Report,
        incomplete: Collection[str] = (),
    ) -> None:
        self.dataset = dataset
        self.where = where
        self.ids = ids
        self.report = report
        self._incomplete = incomplete

    def rows(self, collection: str) -> Iterator[tuple[str, Any]]:
        """Path and record, for every record of ``collection``."""
        for index, row in enumerate(getattr(self.dataset, collection)):
            yield self.where(collection, index), row

    def refer(self, path: str, value: str | None, *collections: str) -> None:
        """Record an error unless ``value`` is ``None`` or an id of one of ``collections``."""
        if value is None or any(value in self.ids[collection] for collection in collections):
            return
        if any(collection in self._incomplete for collection in collections):
            return
        nouns = " or ".join(
            collection.replace("_", " ").removesuffix("s") for collection in collections
        )
        self.report.error("dangling_reference", path, f"there is no {nouns} with this id", value)

    def refer_all(self, path: str, values: Sequence[str], *collections: str) -> None:
        """``refer`` for every value; a value named twice is an error too."""
        for index, value in enumerate(values):
            self.refer(f"{path}/{index}", value, *collections)
        self.distinct(path, values)

    def distinct(self, path: str, values: Sequence[str]) -> None:
        """Record an error for every value that is named a second time."""
        seen: set[str] = set()
        for index, value in enumerate(values):
            if value in seen:
                self.report.error("duplicate_reference", f"{path}/{index}", "named twice", value)
            seen.add(value)

    def ordered(self, path: str, start: datetime, end: datetime) -> None:
        """Record an error unless ``start`` is before ``end``, both on whole minutes."""
        if elapsed(start, end) <= timedelta():
            message = f"the end is not after the start {start.isoformat()}"
            self.report.error("empty_interval", f"{path}/end", message, end.isoformat())
        for name, instant in (("start", start), ("end", end)):
            if instant.second or instant.microsecond:
                message = "must fall on a whole minute"
                self.report.error(
                    "not_whole_minute", f"{path}/{name}", message, instant.isoformat()
                )

    def age_range(self, path: str, row: HasAgeRange) -> None:
        """Record an error where the youngest age is above the oldest."""
        if row.age_min is not None and row.age_max is not None and row.age_min > row.age_max:
            message = f"age_min {row.age_min} is above age_max {row.age_max}"
            self.report.error("empty_age_range", f"{path}/age_min", message, row.age_min)

    def postal_code(self, path: str, value: str) -> None:
        """Record an error unless ``value`` is a known US postal code."""
        if postal_place(value) is None:
            message = "no such US postal code; give coordinates instead"
            self.report.error("unknown_postal_code", path, message, value)
