"""Plan files read back for a dataset: whatever does not belong there is reported."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from engine.errors import PlanFileError
from engine.interchange.files import whole_file
from engine.interchange.json_text import UNREADABLE, parse_json
from engine.interchange.plan_file import PLAN_SCHEMA, PlanHeader, PlanRow
from engine.interchange.validation import read_record
from engine.plan import REASONS, STATES, Plan
from engine.problems import Report
from engine.snapshot import Snapshot
from engine.where import who_and_where


def read_plan(
    path: Path, snapshot: Snapshot, dataset_hash: str, policy_hash: str | None = None
) -> tuple[Plan, PlanHeader, Report]:
    """Read a plan file for a dataset.

    Parameters
    ----------
    path
        The file.
    snapshot, dataset_hash, policy_hash
        What it is read for; other hashes are warnings. Without a policy, any will do.

    Raises
    ------
    PlanFileError
        With every problem found: the file is malformed, or names what the dataset has not.
    """
    report = Report()
    raw = whole_file(path, path.name, report)
    if raw is None:
        raise PlanFileError.of(report)
    lines = [(number, line) for number, line in enumerate(raw.splitlines(), 1) if line.strip()]
    header = _read_header(lines[0][1] if lines else None, path.name, report)
    rows = [_row(line, f"{path.name}:{number}", report) for number, line in lines[1:]]
    plan = _plan_of(rows, path.name, snapshot, report)
    if report.num_errors or header is None:
        raise PlanFileError.of(report)
    if header.dataset_hash != dataset_hash or header.as_of != snapshot.as_of_instant:
        message = "the plan was made for another dataset; its ids resolve in this one"
        report.warn("other_dataset", f"{path.name}:1/dataset_hash", message)
    if policy_hash is not None and header.policy_hash != policy_hash:
        message = "the plan was made under another policy; its own values are not compared"
        report.warn("other_policy", f"{path.name}:1/policy_hash", message)
    return plan, header, report


def plan_from(content: Any, snapshot: Snapshot, path: str = "") -> Plan:
    """Read the rows of a plan from plain values, as ``/v1/match`` answers them.

    Parameters
    ----------
    content
        A list with an object for every request of the snapshot.
    path
        Where the list stands, for messages.

    Raises
    ------
    PlanFileError
        With every problem found, as by ``read_plan``.
    """
    report = Report()
    if not isinstance(content, list):
        report.error("wrong_type", path, "must be a list of rows")
        raise PlanFileError.of(report)
    read = [
        (f"{path}/{index}", read_record(PlanRow, row, f"{path}/{index}", report))
        for index, row in enumerate(content)
    ]
    plan = _plan_of(read, path, snapshot, report)
    if report.num_errors:
        raise PlanFileError.of(report)
    return plan


def claimed_values(header: PlanHeader) -> dict[str, Any]:
    """Value of each level as the certificate of a plan file states it."""
    levels = header.certificate.get("levels")
    rows = levels if isinstance(levels, list) else []
    return {
        str(row["name"]): row.get("value")
        for row in rows
        if isinstance(row, dict) and "name" in row
    }


def _read_header(line: bytes | None, name: str, report: Report) -> PlanHeader | None:
    value = {} if line is None else parse_json(line, f"{name}:1", report)
    if value is UNREADABLE:
        return None
    if not isinstance(value, dict) or "schema" not in value:
        message = f"the first line must be a header with the schema {PLAN_SCHEMA}"
        report.error("plan_without_header", f"{name}:1", message)
        return None
    header: PlanHeader | None = read_record(PlanHeader, value, f"{name}:1", report)
    return header


def _row(line: bytes, path: str, report: Report) -> tuple[str, PlanRow | None]:
    """The row of a line, and where it stands; ``None`` where it cannot be read."""
    value = parse_json(line, path, report)
    return path, None if value is UNREADABLE else read_record(PlanRow, value, path, report)


def _plan_of(
    rows: list[tuple[str, PlanRow | None]], name: str, snapshot: Snapshot, report: Report
) -> Plan:
    """The plan of the rows; requests that no row mentions are reported."""
    plan = Plan.empty(snapshot)
    seen = np.zeros(snapshot.num_requests, np.bool_)
    for path, row in rows:
        if row is None:
            continue
        index = snapshot.index.requests.get(row.request_id)
        if index is None:
            message = "there is no request with this id"
            report.error("dangling_reference", f"{path}/request_id", message, row.request_id)
        elif seen[index]:
            message = "the plan has two rows for this request"
            report.error("duplicate_id", f"{path}/request_id", message, row.request_id)
        else:
            seen[index] = True
            _enter(plan, index, row, path, snapshot, report)
    all_read = all(row is not None for _, row in rows)
    for index in np.flatnonzero(~seen).tolist() if all_read else ():
        message = "the plan has no row for this request"
        report.error("missing_request", name, message, snapshot.requests.ids[index])
    return plan


def _enter(
    plan: Plan, index: int, row: PlanRow, path: str, snapshot: Snapshot, report: Report
) -> None:
    """Write a row into the plan's arrays."""
    plan.state[index] = STATES.index(row.state)
    plan.reason[index] = REASONS.index(row.reason)
    _refuse_needless(row, path, report)
    if row.state == "unplaced":
        return
    role = snapshot.index.roles.get(row.role_id or "")
    session = snapshot.index.sessions.get(row.session_id or "")
    is_kept = row.state == "kept"
    for field, value, found in (
        ("role_id", row.role_id, role),
        ("session_id", row.session_id, -1 if is_kept and row.session_id is None else session),
    ):
        if found is None:
            report.error("dangling_reference", f"{path}/{field}", "does not resolve", value or "")
    if role is not None:
        _require_the_roles(row, role, path, snapshot, report)
    if row.start is None or row.end is None:
        report.error("missing_field", f"{path}/start", f"a {row.state} row needs start and end")
    elif role is not None and (is_kept or session is not None):
        plan.role[index], plan.session[index] = role, -1 if session is None else session
        plan.start[index] = snapshot.grid.minutes(row.start)
        plan.end[index] = snapshot.grid.minutes(row.end)
        for field, told in (("start", row.start), ("end", row.end)):
            if told.second or told.microsecond:
                message = "must fall on a whole minute"
                report.error("not_whole_minute", f"{path}/{field}", message, told.isoformat())


def _refuse_needless(row: PlanRow, path: str, report: Report) -> None:
    """Report fields that contradict the state of a row."""
    of_a_place = {
        "doctor_id": row.doctor_id,
        "service_id": row.service_id,
        "role_id": row.role_id,
        "location_id": row.location_id,
        "session_id": row.session_id,
        "start": row.start,
        "end": row.end,
    }
    of_a_reason = {"reason": row.reason, "ruled_out_by": row.ruled_out_by}
    is_unplaced = row.state == "unplaced"
    for field, value in (of_a_place if is_unplaced else of_a_reason).items():
        if value is not None:
            message = f"has no place in a row that is {row.state}"
            report.error("needless_field", f"{path}/{field}", message, str(value))
    if is_unplaced and row.reason is None:
        report.error("missing_field", f"{path}/reason", "an unplaced row says why")


def _require_the_roles(
    row: PlanRow, role: int, path: str, snapshot: Snapshot, report: Report
) -> None:
    """Report a doctor, service or place that is not the role's: it is what people read."""
    stated = (row.doctor_id, row.service_id, row.location_id)
    names = ("doctor_id", "service_id", "location_id")
    for field, value, expected in zip(names, stated, who_and_where(snapshot, role), strict=True):
        if value != expected:
            message = f"the role has {expected or 'none'}"
            report.error("other_role", f"{path}/{field}", message, value or "")
