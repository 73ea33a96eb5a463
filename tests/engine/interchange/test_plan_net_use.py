"""Which rows of a Plan-Net directory are used, and that of all others the reason is told."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from plan_net_sample import (
    AFFILIATION,
    PLAN,
    SERVICE,
    accepting,
    imported,
    location,
    network,
    practitioner,
    role,
)
from plan_net_sample import write_directory as write

from engine.errors import DatasetError
from engine.interchange.plan_net import DirectoryOptions, read_plan_net
from engine.problems import MAX_KEPT

OPTIONS = DirectoryOptions(date(2026, 3, 2), days=7)


def test_what_is_not_active_is_not_used(tmp_path: Path) -> None:
    """Roles of a practitioner who is not active, plans, services and affiliations that are not:
    each reported, none used.
    """
    dataset, _, found = imported(
        tmp_path,
        practitioner("p2", active=False),
        role("r"),
        role("s", who="p2"),
        PLAN | {"id": "old", "status": "retired", "network": [{"reference": "Organization/n7"}]},
        role("t", network="n7"),
        AFFILIATION | {"active": False},
        role("u", network=""),
        SERVICE | {"id": "h2", "active": False, "extension": accepting("nopt")},
        role("v", healthcareService=[{"reference": "HealthcareService/h2"}]),
        role("w", healthcareService=[{"reference": "HealthcareService/h2"}]),
    )
    assert [row.id for row in dataset.roles] == ["r", "t", "u", "v", "w"]
    assert [row.id for row in dataset.insurance_plans] == ["plan"]
    assert [row.accepts_new for row in dataset.roles] == ["all"] * 5
    assert dataset.roles[2].networks == ()
    assert ("unusable_row", "7/practitioner", "p2") in found
    assert ("unusable_row", "8/status", "retired") in found
    assert ("network_without_plan", "9/extension", "n7") in found
    assert ("unusable_row", "10/active", None) in found
    assert ("unusable_row", "12/active", None) in found
    assert ("unused_row", "5", "p2") in found
    assert not {("unused_row", "10", "a1"), ("unused_row", "12", "h2")} & found


def test_an_unknown_code_for_patients_accepted_is_reported(tmp_path: Path) -> None:
    """It counts as if nothing were said: the service's statement holds, else all; reported
    once, however many roles rest on it.
    """
    dataset, report, found = imported(
        tmp_path,
        role("r", extension=[network({"reference": "Organization/n1"}), *accepting("sometimes")]),
        SERVICE | {"id": "h2", "extension": accepting("perhaps")},
        role("s", healthcareService=[{"reference": "HealthcareService/h2"}]),
        role("t", healthcareService=[{"reference": "HealthcareService/h2"}]),
    )
    assert [row.accepts_new for row in dataset.roles] == ["all", "all", "all"]
    assert ("wrong_value", "5/extension", "sometimes") in found
    assert ("wrong_value", "6/extension", "perhaps") in found
    assert report.findings.counts["warning", "wrong_value"] == 2


def test_rows_that_nothing_used_refers_to_are_reported(tmp_path: Path) -> None:
    """Practitioners, places, services and affiliations, each once, unless another finding says
    already why they are not used.
    """
    _, report, found = imported(
        tmp_path,
        role("r"),
        practitioner("p2"),
        location("l2"),
        location("closed", status="inactive"),
        role("s", where="closed"),
        SERVICE | {"id": "h2"},
        AFFILIATION,
        role("left", who="p2", where="l2", active=False),
    )
    unused = {(where, value) for code, where, value in found if code == "unused_row"}
    assert unused == {("6", "p2"), ("7", "l2"), ("10", "h2"), ("11", "a1")}
    assert report.findings.counts["warning", "unused_row"] == 4
    assert ("unusable_row", "8/status", "inactive") in found


def test_every_finding_is_kept(tmp_path: Path) -> None:
    """Also where there are more of a kind than other readers keep, those of checks included."""
    count = MAX_KEPT + 10
    doctors = [practitioner(f"d{n}", npi="1234567890") for n in range(count)]
    rows = [row for n, doctor in enumerate(doctors) for row in (doctor, role(f"r{n}", who=f"d{n}"))]
    places = [location(f"unused{n}") for n in range(count)]
    _, report = read_plan_net(write(tmp_path, [location("l1"), PLAN, *rows, *places]), OPTIONS)
    codes = [problem.code for problem in report.findings.problems]
    assert codes.count("npi_check_digit") == count
    assert codes.count("unused_row") == count
    assert len(codes) == report.findings.num_errors + report.findings.num_warnings


@pytest.mark.parametrize(
    ("options", "path"),
    [
        (DirectoryOptions(date(2026, 3, 2), cell_minutes=100_000), "options/cell_minutes"),
        (DirectoryOptions(date(2026, 3, 2), days=4_000_000), "options/days"),
        (DirectoryOptions(date(2026, 3, 2), minutes=0), "options/minutes"),
        (DirectoryOptions(date(2099, 12, 25), days=30), "horizon"),
        (DirectoryOptions(datetime(2099, 12, 25, tzinfo=UTC), days=30), "horizon"),
        (DirectoryOptions(datetime(2000, 1, 1, tzinfo=UTC)), "header/horizon/start"),
    ],
)
def test_options_have_limits(tmp_path: Path, options: DirectoryOptions, path: str) -> None:
    """Cells, days and visits have limits; the horizon stays within the years that can be."""
    with pytest.raises(DatasetError) as caught:
        read_plan_net(write(tmp_path), options)
    errors = [row for row in caught.value.problems if row.is_error]
    assert ("out_of_range", path) in {(row.code, row.path) for row in errors}
