"""A plan as a table for people: who comes when, to whom and where."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

from engine.arrays import NONE
from engine.domain import Dataset
from engine.interchange.csv_tables.write import csv_text
from engine.plan import REASONS, STATES, UNPLACED, Plan
from engine.snapshot import Snapshot

COLUMNS = ("request", "patient", "state", "day", "start", "end", "doctor", "place", "reason")
BY_VIDEO = "by video"


def plan_table(dataset: Dataset, snapshot: Snapshot, plan: Plan) -> bytes:
    """The plan as a CSV file, in the order of time; who has no place comes last.

    Parameters
    ----------
    dataset, snapshot, plan
        What the plan was made for, and the plan. Days and times are those of the clock at the
        place; doctors and places stand by their names, by their ids where they have none, and
        by both where several share one.
    """
    order = sorted(
        range(snapshot.num_requests),
        key=lambda index: (plan.state[index] == UNPLACED, int(plan.start[index]), index),
    )
    who = _labels([*dataset.doctors, *dataset.services])
    where = _labels(dataset.locations)
    rows = (_row(dataset, snapshot, plan, index, who, where) for index in order)
    return csv_text(COLUMNS, rows)


def _row(
    dataset: Dataset,
    snapshot: Snapshot,
    plan: Plan,
    index: int,
    who: Callable[[str], str],
    where: Callable[[str], str],
) -> tuple[str, ...]:
    request = dataset.requests[index]
    first = (request.id, request.patient_id, STATES[plan.state[index]])
    if plan.state[index] == UNPLACED:
        reason = (REASONS[plan.reason[index]] or "").replace("_", " ")
        return (*first, "", "", "", "", "", reason)
    role = int(plan.role[index])
    doctor, location = int(snapshot.roles.doctor[role]), int(snapshot.roles.location[role])
    zone = int(snapshot.roles.zone[role])
    start = snapshot.grid.instant(int(plan.start[index]), zone)
    end = snapshot.grid.instant(int(plan.end[index]), zone)
    is_same_day = start.date() == end.date()
    return (
        *first,
        start.date().isoformat(),
        f"{start:%H:%M}",
        f"{end:%H:%M}" if is_same_day else f"{end:%Y-%m-%d %H:%M}",
        who(snapshot.doctors.ids[doctor]),
        BY_VIDEO if location == NONE else where(snapshot.locations.ids[location]),
        "",
    )


def _labels(records: Any) -> Callable[[str], str]:
    """What people call the records of some ids."""
    return dict(_named(records)).__getitem__


def _named(records: Any) -> Iterator[tuple[str, str]]:
    counts = Counter(row.name for row in records)
    for row in records:
        shared = counts[row.name] > 1
        yield row.id, (f"{row.name} ({row.id})" if shared else row.name) if row.name else row.id
