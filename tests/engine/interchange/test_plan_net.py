"""Plan-Net directories: what becomes of every row."""

from __future__ import annotations

import os
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from plan_net_sample import line_of, write_directory

from engine.checks import check_dataset
from engine.errors import DatasetError
from engine.interchange.plan_net import DirectoryOptions, read_plan_net
from engine.match import match
from engine.solve.limits import Limits
from engine.verify.judge import verify
from scenarios.world import requests_around

OPTIONS = DirectoryOptions(date(2026, 3, 2), days=7, cell_minutes=15, minutes=30, minutes_new=45)

REAL = Path(os.environ.get("SLOTMATCH_REAL_DATA", "../shared/data")) / "plan-net-connecticut"
needs_real = pytest.mark.skipif(not REAL.is_dir(), reason=f"{REAL} is not there")


def test_every_row_is_used_or_reported(tmp_path: Path) -> None:
    """Rows that cannot be used are named with file, line, field and reason; the rest is read."""
    dataset, report = read_plan_net(write_directory(tmp_path), OPTIONS)
    found = {(p.code, p.path, p.severity) for p in report.findings.problems}

    def at(id: str, field: str) -> str:
        return f"all.ndjson.gz:{line_of(id)}/{field}"

    assert found >= {
        ("unresolved_reference", at("ghost", "practitioner"), "error"),
        ("unresolved_reference", at("nowhere", "location/0"), "error"),
        ("unresolved_reference", at("at-closed", "location/0"), "error"),
        ("unresolved_reference", at("at-lost", "location/0"), "error"),
        ("unusable_row", at("closed", "status"), "error"),
        ("unusable_row", at("lost", "position"), "error"),
        ("unusable_row", at("left", "active"), "error"),
        ("unusable_row", at("no-specialty", "specialty"), "error"),
        ("unusable_row", at("no-place", "location"), "error"),
        ("empty_interval", at("backwards", "availableTime/0"), "error"),
        ("duplicate_id", "all.ndjson.gz:28/id", "error"),
        ("wrong_value", at("bad-time", "availableTime/0/daysOfWeek/0"), "error"),
        ("missing_field", "all.ndjson.gz:30/id", "error"),
        ("not_json", "all.ndjson.gz:31", "error"),
        ("unused_resource", "all.ndjson.gz:32", "warning"),
        ("unused_resource", f"all.ndjson.gz:{line_of('o1')}", "warning"),
        ("repaired_value", at("l3", "position"), "warning"),
        ("network_without_plan", at("no-plan", "extension"), "warning"),
        ("no_hours", at("no-hours", "availableTime"), "warning"),
    }
    assert [role.id for role in dataset.roles] == [
        "r1",
        "in-kansas",
        "both-at-l1",
        "both-at-l2",
        "by-organisation",
        "no-plan",
        "own-patients",
        "no-hours",
        "all-day",
        "backwards",
    ]
    assert report.read["PractitionerRole"] == 18
    assert report.made["roles"] == 10


def test_roles_carry_what_the_directory_says(tmp_path: Path) -> None:
    """Networks, else the organisation's; patients accepted, by role, service or place."""
    dataset, _ = read_plan_net(write_directory(tmp_path), OPTIONS)
    roles = {role.id: role for role in dataset.roles}
    assert roles["r1"].networks == ("n1",)
    assert roles["by-organisation"].networks == ("n2",)
    assert roles["r1"].accepts_new == "existing"
    assert roles["own-patients"].accepts_new == "family"
    assert roles["r1"].specialties == ("207R00000X",)
    assert roles["r1"].group_id == "o1"
    assert dataset.insurance_plans[0].networks == ("n1", "n2")
    doctor = dataset.doctors[0]
    assert (doctor.name, doctor.npi, doctor.languages) == (
        "Some Body Example",
        "1234567893",
        ("en", "es"),
    )
    assert [(v.id, v.minutes, v.minutes_new) for v in dataset.visit_types] == [
        ("visit-207R00000X", 30, 45)
    ]
    assert {place.time_zone for place in dataset.locations} == {"America/New_York"}
    places = {place.id: place for place in dataset.locations}
    assert places["l2"].coordinates is None
    assert places["l2"].postal_code == "06103"
    assert places["l3"].coordinates is not None
    assert places["l3"].coordinates.latitude == pytest.approx(41.77, abs=0.05)


def test_weekly_hours_become_sessions_over_the_horizon(tmp_path: Path) -> None:
    """Monday and the Sunday on which the clock jumps: half past one to four o'clock on the
    clock, an hour less in time.
    """
    dataset, _ = read_plan_net(write_directory(tmp_path), OPTIONS)
    mine = [row for row in dataset.sessions if row.role_id == "r1"]
    assert [(row.start.isoformat(), row.end.isoformat()) for row in mine] == [
        ("2026-03-02T01:30:00-05:00", "2026-03-02T04:00:00-05:00"),
        ("2026-03-08T01:30:00-05:00", "2026-03-08T04:00:00-04:00"),
    ]
    lengths = [(row.end.astimezone(UTC) - row.start.astimezone(UTC)).seconds // 60 for row in mine]
    assert lengths == [150, 90]
    whole = next(row for row in dataset.sessions if row.role_id == "all-day")
    assert (whole.start.isoformat(), whole.end.isoformat()) == (
        "2026-03-03T00:00:00-05:00",
        "2026-03-04T00:00:00-05:00",
    )


def test_nothing_usable_is_an_error(tmp_path: Path) -> None:
    """An empty folder, or none, is no directory."""
    with pytest.raises(DatasetError, match="no role can be used"):
        read_plan_net(tmp_path, OPTIONS)
    with pytest.raises(DatasetError, match="no such folder"):
        read_plan_net(tmp_path / "nowhere", OPTIONS)


@needs_real
def test_connecticut_directory_is_read_whole() -> None:
    """2,000 roles at 39 sites, each read; the known dirt reported in its exact numbers, and
    four sites that a geocoder has put into the middle of the country put back.
    """
    as_of = datetime(2026, 3, 2, 12, tzinfo=UTC)
    dataset, report = read_plan_net(REAL, DirectoryOptions(as_of, 14, 15, 30, 45))
    counts = {code: n for (_, code), n in report.findings.counts.items()}
    assert counts == {
        "network_without_plan": 439,
        "npi_check_digit": 1785,
        "unused_resource": 180,
        "repaired_value": 4,
        "unused_row": 610 + 119 + 158,  # places, services, affiliations
    }
    assert report.findings.num_errors == 0
    assert len(report.findings.problems) == sum(counts.values())
    assert report.made == {
        "doctors": 2000,
        "roles": 2000,
        "locations": 39,
        "insurance_plans": 30,
        "visit_types": 156,
        "sessions": 2000 * 8,
    }
    assert {place.time_zone for place in dataset.locations} == {"America/New_York"}
    states = [place.state for place in dataset.locations]
    assert {s: states.count(s) for s in states} == {"CT": 6, "MA": 22, "RI": 10, "PA": 1}
    assert check_dataset(dataset).num_errors == 0


@needs_real
def test_requests_around_the_directory_are_matched_and_verified() -> None:
    """1,000 requests around the 2,000 roles: a verified plan, each unplaced one with its
    reason, all levels bounded.
    """
    as_of = datetime(2026, 3, 2, 12, tzinfo=UTC)
    directory, _ = read_plan_net(REAL, DirectoryOptions(as_of, 14, 15, 30, 45))
    dataset = requests_around(directory, 1000, seed=1)
    result = match(dataset, limits=Limits(seconds=60.0))
    verdict = verify(result.snapshot, result.policy, result.plan)
    assert verdict.violations == ()
    assert result.plan.is_placed.sum() > 500
    assert len(result.ruled_out_by) == result.num_no_candidate
    unplaced = sum(level.value for level in result.certificate.levels[:4])
    assert unplaced == result.num_no_candidate + result.num_crowded_out
    assert all(level.bound <= level.value for level in result.certificate.levels)
