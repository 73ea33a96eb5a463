"""When a role is there: its period, and the exceptions to its hours."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from plan_net_sample import hours, location, practitioner, role
from plan_net_sample import write_directory as write

from engine.domain import Dataset
from engine.errors import DatasetError
from engine.interchange.import_report import ImportReport
from engine.interchange.plan_net import DirectoryOptions, read_plan_net

DAILY = [hours("09:00", "12:00")]
"""Three hours every morning, from Monday, 2 March 2026, New York's clock at -05:00."""

ALL = ["02 09:00-12:00", "03 09:00-12:00", "04 09:00-12:00"]
"""The sessions that these hours make."""


def read(
    folder: Path, *, first: date = date(2026, 3, 2), **fields: Any
) -> tuple[Dataset, ImportReport]:
    """Three days of a role with these fields, beside one that is always there."""
    mine = role("mine", **({"availableTime": DAILY} | fields))
    service = {"resourceType": "HealthcareService", "id": "h1"}
    rows = [practitioner("p1"), location("l1"), role("other"), mine, service]
    return read_plan_net(write(folder, rows), DirectoryOptions(first, days=3))


def hours_of(dataset: Dataset) -> list[str]:
    """The role's sessions, on the clock."""
    mine = (row for row in dataset.sessions if row.role_id == "mine")
    return [f"{row.start:%d %H:%M}-{row.end:%H:%M}" for row in mine]


def reported(report: ImportReport) -> set[tuple[str, str]]:
    """Code and field of what is said of the role, but for its network."""
    rows = [p for p in report.findings.problems if p.path.startswith("all.ndjson.gz:4/")]
    return {(p.code, p.path.partition("/")[2]) for p in rows if p.code != "network_without_plan"}


@pytest.mark.parametrize(
    ("period", "expected"),
    [
        ({}, ALL),
        ({"start": "2026-03-03"}, ["03 09:00-12:00", "04 09:00-12:00"]),
        ({"end": "2026-03-03"}, ["02 09:00-12:00", "03 09:00-12:00"]),
        ({"start": "2026-03", "end": "2026"}, ALL),
        ({"start": "2026", "end": "2026-12"}, ALL),
        ({"start": "0001", "end": "9999-12-31"}, ALL),
        ({"start": "2026-03-04T10:00:00-05:00"}, ["04 10:00-12:00"]),
        ({"end": "2026-03-02T16:00:30.5Z"}, ["02 09:00-11:00"]),
    ],
)
def test_a_period_bounds_the_sessions(
    tmp_path: Path, period: dict[str, str], expected: list[str]
) -> None:
    """Dates and months are meant to their end, on the clock of the place."""
    dataset, _ = read(tmp_path, period=period)
    assert hours_of(dataset) == expected


@pytest.mark.parametrize(
    "period",
    [
        {"start": "2026-03-05"},
        {"end": "2026-03-01"},
        {"end": "2025"},
        {"end": "2025-12"},
        {"start": "2026-03-04", "end": "2026-03-02"},
    ],
)
def test_a_period_outside_the_horizon_makes_the_role_unusable(
    tmp_path: Path, period: dict[str, str]
) -> None:
    """The role is not in the dataset, and the reason is given."""
    dataset, report = read(tmp_path, period=period)
    assert [row.id for row in dataset.roles] == ["other"]
    assert ("unusable_row", "period") in reported(report)


def test_no_role_left_is_an_error(tmp_path: Path) -> None:
    """Where the periods of all roles are over there is nothing to read."""
    rows = [practitioner("p1"), location("l1"), role("r", period={"end": "2020"})]
    with pytest.raises(DatasetError, match="no role can be used"):
        read_plan_net(write(tmp_path, rows), DirectoryOptions(date(2026, 3, 2)))


@pytest.mark.parametrize("text", ["soon", "2026-02-30", "2026-03-02T09:00:00", "2026-13", ""])
def test_a_malformed_period_makes_the_role_unusable(tmp_path: Path, text: str) -> None:
    """What cannot be read as a date or an instant is named, with its field."""
    dataset, report = read(tmp_path, period={"start": text})
    assert [row.id for row in dataset.roles] == ["other"]
    assert reported(report) == {("bad_instant", "period/start")}


def test_sessions_in_an_exception_are_cut_or_left_out(tmp_path: Path) -> None:
    """A day off, an hour in the middle, the end of a morning; each exception says how many
    sessions it touches, and the report counts them.
    """
    dataset, report = read(
        tmp_path,
        notAvailable=[
            {"description": "off", "during": {"start": "2026-03-02", "end": "2026-03-02"}},
            {"during": {"start": "2026-03-03T10:00:30-05:00", "end": "2026-03-03T11:00:00-05:00"}},
            {"during": {"start": "2026-03-04T11:30:00-05:00"}},
            {"during": {"start": "2027-01-01"}},
        ],
    )
    assert hours_of(dataset) == ["03 09:00-10:00", "03 11:00-12:00", "04 09:00-11:30"]
    assert len({row.id for row in dataset.sessions}) == len(dataset.sessions)
    assert dict(report.sessions) == {"left out": 1, "cut": 2}
    found = {p.path.partition("/")[2]: p for p in report.findings.problems if p.code == "absence"}
    assert set(found) == {f"notAvailable/{n}/during" for n in range(3)}
    assert found["notAvailable/0/during"].message == "sessions left out: 1, cut: 0; nobody is there"
    assert found["notAvailable/1/during"].message == "sessions left out: 0, cut: 1; nobody is there"


def test_exceptions_that_say_no_time_are_reported(tmp_path: Path) -> None:
    """Without a period, or with one that ends before it begins, an exception changes nothing."""
    dataset, report = read(
        tmp_path,
        notAvailable=[
            {"description": "holidays"},
            {"during": {}},
            {"during": {"start": "2026-03-04", "end": "2026-03-02"}},
        ],
    )
    assert len(hours_of(dataset)) == 3
    assert reported(report) == {
        ("unusable_row", "notAvailable/0"),
        ("unusable_row", "notAvailable/1"),
        ("empty_interval", "notAvailable/2/during"),
    }


def test_an_hour_that_comes_twice_gives_two_ids(tmp_path: Path) -> None:
    """In the night on which the clock goes back, two parts of a session begin at one clock time."""
    gap = {"start": "2026-11-01T01:45:00-04:00", "end": "2026-11-01T01:30:00-05:00"}
    dataset, _ = read(
        tmp_path,
        first=date(2026, 11, 1),
        availableTime=[hours("01:30", "04:00", "sun")],
        notAvailable=[{"during": gap}],
    )
    mine = [row for row in dataset.sessions if row.role_id == "mine"]
    assert [row.id for row in mine] == ["mine-20261101-0130", "mine-20261101-0130-again"]
    assert [row.start.isoformat() for row in mine] == [
        "2026-11-01T01:30:00-04:00",
        "2026-11-01T01:30:00-05:00",
    ]
