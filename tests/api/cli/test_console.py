"""What is printed stands as it is, whatever the terminal."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from api.cli.console import data, notes, print_problems
from api.cli.render import print_result
from engine.interchange.dataset import read_dataset
from engine.interchange.policy_file import read_policy
from engine.match import match
from engine.problems import Problem
from engine.solve.limits import Limits

EXAMPLE = Path(__file__).parents[3] / "scenarios/examples/small_clinic.json"
POLICY = """
[urgencies]
emergent = {hours = 4}
urgent = {hours = 48}
soon = {working_days = 10}
routine = {working_days = 15}
"[/red]:100:" = {working_days = 20}
"""


@pytest.mark.parametrize("columns", ["20", "30", "40", "200"])
def test_tables_are_whole_on_any_terminal(
    columns: str, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    """Cells are broken and never cut; an urgency class may look like markup."""
    dataset, _ = read_dataset(EXAMPLE)
    result = match(dataset, read_policy(POLICY.encode()), Limits(deterministic=True))
    monkeypatch.setenv("COLUMNS", columns)
    print_result(result)
    shown = capsys.readouterr().out
    assert "…" not in shown
    cells = [[cell.strip() for cell in line.split("│")[1:-1]] for line in shown.splitlines()]
    levels = "".join(row[0] for row in cells if len(row) == 5)
    assert "unplaced,[/red]:100:" in levels.replace(" ", "")
    assert "80.0%" in "".join(row[-1] for row in cells if len(row) == 2)


def test_text_of_the_user_is_no_markup_and_no_emoji(capsys: Any) -> None:
    """Numbers of lines between colons, brackets in ids."""
    found = [
        Problem("bad_date", "requests.ndjson:100:/earliest", "no such date", "'[/red]'"),
        Problem("npi_check_digit", "doctors.ndjson:1234:", "wrong", "a[b]c", "warning"),
    ]
    print_problems(found)
    said = capsys.readouterr().err
    assert "requests.ndjson:100:/earliest: '[/red]':" in said
    assert "doctors.ndjson:1234:: a[b]c:" in said
    for console, stream in ((data, "out"), (notes, "err")):
        console.print("a:100:b:smile:")
        assert re.fullmatch("a:100:b:smile:\n", getattr(capsys.readouterr(), stream))
