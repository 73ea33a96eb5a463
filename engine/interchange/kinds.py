"""Lists of objects, each of which says by its ``kind`` which record it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from engine.errors import InvalidInputError
from engine.interchange.json_text import UNREADABLE, parse_json
from engine.interchange.validation import adapter, read_record
from engine.problems import Report, one_of

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Kinds(Generic[T]):
    """A union of records, told apart by their ``kind``: how a list of them is read and described.

    Parameters
    ----------
    types
        Record type of every kind.
    listed
        The type of a list of them, with ``kind`` as the discriminator.
    noun
        What one of them is called, for messages.
    error
        What is raised where a list cannot be used.
    """

    types: Mapping[str, type[T]]
    listed: Any
    noun: str
    error: type[InvalidInputError]

    def read(self, raw: bytes, path: str) -> tuple[T, ...]:
        """Read a list from the bytes of a JSON document (UTF-8).

        Parameters
        ----------
        path
            Name for messages.

        Raises
        ------
        InvalidInputError
            An ``error`` with everything that is wrong.
        """
        report = Report()
        content = parse_json(raw, path, report)
        if content is UNREADABLE:
            raise self.error.of(report)
        return self.of(content, path)

    def of(self, content: Any, path: str) -> tuple[T, ...]:
        """Read a list from plain values, as ``read`` does from text."""
        report = Report()
        if not isinstance(content, list):
            report.error("wrong_type", path, f"must be a list of {self.noun}s", content)
            raise self.error.of(report)
        read = [self.one(value, f"{path}/{index}", report) for index, value in enumerate(content)]
        if report.num_errors:
            raise self.error.of(report)
        return tuple(row for row in read if row is not None)

    def one(self, value: Any, path: str, report: Report) -> T | None:
        """Read one of them from plain values; ``None`` where it cannot be, which is reported."""
        if not isinstance(value, dict):
            report.error("wrong_type", path, "must be an object", value)
            return None
        if "kind" not in value:
            message = f"the field is required. {one_of(self.types)}"
            report.error("missing_field", f"{path}/kind", message)
            return None
        kind = value["kind"]
        if not isinstance(kind, str) or kind not in self.types:
            message = f"no such kind of {self.noun}. {one_of(self.types, str(kind))}"
            report.error("wrong_value", f"{path}/kind", message, kind)
            return None
        found: T | None = read_record(self.types[kind], value, path, report)
        return found

    def schema(self) -> dict[str, Any]:
        """JSON Schema of a list."""
        return adapter(self.listed).json_schema()
