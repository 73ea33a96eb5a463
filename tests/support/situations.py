"""What changes of scenarios are applied to, and what they say and leave, in short."""

from __future__ import annotations

from typing import Any

from clinic import Clinic

from engine.checks import check_dataset
from engine.domain import Dataset
from engine.policy import Policy
from engine.problems import Report
from scenarios.changes import CHANGES_FORMAT, OneChange, applied
from scenarios.situation import Situation


def situation_of(clinic: Clinic, policy: Policy | None = None) -> Situation:
    """A clinic under the default policy, or another one."""
    return Situation(clinic.dataset(), policy or Policy.default())


def change(kind: str, **fields: Any) -> OneChange:
    """A change as a file states it."""
    (read,) = CHANGES_FORMAT.of([{"kind": kind, **fields}], "/changes")
    return read


def after(clinic: Clinic | Situation, kind: str, seed: int = 1, **fields: Any) -> Situation:
    """The situation after one change; its dataset has no errors."""
    situation = clinic if isinstance(clinic, Situation) else situation_of(clinic)
    found = applied(situation, [change(kind, **fields)], seed)
    assert [row for row in check_dataset(found.dataset).problems if row.is_error] == []
    return found


def wrong(clinic: Clinic | Situation, kind: str, **fields: Any) -> list[tuple[str, str]]:
    """Code and path of everything that is wrong with a change."""
    return [(row.code, row.path) for row in findings(clinic, kind, **fields).problems]


def findings(clinic: Clinic | Situation, kind: str, **fields: Any) -> Report:
    """What the check of a change says."""
    situation = clinic if isinstance(clinic, Situation) else situation_of(clinic)
    report = Report()
    change(kind, **fields).check(situation, "/changes/0", report)
    return report


def hours(dataset: Dataset, role_id: str | None = None) -> list[str]:
    """When sessions are, ``DD HH:MM-HH:MM`` of March by their own clocks, in order of time."""
    rows = [row for row in dataset.sessions if role_id in (None, row.role_id)]
    return sorted(f"{row.start:%d %H:%M}-{row.end:%H:%M}" for row in rows)


def open_requests(dataset: Dataset) -> list[str]:
    """Requests that no appointment names."""
    told = {row.request_id for row in dataset.appointments}
    return [row.id for row in dataset.requests if row.id not in told]
