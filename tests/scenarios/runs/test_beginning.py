"""What runs begin with, and what only worlds show to be wrong."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from pathlib import Path

import pytest
from what_ifs import clinic_file, what_if

from engine.errors import ScenarioError
from scenarios.runs.beginning import begun, judge
from scenarios.runs.task import tasks_of

OF_THE_CLINIC = "base: {dataset: clinic.json}\n"
ABSENT = "kind: doctor_absent, start: 2026-03-02T09:00-05:00, end: 2026-03-02T10:00-05:00"


def found(
    text: str, folder: Path, has_time: Callable[[], bool] = lambda: True
) -> list[tuple[str, str]]:
    """Code and place of everything that worlds show to be wrong."""
    try:
        judge(tasks_of(what_if(f"{OF_THE_CLINIC}{text}", folder)), has_time)
    except ScenarioError as error:
        return [(row.code, row.path) for row in error.problems]
    return []


def test_every_point_is_judged_once(tmp_path: Path) -> None:
    """Two of three values name nobody, whatever the seeds; what is wrong at each is said once."""
    clinic_file(tmp_path)
    text = (
        "repetitions: 3\nchanges:\n- {kind: doctor_leaves, doctor_id: dr}\n"
        "- {kind: location_closes, location_id: nowhere}\n"
        "sweep: {changes/0/doctor_id: [dr, who, what]}\n"
    )
    assert found(text, tmp_path) == [
        ("dangling_reference", "file.yaml:7/changes/1/location_id"),
        ("dangling_reference", "file.yaml:8/sweep/changes/0/doctor_id/1"),
        ("dangling_reference", "file.yaml:8/sweep/changes/0/doctor_id/2"),
    ]
    turns = count()
    assert len(found(text, tmp_path, lambda: next(turns) < 2)) == 2
    assert found("", tmp_path) == []


@pytest.mark.parametrize(
    ("run", "path"),
    [
        (f"{{kind: repair, events: [{{{ABSENT}, doctor_id: who}}]}}", "events"),
        (f"{{kind: rolling, days: 1, absences: [{{{ABSENT}, doctor_id: who}}]}}", "absences"),
    ],
)
def test_events_that_name_nobody_have_their_line(run: str, path: str, tmp_path: Path) -> None:
    """Of a repair, and of days that pass; when they are judged, and when they are run."""
    clinic_file(tmp_path)
    text = f"run: {run}\n"
    where = ("dangling_reference", f"file.yaml:4/run/{path}/0/doctor_id")
    assert found(text, tmp_path) == [where]
    with pytest.raises(ScenarioError) as raised:
        begun(tasks_of(what_if(f"{OF_THE_CLINIC}{text}", tmp_path))[0])
    assert [(row.code, row.path) for row in raised.value.problems] == [where]
