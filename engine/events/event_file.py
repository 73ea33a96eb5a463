"""Events as JSON: a list of objects, each of which says by its ``kind`` what happened."""

from __future__ import annotations

from typing import Any

from engine.errors import DisruptionError
from engine.events.events import DISRUPTIONS, Disruption
from engine.interchange.json_text import UNREADABLE, parse_json
from engine.interchange.validation import adapter, read_record
from engine.problems import Report, one_of


def read_disruptions(raw: bytes, path: str = "events") -> tuple[Disruption, ...]:
    """Read events from the bytes of a JSON document.

    Parameters
    ----------
    raw
        A list of objects; UTF-8.
    path
        Name for messages.

    Raises
    ------
    DisruptionError
        Everything that is wrong with it. What an event names is judged when it is applied.
    """
    report = Report()
    content = parse_json(raw, path, report)
    if content is UNREADABLE:
        raise DisruptionError.of(report)
    return disruptions_from(content, path)


def disruptions_from(content: Any, path: str = "") -> tuple[Disruption, ...]:
    """Read events from plain values, as ``read_disruptions`` does from text."""
    report = Report()
    if not isinstance(content, list):
        report.error("wrong_type", path, "must be a list of events", content)
        raise DisruptionError.of(report)
    read = [_read(value, f"{path}/{index}", report) for index, value in enumerate(content)]
    if report.num_errors:
        raise DisruptionError.of(report)
    return tuple(event for event in read if event is not None)


def _read(value: Any, path: str, report: Report) -> Disruption | None:
    """One event; ``None`` where it cannot be read, which is reported."""
    if not isinstance(value, dict):
        report.error("wrong_type", path, "must be an object", value)
        return None
    if "kind" not in value:
        message = f"the field is required. {one_of(DISRUPTIONS)}"
        report.error("missing_field", f"{path}/kind", message)
        return None
    kind = value["kind"]
    if not isinstance(kind, str) or kind not in DISRUPTIONS:
        message = f"no such kind of event. {one_of(DISRUPTIONS, str(kind))}"
        report.error("wrong_value", f"{path}/kind", message, kind)
        return None
    event: Disruption | None = read_record(DISRUPTIONS[kind], value, path, report)
    return event


def disruptions_schema() -> dict[str, Any]:
    """JSON Schema of a list of events."""
    return adapter(tuple[Disruption, ...]).json_schema()
