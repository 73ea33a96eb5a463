"""Twelve kinds of what is a patient's own, each marked so that it is found wherever it shows up."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import structlog

from api.http import logs
from api.http.operations import example_dataset

CANARIES = {
    "patient id": "cnry-mrn-40417",
    "request id": "cnry-request-55121",
    "name": "Cnry Nameson",
    "birth date": "1917-03-04",
    "phone": "+1-555-0140-cnry",
    "e-mail": "cnry@mail.example",
    "address": "17 Cnry Lane",
    "postal code": "cnry-06604",
    "insurance number": "cnry-ins-90210",
    "reason": "cnry chest pain",
    "clinician's note": "cnry rule out",
    "geo": "41.1234567",
}


def marked() -> dict[str, Any]:
    """The small clinic, where somebody has a marked id, request, birth date and home."""
    content = example_dataset()
    patient, request = content["patients"][0]["id"], content["requests"][0]["id"]
    text = json.dumps(content).replace(f'"{patient}"', f'"{CANARIES["patient id"]}"')
    content = json.loads(text.replace(f'"{request}"', f'"{CANARIES["request id"]}"'))
    row = next(row for row in content["patients"] if row["id"] == CANARIES["patient id"])
    row["birth_date"] = CANARIES["birth date"]
    row["home"] = {"latitude": float(CANARIES["geo"]), "longitude": -73.2}
    row["groups"] = {"area": CANARIES["address"], "note": CANARIES["clinician's note"]}
    row["family_id"] = CANARIES["name"]
    return content


def shown(text: str) -> list[str]:
    """Kinds of which something stands in a text."""
    return [kind for kind, canary in CANARIES.items() if canary in text]


@contextmanager
def logged() -> Iterator[io.StringIO]:
    """Where the logs of a service go."""
    out, before = io.StringIO(), logging.getLogger().handlers[:]
    logs.configure(out)
    yield out
    structlog.reset_defaults()
    logging.getLogger().handlers[:] = before
