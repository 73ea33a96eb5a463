"""A dataset while it is read: the records so far, and everything that is wrong with them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from engine.checks import check_dataset
from engine.domain import COLLECTIONS, DATASET_SCHEMA, Dataset, Header, Interval
from engine.errors import DatasetError
from engine.interchange.validation import read_record, remains
from engine.problems import Report, parents

HEADER = "header.json"
"""Name of the file of the header."""

_MAX_ERRORS = 10_000
_SURE = {"dangling_reference", "duplicate_id", "duplicate_reference", "unknown_urgency"}
_LAST_DAY = datetime(2099, 12, 31, tzinfo=UTC)
_ANY_HEADER = Header(  # stands for one that cannot be read: the records are judged all the same
    schema=DATASET_SCHEMA,
    as_of=_LAST_DAY,
    horizon=Interval(start=datetime(2000, 1, 1, tzinfo=UTC), end=_LAST_DAY),
    time_zone="UTC",
)


@dataclass(slots=True)
class Draft:
    """Records read so far, where they stand, and the ids of those that could not be read."""

    report: Report = field(default_factory=Report)
    header: Header | None = None
    header_path: str = HEADER
    records: dict[str, list[Any]] = field(default_factory=lambda: {n: [] for n in COLLECTIONS})
    paths: dict[str, list[str]] = field(default_factory=lambda: {n: [] for n in COLLECTIONS})
    unread: dict[str, set[str]] = field(default_factory=lambda: {n: set() for n in COLLECTIONS})
    incomplete: set[str] = field(default_factory=set)
    half_read: set[str] = field(default_factory=set)

    @property
    def is_hopeless(self) -> bool:
        """Whether so much is wrong that the rest is not worth reading."""
        return self.report.num_errors >= _MAX_ERRORS

    def add(self, collection: str, value: Any, path: str) -> None:
        """Validate a record and keep it, or what can be known of it."""
        record_type = COLLECTIONS[collection]
        record = read_record(record_type, value, path, self.report)
        if record is None and isinstance(value, dict):
            record = remains(record_type, value)
            self.half_read.add(path)
        if record is not None:
            self.records[collection].append(record)
            self.paths[collection].append(path)
        elif isinstance(value, dict) and isinstance(value.get("id"), str):
            self.unread[collection].add(value["id"])
        else:
            self.incomplete.add(collection)

    def add_lists(self, content: Mapping[str, Any], names: Iterable[str], path: str) -> None:
        """Add the records of the named collections of a document."""
        for name in names:
            rows = content.get(name, [])
            if not isinstance(rows, list):
                self.report.error("wrong_type", f"{path}/{name}", "must be a list", rows)
                self.incomplete.add(name)
                continue
            for index, row in enumerate(rows):
                self.add(name, row, f"{path}/{name}/{index}")
                if self.is_hopeless:
                    self.give_up(f"{path}/{name}/{index}")
                    return

    def give_up(self, path: str) -> None:
        """Say that the rest is not read."""
        message = f"more than {_MAX_ERRORS} errors; the rest is not read"
        self.report.error("too_many_errors", path, message)
        self.incomplete.update(COLLECTIONS)

    def finish(self, urgencies: Collection[str] | None) -> tuple[Dataset, Report]:
        """Check the records together.

        Raises
        ------
        DatasetError
            If anything read so far, or the check, found an error.
        """
        records = {name: tuple(rows) for name, rows in self.records.items()}
        dataset = Dataset(header=self.header or _ANY_HEADER, **records)
        where, unread = self._where, self.unread
        self._take_over(check_dataset(dataset, where, unread, urgencies, self.incomplete))
        if not any(self.records.values()) and not self.report.num_errors:
            self.report.error("empty_dataset", self.header_path, "there are no records")
        if self.report.num_errors:
            raise DatasetError.of(self.report)
        return dataset, self.report

    def _take_over(self, found: Report) -> None:
        """Take over what checks found; of records read in part, only what is sure."""
        if not self.half_read:
            self.report.extend(found)
            return
        for problem in found.problems:
            record, _, _ = problem.path.rpartition("/")
            is_part = any(path in self.half_read for path in parents(record))
            if not is_part or problem.code in _SURE:
                self.report.add(problem)

    def _where(self, collection: str, index: int) -> str:
        return self.header_path if collection == "header" else self.paths[collection][index]
