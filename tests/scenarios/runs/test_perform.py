"""Runs: the world is changed, matched or repaired, and measured."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from clinic import Clinic
from what_ifs import DRAWN, SOON, TWICE, clinic_file, what_if

from engine.errors import ScenarioError
from engine.interchange.dataset import write_document
from engine.solve.limits import Cancel
from scenarios.runs.base import base_warnings
from scenarios.runs.outcome import Outcome, outcome_bytes, read_outcome
from scenarios.runs.perform import perform
from scenarios.runs.task import tasks_of
from scenarios.scenario_file import scenario_sent

OF_THE_CLINIC = f"base: {{dataset: clinic.json}}\n{SOON}"


def outcomes(text: str, folder: Path | None = None) -> list[Outcome]:
    """What comes of every run, in their order."""
    return [perform(task) for task in tasks_of(what_if(text, folder))]


def value(outcome: Outcome, measure: str) -> float | None:
    """Of all."""
    return next(row.value for row in outcome.rows if (row.measure, row.group) == (measure, None))


def test_a_change_is_measured_beside_nothing_changed(tmp_path: Path) -> None:
    """One of two has a place, and both where another session is added."""
    clinic_file(tmp_path)
    added = (
        "changes:\n- kind: sessions_added\n  role_id: role\n  blocks:\n"
        "  - {start: 2026-03-03T09:00-05:00, end: 2026-03-03T09:15-05:00}\n"
    )
    without, with_it = outcomes(f"{OF_THE_CLINIC}{added}", tmp_path)
    assert (value(without, "placed"), value(with_it, "placed")) == (1.0, 2.0)
    assert with_it.proven
    assert with_it.stopped == "proven"
    assert with_it.levels[0].name == "unplaced_emergent"


def test_gaps_between_groups_are_in_the_outcome(tmp_path: Path) -> None:
    """Ann is old and has the only place; what groups must count, and what is wide, is the
    policy's, which a change can set.
    """
    clinic = Clinic().session("09:00", "09:15").patient("ann", birth_date=date(1940, 1, 1))
    clinic.patient("bob", birth_date=date(2000, 1, 1)).request("ann").request("bob")
    (tmp_path / "clinic.json").write_bytes(write_document(clinic.dataset()))
    fairness = "changes: [{kind: policy_set, fairness: {least_members: 1, share_gap: 0.5}}]\n"
    without, with_it = outcomes(f"{OF_THE_CLINIC}{fairness}", tmp_path)
    (gap,) = (row.measured for row in with_it.gaps)
    assert (gap.grouping, gap.measure, gap.size, gap.threshold) == ("age", "match_rate", 1.0, 0.5)
    assert without.gaps == ()
    assert read_outcome(outcome_bytes(with_it), "file") == with_it


def test_what_is_odd_about_the_base_is_told(tmp_path: Path) -> None:
    """Two of the three patients have no known home: one sentence, with its number, of a file and
    of a dataset that was sent; a world that is drawn says nothing.
    """
    clinic = Clinic().session().request("ann")
    for name in ("bob", "cid"):
        clinic.patient(name, home=None).request(name)
    (tmp_path / "clinic.json").write_bytes(write_document(clinic.dataset()))
    (found,) = outcomes(OF_THE_CLINIC, tmp_path)
    (sentence,) = found.warnings
    assert sentence.startswith("Base, home_unknown (2): ")
    assert "/patients/1/home" in sentence
    dataset = json.loads(write_document(clinic.dataset()))
    sent = {"schema": "slotmatch.scenario/1", "name": "sent", "base": {"dataset": dataset}}
    (sentence,) = base_warnings(scenario_sent(sent))
    assert sentence.startswith("Base, home_unknown (2): ")
    assert "/base/dataset/patients/1/home" in sentence
    assert base_warnings(what_if(DRAWN)) == ()


def test_a_repair_is_measured_after_the_match(tmp_path: Path) -> None:
    """Whoever has the only place loses it, and there is no other."""
    clinic_file(tmp_path)
    run = (
        "run:\n  kind: repair\n  events:\n  - {kind: doctor_absent, doctor_id: dr,"
        " start: 2026-03-02T00:00-05:00, end: 2026-03-03T00:00-05:00}\n"
    )
    (found,) = outcomes(f"{OF_THE_CLINIC}{run}", tmp_path)
    assert (value(found, "placed"), value(found, "people_forced")) == (1.0, 1.0)
    assert value(found, "people_unplaced") == 1.0
    assert found.proven


def test_days_pass_in_a_rolling_run(tmp_path: Path) -> None:
    """On the first day Ann or Bob is seen; the other finds nothing and waits."""
    clinic_file(tmp_path)
    (found,) = outcomes(f"{OF_THE_CLINIC}run: {{kind: rolling, days: 2}}\n", tmp_path)
    assert [value(found, name) for name in ("asked", "seen", "still_waiting")] == [2.0, 1.0, 1.0]
    assert (found.proven, found.stopped, found.levels) == (True, "proven", ())


def test_whoever_stops_gets_something_of_every_kind_of_run(tmp_path: Path) -> None:
    """Asked to stop before it began: a match, a repair, and days none of which has passed."""
    clinic_file(tmp_path)
    absent = "kind: doctor_absent, doctor_id: dr, start: 2026-03-02T00:00-05:00"
    repair = f"{{kind: repair, events: [{{{absent}, end: 2026-03-03T00:00-05:00}}]}}"
    for run in ("{kind: match}", repair, "{kind: rolling, days: 2}"):
        (task,) = tasks_of(what_if(f"{OF_THE_CLINIC}run: {run}\n", tmp_path))
        cancel = Cancel()
        cancel.set()
        found = perform(task, cancel)
        assert read_outcome(outcome_bytes(found), "file") == found
    assert found.details.days == ()


def test_the_same_seed_gives_the_same_bytes_and_they_are_read_back() -> None:
    """Of every run; another seed is another world."""
    text = f"{DRAWN}{TWICE}{SOON}repetitions: 2\n"
    once, again = (list(map(outcome_bytes, outcomes(text))) for _ in range(2))
    assert once == again
    assert len(set(once)) == 4
    assert outcome_bytes(read_outcome(once[0], "file")) == once[0]


def test_a_mistake_of_a_change_is_told_by_its_line(tmp_path: Path) -> None:
    """An unknown doctor, who is named with the line of the file."""
    clinic_file(tmp_path)
    text = f"{OF_THE_CLINIC}changes:\n- kind: doctor_leaves\n  doctor_id: nobody\n"
    task = tasks_of(what_if(text, tmp_path))[-1]
    with pytest.raises(ScenarioError) as raised:
        perform(task)
    (problem,) = raised.value.problems
    assert (problem.code, problem.path) == (
        "dangling_reference",
        "file.yaml:7/changes/0/doctor_id",
    )


@pytest.mark.parametrize("raw", [b"", b"{", b"[]", b'{"key": "a"}'])
def test_what_is_no_outcome_is_not_read(raw: bytes) -> None:
    """Cut off, or of another shape."""
    with pytest.raises(ScenarioError):
        read_outcome(raw, "file")
