"""``slotmatch repair``: what it repairs, round by round, what it refuses, and how it ends."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from clinic import Clinic
from repair_commands import CLOSED, booked, options
from repairs import LIMITS, chain, three_ways

from api.cli import exit_codes
from api.cli.repairing import run_repair
from engine.errors import DisruptionError, PlanFileError
from engine.interchange.dataset import read_dataset, write_document
from engine.interchange.plan_file import write_plan
from engine.match import match
from engine.solve.limits import Limits

pytestmark = pytest.mark.usefixtures("wide")


def test_an_event_that_touches_nothing_is_a_warning(tmp_path: Path, capsys: Any) -> None:
    """It says which of the options."""
    far = ("doctor=dr,from=2026-04-06,to=2026-04-06",)
    assert run_repair(options(booked(), tmp_path, absent=far)) == exit_codes.OK
    assert "warning nothing_touched (1): --absent/0: 'doctor_absent'" in capsys.readouterr().err


def test_answers_change_what_is_offered_next(said: Any, tmp_path: Path, capsys: Any) -> None:
    """Ann accepts her second option and is called no more; Bob declines, and hears of another."""
    first, second, answers = tmp_path / "first", tmp_path / "second", tmp_path / "answers.json"
    event = {"closed": ("session=monday",), "menus": 2}
    said(booked(), out=first, **event)
    menus = json.loads((first / "repair.json").read_text())["frontier"][0]["menus"]
    offered = {
        menu["appointment_ids"][0]: [row["places"][0]["start"] for row in menu["options"]]
        for menu in menus
    }
    answers.write_text(
        json.dumps(
            [
                {"kind": "accepted", "appointment_id": "ann", "option": 2},
                {"kind": "declined", "appointment_id": "bob"},
            ]
        )
    )
    asked = options(booked(), tmp_path, answers=answers, offered=first, out=second, **event)
    assert run_repair(asked) == exit_codes.OK
    assert "1 appointment accepted" in capsys.readouterr().err
    dataset, _ = read_dataset(second / "answered")
    ann = next(row for row in dataset.appointments if row.id == "ann")
    assert (ann.start.isoformat(), ann.pinned, ann.confirmed) == (offered["ann"][1], True, True)
    (menu,) = json.loads((second / "repair.json").read_text())["frontier"][0]["menus"]
    assert menu["appointment_ids"] == ["bob"]
    again = {row["places"][0]["start"] for row in menu["options"]}
    assert again
    assert not again & {*offered["bob"], offered["ann"][1]}


def test_answers_that_fit_nothing_are_refused(refused: Any, said: Any, tmp_path: Path) -> None:
    """An option that there is not, somebody who was offered nothing, no folder, no file."""
    answers, first = tmp_path / "answers.json", tmp_path / "first"
    said(booked(), closed=("session=monday",), out=first)
    answers.write_text(
        '[{"kind": "accepted", "appointment_id": "ann", "option": 9},'
        ' {"kind": "declined", "appointment_id": "open"}]'
    )
    assert refused(booked(), answers=answers, offered=first) == {
        ("out_of_range", "answers.json/0/option"),
        ("dangling_reference", "answers.json/1/appointment_id"),
    }
    assert refused(booked(), answers=answers) == {("not_exactly_one", "--answers")}
    assert refused(booked(), answers=answers, offered=tmp_path) == {("not_readable", "repair.json")}
    (first / "repair.json").write_text("{}")
    assert ("missing_field", "repair.json/frontier") in refused(
        booked(), answers=answers, offered=first
    )


def test_plans_that_were_not_found_in_time_are_exit_code_4(tmp_path: Path, capsys: Any) -> None:
    """What was proven is shown all the same."""
    asked = options(three_ways(), tmp_path, closed=CLOSED, plans=True)
    code = run_repair(replace(asked, limits=Limits(seconds=0, workers=1)))
    assert code == exit_codes.UNPROVEN
    assert "Soonest: no better plan for it was found in time." in capsys.readouterr().out


def test_backfill_matches_who_was_open_in_what_is_left(tmp_path: Path, said: Any) -> None:
    """After the repair, the open request gets a place beside those who were moved."""
    out = tmp_path / "out"
    more = {"closed": ("session=monday",), "backfill": True, "out": out}
    text = said(booked(), **more)
    assert "Open requests, matched in the repaired world:" in text
    rows = [json.loads(line) for line in (out / "backfill.ndjson").read_text().splitlines()[1:]]
    assert {row["request_id"]: row["state"] for row in rows} == {
        "ann": "kept",
        "bob": "kept",
        "open": "placed",
    }
    content = json.loads(said(booked(), as_json=True, **more))
    assert content["backfill"]["measures"]["placed"] == 1
    said(booked(), closed=("session=monday",), out=out)
    assert not (out / "backfill.ndjson").exists()


def plan_file(clinic: Clinic, folder: Path) -> Path:
    """The plan of a match."""
    result = match(clinic.dataset(), limits=LIMITS)
    path = folder / "plan.ndjson"
    path.write_bytes(b"".join(write_plan(result)))
    return path


def planned() -> Clinic:
    """Two ask for Monday morning, and Tuesday is free."""
    clinic = Clinic().session("09:00", "09:30", id="monday").session("09:00", "10:00", 1)
    return clinic.request("ann").request("bob")


def test_places_of_a_plan_are_appointments(said: Any, tmp_path: Path) -> None:
    """Both were placed on Monday, and are moved to Tuesday."""
    plan = plan_file(planned(), tmp_path)
    text = said(planned(), plan=plan, closed=("session=monday",))
    assert "2 people cannot come" in text
    assert "│ ann │ Mon 02 Mar 09:" in text


def test_plan_of_another_dataset(refused: Any, tmp_path: Path, capsys: Any) -> None:
    """Ids that do not resolve are errors; where all resolve, it is a warning."""
    plan = plan_file(planned(), tmp_path)
    more = planned().session("09:00", "10:00", 2)
    assert run_repair(options(more, tmp_path, plan=plan)) == exit_codes.OK
    assert "warning other_dataset (1): plan.ndjson:1/dataset_hash" in capsys.readouterr().err
    other = Clinic().session(id="other").request("ann").request("bob")
    with pytest.raises(PlanFileError):
        run_repair(options(other, tmp_path, plan=plan))
    assert refused(other, plan=plan) == {
        ("dangling_reference", "plan.ndjson:2/session_id"),
        ("dangling_reference", "plan.ndjson:3/session_id"),
    }


def test_a_request_with_two_places_is_refused(refused: Any, tmp_path: Path) -> None:
    """The plan places who holds an appointment by now."""
    plan = plan_file(planned(), tmp_path)
    clinic = planned().appointment("09:00", "09:15", 1, "ann", id="ann")
    assert refused(clinic, plan=plan) == {("two_places", "plan.ndjson")}


def test_before_stands_alone(refused: Any, said: Any, tmp_path: Path) -> None:
    """Two datasets say what was lost; an event beside them would say it twice."""
    earlier = tmp_path / "earlier.json"
    earlier.write_bytes(write_document(booked().dataset()))
    now = booked()
    now.sessions = [row for row in now.sessions if row.id != "monday"]
    text = said(now, before=earlier)
    assert "2 people cannot come as they were told: nobody is there 2." in text
    assert refused(now, before=earlier, double_bookings=True, closed=("session=monday",)) == {
        ("not_exactly_one", "--double-bookings"),
        ("not_exactly_one", "--closed"),
    }
    with pytest.raises(DisruptionError):
        run_repair(options(now, tmp_path, before=earlier, plan=earlier))


def test_no_time_is_exit_code_4_with_a_judged_plan(tmp_path: Path, capsys: Any) -> None:
    """Two others could make room, for whom nobody had time to look: that nobody could is not
    said, nor that all is proven.
    """
    asked = options(chain(), tmp_path, closed=CLOSED, max_additional=5)
    code = run_repair(replace(asked, limits=Limits(seconds=0, workers=1)))
    text = capsys.readouterr().out
    assert code == exit_codes.UNPROVEN
    assert "Not all is proven" in text
    assert "would place nobody else" not in text
    assert "verified by the judges" in text
