"""What ``slotmatch repair --out`` writes can be read and gone on with, or is refused at once."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from repair_commands import CLOSED, booked, options
from repairs import three_ways

from api.cli.repairing import run_repair
from engine.interchange.canonical import dataset_hash
from engine.interchange.dataset import read_dataset
from engine.interchange.plan_reading import read_plan
from engine.policy import Policy
from engine.snapshot import take_snapshot
from engine.verify.judge import verify

pytestmark = pytest.mark.usefixtures("wide")


def test_what_is_written_can_be_read_verified_and_gone_on_with(said: Any, tmp_path: Path) -> None:
    """The plan holds in the world after the event; carried out, nothing is left to repair."""
    out = tmp_path / "out"
    content = json.loads(said(booked(), closed=("session=monday",), out=out, as_json=True))
    written = json.loads((out / "repair.json").read_text())
    assert written["frontier"][0]["ledger"] == content["frontier"][0]["ledger"]
    calls = json.loads((out / "outreach.json").read_text())
    assert [(row["call"], row["patient_id"], row["task"]) for row in calls] == [
        (1, "ann", "offer"),
        (2, "bob", "offer"),
    ]
    table = (out / "outreach.csv").read_text(encoding="utf-8-sig").splitlines()
    assert table[0].startswith("call,task,option,is_planned,patient_id")
    assert table[1].startswith("1,offer,1,yes,ann,")
    world, _ = read_dataset(out / "world")
    snapshot = take_snapshot(world)
    plan, _, report = read_plan(out / "plan.ndjson", snapshot, dataset_hash(world))
    assert report.problems == []
    assert verify(snapshot, Policy.default(), plan).violations == ()
    done, _ = read_dataset(out / "repaired")
    places = {row.id: row.start.isoformat() for row in done.appointments}
    ledger = content["frontier"][0]["ledger"]
    assert places == {row["appointment_id"]: row["after"]["start"] for row in ledger}
    assert {row.id: row.times_moved for row in done.patients} == {"ann": 1, "bob": 1, "open": 0}
    assert "Nobody is told another place." in said(done, double_bookings=True)


def test_each_further_plan_is_a_folder_that_can_be_gone_on_with(said: Any, tmp_path: Path) -> None:
    """It verifies, it is carried out, and answers can be given to what it offers; a later repair
    without it leaves nothing of it there, nor takes away what is not ours.
    """
    out, answers = tmp_path / "out", tmp_path / "answers.json"
    event = {"closed": CLOSED, "out": out}
    content = json.loads(said(three_ways(), plans=True, menus=2, as_json=True, **event))
    folder = out / "plans" / "soonest"
    assert [row.name for row in (out / "plans").iterdir()] == ["soonest"]
    written = json.loads((folder / "repair.json").read_text())
    assert written["frontier"][0]["ledger"] == content["plans"]["plans"][1]["ledger"]
    world, _ = read_dataset(folder / "world")
    snapshot = take_snapshot(world)
    plan, _, _ = read_plan(folder / "plan.ndjson", snapshot, dataset_hash(world))
    assert verify(snapshot, Policy.default(), plan).violations == ()
    done, _ = read_dataset(folder / "repaired")
    assert [row.role_id for row in done.appointments] == ["two"]
    assert json.loads((folder / "outreach.json").read_text())[0]["new_doctor_id"] == "two"
    answers.write_text('[{"kind": "accepted", "appointment_id": "ann", "option": 1}]')
    again = tmp_path / "again"
    said(three_ways(), closed=CLOSED, out=again, answers=answers, offered=folder)
    answered, _ = read_dataset(again / "answered")
    assert [row.role_id for row in answered.appointments] == ["two"]
    document = json.loads((again / "repair.json").read_text())
    assert document["answered"] == {"accepted": ["ann"], "waiting": []}
    (folder / "notes.txt").write_text("mine")
    said(three_ways(), **event)
    assert [row.name for row in folder.iterdir()] == ["notes.txt"]
    (folder / "notes.txt").unlink()
    said(three_ways(), **event)
    assert not (out / "plans").exists()


def test_a_folder_that_cannot_be_written_is_refused_before_anything_is_solved(
    tmp_path: Path,
) -> None:
    """A dataset could not be read beside what is there."""
    (tmp_path / "out" / "world").mkdir(parents=True)
    (tmp_path / "out" / "world" / "mine.json").write_text("{}")
    with pytest.raises(FileExistsError):
        run_repair(options(booked(), tmp_path, out=tmp_path / "out"))
