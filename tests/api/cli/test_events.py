"""What happened, said by options and by a file, is read in order, and every mistake is told."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from clinic import Clinic
from repair_commands import booked

pytestmark = pytest.mark.usefixtures("wide")


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
