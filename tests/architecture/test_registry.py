"""The house rules that tools do not check: registries, one solver, no clocks."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine import constraints, eligibility, objectives, verify
from engine.policy import RULES
from engine.problems import CODES

ROOT = Path(__file__).parents[2]
FOLDERS = {
    "eligibility": eligibility.ELIGIBILITY,
    "constraints": constraints.CONSTRAINTS,
    "objectives": objectives.OBJECTIVES,
}
NO_JUDGE_OF_A_RULE = {"__init__", "judge", "place", "violation", "codes", "calendar", "links"}


def sources(*folders: str) -> Iterator[Path]:
    """Python files of the project."""
    for folder in folders:
        yield from sorted((ROOT / folder).rglob("*.py"))


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_module_of_a_rule_folder_is_listed(folder: str) -> None:
    """A rule that is not in its tuple would silently not hold."""
    files = {file.stem for file in (ROOT / "engine" / folder).glob("*.py")} - {"__init__"}
    assert {rule.name for rule in FOLDERS[folder]} == files


@pytest.mark.parametrize("name", RULES)
def test_every_rule_has_its_judge_its_tests_and_its_words(name: str) -> None:
    """Module, class and test carry the rule's name; the docstring states the formula."""
    rule = RULES[name]
    folder = next(folder for folder, rules in FOLDERS.items() if rule in rules)
    assert rule.__name__ == "".join(part.title() for part in name.split("_"))
    assert (ROOT / "engine" / "verify" / f"{name}.py").is_file()
    tests = ROOT / "tests" / "engine" / folder
    own_test = tests / f"test_{name}.py"
    assert own_test.is_file() or rule.__name__ in (tests / "test_inconvenience.py").read_text()
    assert "Formula:" in inspect.getdoc(rule)  # type: ignore[operator]


def test_every_judge_belongs_to_a_rule() -> None:
    """No judge without a rule, none that is not listed."""
    files = {file.stem for file in (ROOT / "engine" / "verify").glob("*.py")} - NO_JUDGE_OF_A_RULE
    assert files == set(RULES)
    assert {judge.__name__.rpartition(".")[2] for judge in verify.JUDGES} == set(RULES)


def test_the_solver_is_made_in_one_place() -> None:
    """No other ``CpSolver()``: every parameter is set by the factory. A peer of the engine makes
    its own, which leaves SIGINT alone too.
    """
    made = [
        str(file.relative_to(ROOT))
        for file in sources("engine", "scenarios", "api", "benchmarks")
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("CpSolver")
    ]
    assert sorted(made) == ["benchmarks/peers/plain_cpsat.py", "engine/solve/cpsat.py"]
    for file in made:
        assert "parameters.catch_sigint_signal = False" in (ROOT / file).read_text()


def test_linear_solvers_are_called_in_one_place() -> None:
    """OR-Tools is imported by ``cpsat``, ``linear_solvers`` and ``network``, and by nothing else in
    the engine: who reads an answer there knows what not to believe.
    """
    importing = {
        str(file.relative_to(ROOT / "engine"))
        for file in sources("engine")
        if re.search(r"^\s*(from|import) ortools", file.read_text(), re.MULTILINE)
    }
    assert importing == {"solve/cpsat.py", "solve/linear_solvers.py", "solve/network.py"}


def test_the_engine_reads_no_clock_no_environment_and_rolls_no_dice() -> None:
    """Snapshot in, plan out: what a calendar shows now is nobody's business in there."""
    banned = re.compile(
        r"datetime\.now|date\.today|time\.time\(|os\.environ|getenv|np\.random|import random"
    )
    found = [
        str(file.relative_to(ROOT)) for file in sources("engine") if banned.search(file.read_text())
    ]
    assert found == []


def test_every_problem_code_in_the_source_is_in_the_table() -> None:
    """Codes are what programs read: each one that is raised is documented."""
    pattern = re.compile(r"(?:\.error|\.warn|Problem|refuse|PydanticCustomError)\(\s*\"([a-z_]+)\"")
    used = {code for file in sources("engine", "api") for code in pattern.findall(file.read_text())}
    assert used <= set(CODES)


def test_tests_have_no_init_files() -> None:
    """``tests/engine/__init__.py`` would shadow the engine."""
    assert list((ROOT / "tests").rglob("__init__.py")) == []


def test_every_test_says_what_it_shows() -> None:
    """One sentence at least for every test."""
    silent = [
        f"{file.name}::{node.name}"
        for file in sources("tests")
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.FunctionDef)
        and node.name.startswith("test_")
        and not ast.get_docstring(node)
    ]
    assert silent == []
