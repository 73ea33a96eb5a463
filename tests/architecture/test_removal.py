"""A rule that is removed is gone: its file, its judge and their two lines are all of it."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

CHECK = """
import sys
from pathlib import Path
from engine.errors import PolicyError
from engine.interchange.dataset import read_dataset
from engine.interchange.policy_file import read_policy
from engine.match import match
from engine.policy import RULES
from engine.solve.limits import Limits

name, clinic = sys.argv[1:]
assert name not in RULES
dataset, _ = read_dataset(Path(clinic))
assert match(dataset, limits=Limits(deterministic=True)).certificate.is_proven
try:
    read_policy(f"[rules.{name}]".encode())
except PolicyError as error:
    (problem,) = error.problems
    print(problem.code, problem.path)
"""


@pytest.mark.parametrize(
    ("folder", "name"),
    [
        ("constraints", "linked_same_doctor"),
        ("constraints", "rooms_and_devices"),
        ("eligibility", "language"),
        ("objectives", "load_spread"),
    ],
)
def test_a_rule_is_its_file_its_judge_and_two_lines(tmp_path: Path, folder: str, name: str) -> None:
    """Without them the engine matches as before, and a policy that names the rule is refused."""
    shutil.copytree(ROOT / "engine", tmp_path / "engine")
    (tmp_path / "engine" / folder / f"{name}.py").unlink()
    (tmp_path / "engine" / "verify" / f"{name}.py").unlink()
    class_name = "".join(part.title() for part in name.split("_"))
    for table in (folder, "verify"):
        file = tmp_path / "engine" / table / "__init__.py"
        lines = file.read_text().splitlines(keepends=True)
        gone = re.compile(rf"\b({name}|{class_name})\b")
        file.write_text("".join(line for line in lines if not gone.search(line)))
    clinic = ROOT / "scenarios/examples/small_clinic.json"
    done = subprocess.run(
        [sys.executable, "-c", CHECK, name, str(clinic)],
        cwd=tmp_path,
        env={"PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout == f"unknown_rule policy/rules/{name}\n", done.stderr
