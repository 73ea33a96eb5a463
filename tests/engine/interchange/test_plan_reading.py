"""Plan files read: what was written comes back, what belongs elsewhere is refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from clinic import Clinic, at

from engine.errors import PlanFileError
from engine.interchange.plan_file import plan_rows, row_content, write_plan
from engine.interchange.plan_reading import plan_from, read_plan
from engine.match import match
from engine.policy import Policy
from engine.result import Result
from engine.solve.limits import Limits
from engine.verify.judge import verify

NOWHERE = dict.fromkeys(("doctor_id", "role_id", "location_id", "session_id", "start", "end"))


@pytest.fixture
def result() -> Result:
    """Ann and Bob placed, Cleo crowded out, Dan kept, Eve without a candidate."""
    clinic = Clinic().session("09:00", "09:30").video_role()
    clinic.session("09:00", "09:15", role_id="video", day=1)
    clinic.request("ann").request("bob").request("cleo", latest=at("10:00"))
    clinic.request("dan").appointment("09:00", "09:15", day=2, request="dan")
    clinic.request("eve", specialty="207R00000X")
    return match(clinic.dataset(), limits=Limits(deterministic=True))


def written(result: Result, path: Path) -> list[dict[str, Any]]:
    """Write the plan file and return its lines."""
    path.write_bytes(b"".join(write_plan(result)))
    return [json.loads(line) for line in path.read_text().splitlines()]


def read(result: Result, path: Path) -> Any:
    """Read a plan file for the result's own dataset."""
    certificate = result.certificate
    return read_plan(path, result.snapshot, certificate.dataset_hash, certificate.policy_hash)


def test_round_trip(result: Result, tmp_path: Path) -> None:
    """The plan read back is the plan written, and the judges accept it."""
    lines = written(result, tmp_path / "plan")
    plan, header, report = read(result, tmp_path / "plan")
    assert report.problems == []
    assert header.policy_hash == result.certificate.policy_hash
    for name in ("state", "reason", "role", "session", "start", "end"):
        assert getattr(plan, name).tolist() == getattr(result.plan, name).tolist()
    assert verify(result.snapshot, Policy.default(), plan).violations == ()
    assert [line.get("state") for line in lines[1:]].count("placed") == 3


def change(lines: list[dict[str, Any]], path: Path, row: int, **fields: Any) -> None:
    """Write the lines with one row changed."""
    lines[row] |= fields
    path.write_text("\n".join(json.dumps(line) for line in lines))


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"request_id": "nobody"}, "dangling_reference"),
        ({"session_id": "nowhere"}, "dangling_reference"),
        ({"role_id": "nobody"}, "dangling_reference"),
        ({"request_id": "bob"}, "duplicate_id"),
        ({"start": "2026-03-02T09:00:00"}, "bad_instant"),
        ({"start": "2026-03-02T09:00:30-05:00"}, "not_whole_minute"),
        ({"start": None}, "missing_field"),
        ({"state": "lost"}, "wrong_value"),
        ({"colour": "red"}, "unknown_field"),
        ({"doctor_id": "nobody"}, "other_role"),
        ({"doctor_id": None}, "other_role"),
        ({"service_id": "dr"}, "other_role"),
        ({"location_id": "nowhere"}, "other_role"),
        ({"reason": "crowded_out"}, "needless_field"),
        ({"ruled_out_by": "language"}, "needless_field"),
        ({"state": "unplaced", "reason": "crowded_out"}, "needless_field"),
    ],
)
def test_rows_that_do_not_belong(result: Result, tmp_path: Path, fields: Any, code: str) -> None:
    """Each mistake in a row has its code and its line."""
    lines = written(result, tmp_path / "plan")
    change(lines, tmp_path / "plan", 1, **fields)
    with pytest.raises(PlanFileError) as caught:
        read(result, tmp_path / "plan")
    assert (code, True) in {(p.code, p.path.startswith("plan:")) for p in caught.value.problems}


def test_missing_rows_headers_and_files(result: Result, tmp_path: Path) -> None:
    """A plan without a row for somebody, without a header, without anything."""
    lines = written(result, tmp_path / "plan")
    (tmp_path / "plan").write_text("\n".join(json.dumps(line) for line in lines[:-1]))
    with pytest.raises(PlanFileError, match="eve"):
        read(result, tmp_path / "plan")
    (tmp_path / "plan").write_text("\n".join(json.dumps(line) for line in lines[1:]))
    with pytest.raises(PlanFileError, match="must be a header"):
        read(result, tmp_path / "plan")
    (tmp_path / "plan").write_text("")
    with pytest.raises(PlanFileError, match="must be a header"):
        read(result, tmp_path / "plan")
    with pytest.raises(PlanFileError, match="nowhere"):
        read(result, tmp_path / "nowhere")


def test_plan_of_another_dataset_is_a_warning(result: Result, tmp_path: Path) -> None:
    """If all ids resolve, another hash, of dataset or policy, is said, and the plan is read."""
    written(result, tmp_path / "plan")
    _, _, report = read_plan(tmp_path / "plan", result.snapshot, "other", "other")
    assert [problem.code for problem in report.problems] == ["other_dataset", "other_policy"]


def test_unplaced_row_says_why(result: Result, tmp_path: Path) -> None:
    """A request left out without a reason is a mistake of the file."""
    lines = written(result, tmp_path / "plan")
    row = next(i for i, line in enumerate(lines) if line.get("state") == "unplaced")
    change(lines, tmp_path / "plan", row, reason=None)
    with pytest.raises(PlanFileError, match="says why"):
        read(result, tmp_path / "plan")


def test_blank_lines_are_no_rows(result: Result, tmp_path: Path) -> None:
    """An editor's last line does no harm."""
    written(result, tmp_path / "plan")
    with (tmp_path / "plan").open("a") as stream:
        stream.write("\n\n")
    assert read(result, tmp_path / "plan")[2].problems == []


def test_row_that_cannot_be_read_is_not_missing(result: Result, tmp_path: Path) -> None:
    """One broken line is one problem."""
    lines = written(result, tmp_path / "plan")
    texts = [json.dumps(line) for line in lines]
    (tmp_path / "plan").write_text("\n".join([*texts[:-1], "{"]))
    with pytest.raises(PlanFileError) as caught:
        read(result, tmp_path / "plan")
    assert [problem.code for problem in caught.value.problems] == ["not_json"]


@pytest.mark.parametrize(
    "fields",
    [
        {"state": "unplaced", "reason": "crowded_out", **NOWHERE},
        {"start": "2026-03-04T09:15:00-05:00"},
        {"state": "placed", "session_id": "s1"},
    ],
)
def test_an_appointment_dropped_or_changed_is_a_violation(
    result: Result, tmp_path: Path, fields: Any
) -> None:
    """Nobody's appointment may be lost by way of a plan file."""
    lines = written(result, tmp_path / "plan")
    row = next(i for i, line in enumerate(lines) if line.get("state") == "kept")
    change(lines, tmp_path / "plan", row, **fields)
    plan, _, _ = read(result, tmp_path / "plan")
    violations = verify(result.snapshot, Policy.default(), plan).violations
    assert ("place", "appointment of dan") in {(v.rule, v.where) for v in violations}


def test_rows_as_plain_values_are_the_same_plan(result: Result) -> None:
    """What ``/v1/match`` answers can be sent back."""
    plan = plan_from([row_content(row) for row in plan_rows(result)], result.snapshot)
    for name in ("state", "reason", "role", "session", "start", "end"):
        assert getattr(plan, name).tolist() == getattr(result.plan, name).tolist()


def test_what_is_wrong_with_rows_is_told_by_their_place_in_the_list(result: Result) -> None:
    """No list; a row that is none; a request that nobody knows, and those without a row."""
    rows = [row_content(row) for row in plan_rows(result)]
    for content, found in (
        ({}, [("wrong_type", "/plan")]),
        ([*rows, 3], [("wrong_type", "/plan/5")]),
        ([*rows, rows[0]], [("duplicate_id", "/plan/5/request_id")]),
        (rows[1:], [("missing_request", "/plan")]),
    ):
        with pytest.raises(PlanFileError) as caught:
            plan_from(content, result.snapshot, "/plan")
        assert [(row.code, row.path) for row in caught.value.problems] == found
