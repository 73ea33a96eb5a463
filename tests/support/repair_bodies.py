"""Bodies of ``POST /v1/repairs``, and what tests read of the answers."""

from __future__ import annotations

import json
from typing import Any

from clinic import Clinic

from engine.interchange.dataset import write_document

CLOSED = {"kind": "session_closed", "session_id": "lost"}
ABSENT = {"kind": "doctor_absent", "start": "2026-03-03T00:00:00Z", "end": "2026-03-04T00:00:00Z"}


def content_of(clinic: Clinic) -> dict[str, Any]:
    """A clinic as it is sent."""
    content: dict[str, Any] = json.loads(write_document(clinic.dataset()))
    return content


def points(answer: dict[str, Any]) -> list[tuple[int, int, int]]:
    """The frontier: others moved, people left without a place, people told another one."""
    return [
        (point["additional"], sum(point["unplaced"].values()), point["counts"]["moved"]["people"])
        for point in answer["frontier"]
    ]
