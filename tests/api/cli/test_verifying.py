"""``slotmatch verify``: the judges against the plan, and the plan against its own words."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from api.cli import exit_codes
from api.cli.verifying import run_verify
from engine.interchange.dataset import read_dataset
from engine.interchange.plan_file import write_plan
from engine.match import match
from engine.solve.limits import Limits

CLINIC = Path(__file__).parents[3] / "scenarios/examples/small_clinic.json"


@pytest.fixture(scope="module")
def lines() -> list[dict[str, Any]]:
    """Lines of the plan file of the small clinic."""
    result = match(read_dataset(CLINIC)[0], limits=Limits(deterministic=True))
    return [json.loads(line) for line in write_plan(result)]


def verified(lines: list[dict[str, Any]], tmp_path: Path, capsys: Any) -> tuple[int, Any]:
    """Exit code and JSON of verifying the lines."""
    (tmp_path / "plan").write_text("\n".join(json.dumps(line) for line in lines))
    code = run_verify(CLINIC, tmp_path / "plan", None, as_json=True)
    return code, json.loads(capsys.readouterr().out)


def test_what_the_certificate_claims_is_counted_again(
    lines: list[dict[str, Any]], tmp_path: Path, capsys: Any
) -> None:
    """A value that the judges do not count is a violation; so is a missing one."""
    assert verified(lines, tmp_path, capsys)[0] == exit_codes.OK
    header = json.loads(json.dumps(lines[0]))
    header["certificate"]["levels"][-1]["value"] = 0
    code, content = verified([header, *lines[1:]], tmp_path, capsys)
    assert code == exit_codes.VIOLATIONS
    assert [row["rule"] for row in content["violations"]] == ["certificate"]
    code, _ = verified([header | {"certificate": {}}, *lines[1:]], tmp_path, capsys)
    assert code == exit_codes.VIOLATIONS


def test_claims_under_another_policy_are_not_compared(
    lines: list[dict[str, Any]], tmp_path: Path, capsys: Any
) -> None:
    """Another policy counts other values; that it is another one is said."""
    header = lines[0] | {"policy_hash": "other", "certificate": {}}
    (tmp_path / "plan").write_text("\n".join(json.dumps(line) for line in [header, *lines[1:]]))
    assert run_verify(CLINIC, tmp_path / "plan", None, as_json=False) == exit_codes.OK
    assert "other_policy" in capsys.readouterr().err


def test_people_read_what_is_broken(
    lines: list[dict[str, Any]], tmp_path: Path, capsys: Any
) -> None:
    """A visit without a length: the rule, the place and the request, exit code 5."""
    row = next(line for line in lines[1:] if line["state"] == "placed")
    moved = row | {"end": row["start"]}
    (tmp_path / "plan").write_text(
        "\n".join(json.dumps(moved if line is row else line) for line in lines)
    )
    code = run_verify(CLINIC, tmp_path / "plan", None, as_json=False)
    shown = capsys.readouterr().out
    assert code == exit_codes.VIOLATIONS
    assert "violation place" in shown
    assert row["request_id"] in shown
    assert "The plan breaks 1 rule." in shown
    assert re.search(r"inconvenience +│ +\d+\.\d days", shown), "the unit of the certificate"
