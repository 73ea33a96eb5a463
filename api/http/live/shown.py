"""Appointments and records as answers."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

from api.http.live.etags import etag
from api.store.answering import Answer
from api.store.promised import Promised
from engine.interchange.validation import adapter

JSON = "application/json"


def text_of(content: Any) -> str:
    """JSON without spaces."""
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"))


def record_content(record: Any) -> dict[str, Any]:
    """A record as a dataset has it: fields at their default are left out."""
    record_type: Any = type(record)
    content: dict[str, Any] = adapter(record_type).dump_python(
        record, mode="json", exclude_defaults=True
    )
    return content


def appointment_content(found: Promised) -> dict[str, Any]:
    """An appointment as the store keeps it."""
    content = record_content(found.record)
    if found.status != "held":
        content.pop("held_until", None)
    more = {"status": found.status, "version": found.version}
    return content | more | ({} if found.reason is None else {"reason": found.reason})


def appointment_answer(status: int, found: Promised) -> Answer:
    """An appointment as an answer that can be kept."""
    headers = {"content-type": JSON, "etag": etag(found.version)}
    if status == 201:
        headers["location"] = f"/v1/appointments/{quote(found.record.id, safe='')}"
    hold_id = found.record.id if found.status == "held" else None
    return Answer(status, headers, text_of(appointment_content(found)), hold_id)
