"""The plan file: a header with the certificate, then one row per request (NDJSON).

``plan_reading`` reads it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any, Literal

from engine.domain.fields import Id, Instant
from engine.domain.record import record
from engine.interchange.validation import adapter
from engine.plan import REASONS, STATES, UNPLACED, Reason, State
from engine.result import Result
from engine.solve.certificate import Certificate, LevelResult
from engine.where import where_told

PLAN_SCHEMA: Literal["slotmatch.plan/1"] = "slotmatch.plan/1"


@record
class PlanHeader:
    """First line of a plan file."""

    schema: Literal["slotmatch.plan/1"]
    """The format and its version."""
    dataset_hash: Id
    """SHA-256 of the dataset the plan was made for."""
    as_of: Instant
    """The instant that was now."""
    policy_hash: Id
    """SHA-256 of the policy it was made under."""
    certificate: dict[str, Any]
    """How good the plan is, and how that is known."""


@record
class PlanRow:
    """Where one request goes."""

    request_id: Id
    """The request."""
    state: State
    """Kept: it held an appointment already."""
    reason: Reason | None = None
    """Why it is unplaced: nothing it could take at all; others hold all it could, or what goes
    with it; or it goes, all or none, with a request that could take nothing at all. Or it was
    open before a repair, and took no part in it.
    """
    ruled_out_by: Id | None = None
    """The rule that took the last candidate of a request without any away."""
    doctor_id: Id | None = None
    """With which doctor."""
    service_id: Id | None = None
    """With which service, where no doctor is named."""
    role_id: Id | None = None
    """In which role."""
    location_id: Id | None = None
    """At which place; none: by video."""
    session_id: Id | None = None
    """In which session."""
    start: Instant | None = None
    """The told start, on the clock of the place; of a day session, its own."""
    end: Instant | None = None
    """The told end; of a day session, its own."""


def certificate_content(certificate: Certificate) -> dict[str, Any]:
    """The certificate as plain values, with the gaps."""
    content = asdict(certificate)
    content["levels"] = _level_contents(certificate.levels)
    for named, part in zip(content["open_named"], certificate.open_named, strict=True):
        named["levels"] = _level_contents(part.levels)
    content["proven"] = certificate.is_proven
    content["seconds"] = round(certificate.seconds, 3)
    return content


def _level_contents(levels: tuple[LevelResult, ...]) -> list[dict[str, Any]]:
    return [
        asdict(level) | {"gap": level.gap, "relative_gap": round(level.relative_gap, 6)}
        for level in levels
    ]


def plan_rows(result: Result) -> Iterator[PlanRow]:
    """One row per request, in the order of the dataset."""
    snapshot, plan = result.snapshot, result.plan
    for index, request_id in enumerate(snapshot.requests.ids):
        state = STATES[plan.state[index]]
        if plan.state[index] == UNPLACED:
            reason = REASONS[plan.reason[index]]
            straw = result.ruled_out_by.get(index)
            yield PlanRow(request_id=request_id, state=state, reason=reason, ruled_out_by=straw)
            continue
        role, session = int(plan.role[index]), int(plan.session[index])
        where = where_told(snapshot, role, session, int(plan.start[index]), int(plan.end[index]))
        yield PlanRow(request_id=request_id, state=state, **asdict(where))


def row_content(row: PlanRow) -> dict[str, Any]:
    """A row as plain values; absent fields are left out."""
    return adapter(PlanRow).dump_python(row, mode="json", exclude_none=True)


def write_plan(result: Result) -> Iterator[bytes]:
    """Lines of the plan file of a result."""
    snapshot, certificate = result.snapshot, result.certificate
    header = {
        "schema": PLAN_SCHEMA,
        "dataset_hash": certificate.dataset_hash,
        "as_of": snapshot.as_of_instant.isoformat(),
        "policy_hash": certificate.policy_hash,
        "certificate": certificate_content(certificate),
    }
    yield json.dumps(header).encode() + b"\n"
    for row in plan_rows(result):
        yield adapter(PlanRow).dump_json(row, exclude_none=True) + b"\n"


def plan_schema() -> dict[str, Any]:
    """JSON Schemas of the header line and of the other lines of a plan file."""
    return {
        "header": adapter(PlanHeader).json_schema(),
        "row": adapter(PlanRow).json_schema(),
    }
