"""``slotmatch repair``: what is printed, what is written, and what is refused."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from clinic import Clinic
from repairs import LIMITS, chain, mended, plateau

from api.cli import exit_codes
from api.cli.console import data
from api.cli.plan_tables import print_plans
from api.cli.repairing import RepairOptions, run_repair
from engine.domain import Dataset
from engine.errors import DisruptionError, InvalidInputError, PlanFileError
from engine.events.events import SessionClosed
from engine.interchange.canonical import dataset_hash
from engine.interchange.dataset import read_dataset, write_document
from engine.interchange.plan_file import write_plan
from engine.interchange.plan_reading import read_plan
from engine.match import match
from engine.policy import Policy
from engine.repair.plans import Plans, whole_plans
from engine.snapshot import take_snapshot
from engine.solve.limits import Limits
from engine.verify.judge import verify

ROOT = Path(__file__).parents[3]
CLOSED = ("session=lost",)


@pytest.fixture(autouse=True)
def _wide(monkeypatch: pytest.MonkeyPatch) -> None:
    """No column breaks."""
    monkeypatch.setattr(data, "width", 200)


def options(dataset: Clinic | Dataset, folder: Path, **more: Any) -> RepairOptions:
    """What is asked of a clinic; options that say what happened stand under their own names."""
    path = folder / "clinic.json"
    whole = dataset.dataset() if isinstance(dataset, Clinic) else dataset
    path.write_bytes(write_document(whole))
    names = ("absent", "closed", "shortened", "taken", "network_left")
    said = {f"--{name.replace('_', '-')}": more.pop(name) for name in names if name in more}
    known: dict[str, Any] = {
        "dataset": path,
        "plan": None,
        "happened": said,
        "events": None,
        "double_bookings": False,
        "before": None,
        "max_additional": 0,
        "depth": None,
        "menus": 0,
        "plans": False,
        "answers": None,
        "offered": None,
        "backfill": False,
        "policy": None,
        "limits": LIMITS,
        "out": None,
        "as_json": False,
        "quiet": True,
    }
    return RepairOptions(**(known | more))


@pytest.fixture
def said(tmp_path: Path, capsys: Any) -> Iterator[Any]:
    """Run it in a folder; what is printed, in one line."""

    def run(dataset: Clinic | Dataset, **more: Any) -> str:
        capsys.readouterr()
        assert run_repair(options(dataset, tmp_path, **more)) == exit_codes.OK
        return " ".join(capsys.readouterr().out.split())

    return run


@pytest.fixture
def refused(tmp_path: Path, capsys: Any) -> Any:
    """Run it in a folder; what it refuses, and nothing is printed."""

    def run(dataset: Clinic | Dataset, **more: Any) -> set[tuple[str, str]]:
        with pytest.raises(InvalidInputError) as caught:
            run_repair(options(dataset, tmp_path, **more))
        assert capsys.readouterr().out == ""
        return {(row.code, row.path) for row in caught.value.problems if row.is_error}

    return run


def booked() -> Clinic:
    """Ann and Bob are with the doctor on Monday morning; there is room on Tuesday."""
    clinic = Clinic().session("09:00", "09:30", id="monday").session("09:00", "10:00", 1)
    clinic.request("ann").request("bob").request("open")
    clinic.appointment("09:00", "09:15", request="ann", id="ann")
    return clinic.appointment("09:15", "09:30", request="bob", id="bob")


def test_the_table_says_who_is_told_what_and_why(said: Any) -> None:
    """Before and after, with whom and where, what changes, and the price in days."""
    text = said(booked(), absent=("doctor=dr,from=2026-03-02T09:15-05:00,to=2026-03-02",))
    assert "1 person cannot come as they were told: nobody is there 1." in text
    assert (
        "│ bob │ Mon 02 Mar 09:15 │ Tue 03 Mar 09:00 │ nobody is there │ 3.00 │ "
        "│ │ dr │ dr │ 1 day later │ │ │ │ office │ office │ │ │"
    ) in text
    assert "│ ann │" not in text
    assert "With 0 others: proven after" in text
    assert "verified by the judges." in text


def test_the_frontier_has_both_ends_and_what_lies_between(said: Any) -> None:
    """Nobody else moved: one has no place; two others moved: everybody has one."""
    text = said(chain(), closed=CLOSED, max_additional=5)
    assert "│ 0 │ 1 routine │ 0 │ 0 │ 0.00 │ proven │" in text
    assert "│ 2 │ 0 │ 3 │ 0 │" in text
    assert "makes room for ann" in text
    assert "makes room for bob" in text
    text = said(chain(), closed=CLOSED)
    assert "--max-additional 5 says how many it takes" in text
    text = said(plateau(), closed=CLOSED, max_additional=1, depth=1)
    assert "│ 0 │ 3 routine │" in text
    assert "To move up to 1 person beside them would place nobody else, within depth 1." in text


def test_where_nothing_happened_nobody_moves_and_that_is_proven(said: Any) -> None:
    """Zero is what no plan can beat: on every level, also for who may move."""
    text = said(booked(), max_additional=3)
    assert "Nobody has lost a place." in text
    assert "│ 0 │ 0 │ 0 │ 0 │ 0.00 │ proven │" in text
    assert "Nobody is told another place." in text
    content = json.loads(said(booked(), as_json=True))
    (point,) = content["frontier"]
    assert point["ledger"] == []
    assert {(level["value"], level["bound"]) for level in point["certificate"]["levels"]} == {
        (0, 0)
    }
    assert point["certificate"]["proven"]


def test_an_event_that_touches_nothing_is_a_warning(tmp_path: Path, capsys: Any) -> None:
    """It says which of the options."""
    far = ("doctor=dr,from=2026-04-06,to=2026-04-06",)
    assert run_repair(options(booked(), tmp_path, absent=far)) == exit_codes.OK
    assert "warning nothing_touched (1): --absent/0: 'doctor_absent'" in capsys.readouterr().err


def test_double_bookings_are_shown_and_who_keeps_the_place(said: Any) -> None:
    """Two meet in one seat; one is told another place, and the table says why."""
    clinic = booked().request("cid").appointment("09:00", "09:15", request="cid", id="cid")
    assert "Nobody is told another place." in said(clinic)
    text = said(clinic, double_bookings=True)
    assert "2 people were told places that cannot all be kept." in text
    assert "Nobody has lost a place." not in text
    assert "│ dr │ Mon 02 Mar │ 09:00–09:15 │ ann, cid │" in text
    assert "│ 0 + 1 │ 0 │ 1 │" in text
    assert "collides with ann" in text
    kept = "ann keeps Mon 02 Mar 09:00–09:15 with dr rather than cid: asked first, short notice."
    assert kept in text


def test_who_was_told_to_be_in_two_places_is_not_said_to_collide_with_themselves(said: Any) -> None:
    """Ann was to be at two doctors at once: one of her visits makes way for the other."""
    clinic = booked().doctor("else").role("other", doctor_id="else")
    clinic.session("09:00", "10:00", id="o", role_id="other").request("again", "ann")
    clinic.appointment("09:00", "09:15", request="again", id="again", role_id="other")
    text = said(clinic, double_bookings=True)
    assert "1 person were told" not in text
    assert "1 person was told places that cannot all be kept." in text
    assert "collides with their other visit" in text
    assert "rather than their other visit:" in text
    assert "collides with ann" not in text


def test_who_is_pinned_to_a_place_that_is_gone_is_named(said: Any) -> None:
    """They are forced, and not moved."""
    clinic = booked()
    clinic.appointments[0] = replace(clinic.appointments[0], pinned=True)
    text = said(clinic, closed=("session=monday",))
    assert "2 people cannot come as they were told: nobody is there 2." in text
    gone = "Pinned to a place that is gone: ann. Unpinned it would go to Tue 03 Mar 09:"
    assert gone in text
    assert "│ bob │ Mon 02 Mar 09:15 │" in text
    assert "│ ann │ Mon 02 Mar 09:00 │" not in text


def test_what_was_broken_before_is_named_and_left(said: Any) -> None:
    """Two hold one place, and nobody asked to mend that."""
    clinic = booked().request("cid").appointment("09:00", "09:15", request="cid", id="cid")
    text = said(clinic, taken=("role=role,from=2026-03-03T09:00-05:00,to=2026-03-03T09:15-05:00",))
    assert "Broken before, and left as it is: slot_capacity 1." in text


def test_kinds_of_events_and_a_file_come_together(said: Any, tmp_path: Path) -> None:
    """The file's events first, then those of the options; each forces somebody."""
    clinic = booked().request("cid").appointment("09:00", "09:15", 1, "cid", id="cid")
    file = tmp_path / "events.json"
    ends = "2026-03-02T09:20:00-05:00"
    file.write_text(
        json.dumps([{"kind": "visit_runs_longer", "appointment_id": "ann", "end": ends}])
    )
    taken = ("role=role,from=2026-03-03T09:00-05:00,to=2026-03-03T09:15-05:00",)
    content = json.loads(said(clinic, events=file, taken=taken, as_json=True))
    forced = {row["appointment_id"]: row for row in content["aftermath"]["forced"]}
    assert {name: (row["reason"], row["event"]) for name, row in forced.items()} == {
        "bob": ("taken", 0),
        "cid": ("taken", 1),
    }
    assert "(ann)" in said(clinic, events=file)


def test_a_date_is_the_whole_day_on_the_clock_of_the_dataset(said: Any) -> None:
    """``to`` ends with its day: who comes at 23:45 is forced, who comes at midnight is not."""
    clinic = Clinic().session("23:30", "23:59").session("00:00", "00:15", 1).session("09:00", day=2)
    clinic.request("late").appointment("23:30", "23:45", request="late", id="late")
    clinic.request("early").appointment("00:00", "00:15", 1, "early", id="early")
    content = json.loads(
        said(clinic, absent=("doctor=dr,from=2026-03-02,to=2026-03-02",), as_json=True)
    )
    assert [row["appointment_id"] for row in content["aftermath"]["forced"]] == ["late"]


def test_menus_are_a_list_of_calls(said: Any) -> None:
    """Whom first, what they were told, what each can be offered at which price, and why not more:
    of four places on Tuesday, one each is the plan's, and the others are in one menu each.
    """
    text = said(booked(), closed=("session=monday",), menus=3)
    calls = text.partition("Whom to call, and what to offer")[2]
    assert "│ 1 │ ann │ Mon 02 Mar 09:00 │ 1. Tue 03 Mar 09:" in calls
    assert "dr, office: 3.00 days" in calls
    assert "what else is free is offered to others" in calls
    content = json.loads(said(booked(), closed=("session=monday",), menus=3, as_json=True))
    menus = content["frontier"][0]["menus"]
    offered = [
        place["start"] for menu in menus for row in menu["options"] for place in row["places"]
    ]
    assert len(offered) == len(set(offered)) == 4


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
    assert "1 appointments accepted" in capsys.readouterr().err
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


def three_ways() -> Clinic:
    """Ann loses Thursday; her doctor has a place on Sunday, another one has one on Friday."""
    clinic = Clinic(days=30).doctor("two").role("two", doctor_id="two")
    clinic.session("09:00", "09:15", 3, "lost").session("09:00", "09:15", 6, "own")
    clinic.session("09:00", "09:15", 4, "other", role_id="two")
    return clinic.request("ann").appointment("09:00", "09:15", 3, "ann", id="ann")


def test_plans_that_differ_stand_side_by_side(said: Any) -> None:
    """What each spares and costs, which aims share one, and who is told what by which."""
    text = said(three_ways(), closed=CLOSED, plans=True)
    plans = text.partition("Whole plans that differ, with 0 others moved")[2]
    assert "│ least disruption │ 0 │ 1 │ 3 │ 0 │ 0 │ 3.50 │ proven │" in plans
    assert "│ soonest │ 0 │ 1 │ 1 │ 0 │ 1 │ 6.50 │ proven │" in plans
    assert "Same doctor: the same plan as least disruption." in plans
    assert "│ ann │ Thu 05 Mar 09:00 │ Sun 08 Mar 09:00 │ Fri 06 Mar 09:00 │" in plans
    assert "│ routine │ dr │ dr │ two │" in plans
    assert "Whole plans" not in said(three_ways(), closed=CLOSED)


def test_where_no_other_plan_is_as_good_that_is_said(said: Any) -> None:
    """One row, and nothing to compare."""
    text = said(chain(), closed=CLOSED, max_additional=3, plans=True)
    assert "Soonest: the same plan as least disruption." in text
    assert "Where they differ" not in text


def test_who_stays_or_has_no_place_is_told_beside_who_is_moved(capsys: Any) -> None:
    """In one plan Ann is moved, in the other Bob; one without a place has none."""
    found = mended(three_ways(), SessionClosed(session_id="lost"))
    plan = whole_plans(found, found.points[-1], LIMITS).plans[0]
    (ann,) = plan.ledger.entries
    bob = replace(ann, appointment_id="bob", patient_id="bob", standing="bystander")
    gone = replace(ann, appointment_id="cid", patient_id="cid", outcome="unplaced", after=None)
    other = replace(gone, outcome="moved", after=ann.after)
    rows = ((ann, gone), (bob, other))
    shown = [replace(plan, ledger=replace(plan.ledger, entries=row)) for row in rows]
    print_plans(Plans(tuple(shown), {}, ("same_doctor",)))
    text = " ".join(capsys.readouterr().out.split())
    assert "│ ann │ Thu 05 Mar 09:00 │ Sun 08 Mar 09:00 │ stays │" in text
    assert "│ bob │ Thu 05 Mar 09:00 │ stays │ Sun 08 Mar 09:00 │" in text
    assert "│ cid │ Thu 05 Mar 09:00 │ no place │ Sun 08 Mar 09:00 │" in text
    assert "Same doctor: no better plan for it was found in time." in text


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


DAYS = "from=2026-03-02,to=2026-03-02"


@pytest.mark.parametrize(
    ("option", "text", "found"),
    [
        ("absent", f"doctor=x,{DAYS}", {"doctor": "dangling_reference"}),
        ("absent", "doctor=dr,from=2026-03-05,to=2026-03-02", {"to": "empty_interval"}),
        ("absent", "doctor=dr,from=2026-03-02", {"to": "missing_field"}),
        (
            "absent",
            "doctor=dr,to=2026-03-02T09:00,from=2026-13-01",
            {"to": "bad_instant", "from": "bad_date"},
        ),
        ("absent", "dr", {"": "wrong_value"}),
        ("absent", f"doctor=dr,doctor=dr,{DAYS}", {"doctor": "duplicate_key"}),
        ("absent", f"doctor=dr,room=1,{DAYS}", {"room": "unknown_field"}),
        ("closed", "session=x", {"session": "dangling_reference"}),
        ("closed", f"location=x,{DAYS}", {"location": "dangling_reference"}),
        ("closed", f"session=monday,{DAYS}", {"from": "unknown_field", "to": "unknown_field"}),
        (
            "shortened",
            "session=monday,from=2026-03-08,to=2026-03-08",
            {"from": "nothing_remains"},
        ),
        ("taken", DAYS, {"role": "not_exactly_one"}),
        ("taken", f"role=role,doctor=dr,{DAYS}", {"role": "not_exactly_one"}),
        (
            "network_left",
            "insurance_plan=a,network=b",
            {"insurance_plan": "dangling_reference", "network": "dangling_reference"},
        ),
    ],
)
def test_everything_wrong_with_an_option_is_told_by_its_words(
    refused: Any, option: str, text: str, found: dict[str, str]
) -> None:
    """Which option, which of its values, which word of it."""
    path = f"--{option.replace('_', '-')}/0"
    assert refused(booked(), **{option: (text,)}) == {
        (code, f"{path}/{word}".rstrip("/")) for word, code in found.items()
    }


def test_mistakes_of_a_file_are_told_beside_those_of_options(refused: Any, tmp_path: Path) -> None:
    """In one pass; and what the file's events name, by their place in it."""
    file = tmp_path / "events.json"
    file.write_text('[{"kind": "flood"}, 3]')
    assert refused(booked(), events=file, absent=("doctor",)) == {
        ("wrong_value", "events.json/0/kind"),
        ("wrong_type", "events.json/1"),
        ("wrong_value", "--absent/0"),
    }
    file.write_text('[{"kind": "session_closed", "session_id": "x"}]')
    assert refused(booked(), events=file) == {("dangling_reference", "events.json/0/session_id")}
    assert refused(booked(), events=tmp_path / "nowhere") == {("not_readable", "nowhere")}


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


def test_a_folder_that_cannot_be_written_is_refused_before_anything_is_solved(
    tmp_path: Path,
) -> None:
    """A dataset could not be read beside what is there."""
    (tmp_path / "out" / "world").mkdir(parents=True)
    (tmp_path / "out" / "world" / "mine.json").write_text("{}")
    with pytest.raises(FileExistsError):
        run_repair(options(booked(), tmp_path, out=tmp_path / "out"))


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


def test_the_command_hears_every_option(tmp_path: Path) -> None:
    """As it is typed: options several times, progress on stderr, exit codes."""
    path = tmp_path / "clinic.json"
    path.write_bytes(write_document(booked().dataset()))

    def run(*args: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "api.cli.main", "repair", str(path), *args],
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
            env=os.environ | {"PYTHONPATH": str(ROOT)},
        )

    monday = "doctor=dr,from=2026-03-02T09:15-05:00,to=2026-03-02"
    done = run("--absent", monday, "--closed", "session=monday", "--deterministic", "--json")
    assert done.returncode == exit_codes.OK, done.stderr
    assert "2 appointments forced, 0 contested in 0 collisions" in done.stderr
    events = [row["event"] for row in json.loads(done.stdout)["aftermath"]["forced"]]
    assert events == [1, 0]
    done = run("--closed", "session=monday", "--plans", "--deterministic", "--json")
    assert json.loads(done.stdout)["plans"]["plans"][0]["aim"] == "least_disruption"
    done = run("--absent", "doctor=dx,from=2026-03-02,to=2026-03-02")
    assert done.returncode == exit_codes.BAD_INPUT
    assert "error dangling_reference --absent/0/doctor: 'dx'" in done.stderr
    assert done.stdout == ""
