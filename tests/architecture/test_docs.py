"""The documentation says what the code says."""

from __future__ import annotations

import inspect
import re
import shlex
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
from commands import Ended, run_command, run_python
from plan_net_sample import write_directory
from written import compare

from api.cli import scenarios
from api.http.metrics import Metrics
from api.http.problems import PROBLEM_TYPES
from engine.constraints import CONSTRAINTS
from engine.eligibility import ELIGIBILITY
from engine.objectives import OBJECTIVES
from engine.policy import parameter_fields
from engine.problems import CODES
from scenarios.changes import CHANGES
from scenarios.scenario_file import scenario_from
from scenarios.scenario_file.records import Definition

ROOT = Path(__file__).parents[2]
RULES_BEGIN = "<!-- rules: written by UPDATE_DOCS=1 pytest tests/architecture -n0 -->"
RULES_END = "<!-- end of rules -->"
CHANGES_BEGIN = "<!-- changes: written by UPDATE_DOCS=1 pytest tests/architecture -n0 -->"
FAMILY = "scenarios/examples/family_clinic.json"


def rule_tables() -> Iterator[str]:
    """A section per kind of rule, an entry per rule, from the classes."""
    for title, rules in (
        ("Eligibility", ELIGIBILITY),
        ("Constraints", CONSTRAINTS),
        ("Objectives", OBJECTIVES),
    ):
        yield f"### {title}\n"
        for rule in rules:
            yield rule_entry(rule)


def rule_entry(rule: type[Any]) -> str:
    """Name, docstring and parameters of a rule."""
    lines = [f"**`{rule.name}`** " + inspect.cleandoc(rule.__doc__ or ""), ""]
    for field in parameter_fields(rule):
        basis = f"{field.metadata['basis']}: {field.metadata['source']}"
        lines += [f"- `{field.name}` = {field.default} ({basis})", ""]
    return "\n".join(lines)


def run_line(command: str, folder: Path, width: int | None = None) -> Ended:
    """Run a line of a document that begins with ``slotmatch``, in a folder."""
    return run_command(shlex.split(command)[1:], folder, width)


def test_rules_in_the_model_are_those_of_the_code() -> None:
    """The rules in ``docs/model.md`` are written from the classes."""
    path = ROOT / "docs" / "model.md"
    text = path.read_text(encoding="utf-8")
    before, rest = text.split(RULES_BEGIN)
    after = rest.split(RULES_END)[1]
    rules = "\n".join(rule_tables())
    compare(path, f"{before}{RULES_BEGIN}\n\n{rules}\n{RULES_END}{after}")


def test_problem_codes_are_documented() -> None:
    """``docs/problem-codes.md`` is written from the table of codes."""
    lines = ["# Problem codes", "", "What `code` says in findings about input.", ""]
    lines += ["| code | meaning |", "|--|--|"]
    lines += [f"| `{code}` | {meaning} |" for code, meaning in CODES.items()]
    compare(ROOT / "docs" / "problem-codes.md", "\n".join(lines) + "\n")


DOCUMENTS = [
    path
    for top in sorted(ROOT.glob("[!.]*"))
    for path in ([top] if top.suffix == ".md" else sorted(top.glob("**/*.md")))
]
"""Without looking into environments and caches, which are large."""


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.name))
def test_links_between_documents_hold(path: Path) -> None:
    """Every relative link points at a file that is there."""
    for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", path.read_text(encoding="utf-8")):
        assert (path.parent / target).exists(), target


def test_plan_of_the_family_clinic_is_the_one_shown() -> None:
    """``docs/how-to/visits-that-belong-together.md`` shows what the command prints."""
    path = ROOT / "docs" / "how-to" / "visits-that-belong-together.md"
    done = run_command(["match", FAMILY, "--rows", "--deterministic"], ROOT, width=100)
    assert done.code == 0, done.stderr
    table = [line.rstrip() for line in done.stdout.partition("Certificate")[0].splitlines()]
    before, rest = path.read_text(encoding="utf-8").split("<!-- plan -->")
    after = rest.split("<!-- end of plan -->")[1]
    block = "\n".join(["```", *table[1:], "```"])
    compare(path, f"{before}<!-- plan -->\n{block}\n<!-- end of plan -->{after}")


def test_files_and_commands_of_bring_your_own_csv_work(tmp_path: Path) -> None:
    """``docs/how-to/bring-your-own-csv.md``: its files, its commands in order, and the plan."""
    path = ROOT / "docs" / "how-to" / "bring-your-own-csv.md"
    text = path.read_text(encoding="utf-8")
    for name, content in re.findall(r"\n`([\w.-]+)`\n\n```\w+\n(.*?)```", text, re.DOTALL):
        (tmp_path / name).write_text(content, encoding="utf-8")
    (block,) = re.findall(r"```console\n(.*?)```", text, re.DOTALL)
    done = [run_line(command, tmp_path) for command in block.splitlines()]
    assert [run.code for run in done] == [0, 0, 0], [run.stderr for run in done]
    assert "made: 3 patients, 4 requests, " in done[0].stdout
    assert "0 errors, 1 warning" in done[0].stdout
    assert "unused_column (1): waiting-list.csv: not used: 'Notes'" in done[0].stderr
    plan = (tmp_path / "tables" / "plan.csv").read_text(encoding="utf-8-sig")
    before, rest = text.split("<!-- plan -->")
    after = rest.split("<!-- end of plan -->")[1]
    lines = "\n".join(["```csv", *plan.splitlines(), "```"])
    compare(path, f"{before}<!-- plan -->\n{lines}\n<!-- end of plan -->{after}")


def test_commands_and_python_of_the_repair_work(tmp_path: Path) -> None:
    """``docs/how-to/repair.md``: its files, its commands in order, its tables, its example."""
    path = ROOT / "docs" / "how-to" / "repair.md"
    text = path.read_text(encoding="utf-8")
    for name, content in re.findall(r"\n`([\w.-]+)`\n\n```\w+\n(.*?)```", text, re.DOTALL):
        (tmp_path / name).write_text(content, encoding="utf-8")
    commands = "".join(re.findall(r"```console\n(.*?)```", text, re.DOTALL)).splitlines()
    done = [run_line(command, tmp_path, width=100) for command in commands]
    assert [run.code for run in done] == [0] * len(commands), [run.stderr for run in done]
    repaired, with_plans, again = (
        run
        for command, run in zip(commands, done, strict=True)
        if command.startswith("slotmatch repair")
    )
    assert "1 appointment accepted" in again.stderr
    plans = with_plans.stdout.partition("Whole plans")[2].partition("Where they differ")[0]
    table = "\n".join(line.rstrip() for line in f"Whole plans{plans}".splitlines())
    before, rest = text.split("<!-- plans -->")
    after = rest.split("<!-- end of plans -->")[1]
    text = f"{before}<!-- plans -->\n```\n{table}\n```\n<!-- end of plans -->{after}"
    shown = (line.rstrip() for line in repaired.stdout.splitlines())
    lines = [line for line in shown if " s; " not in line]  # certificates say how long it took
    before, rest = text.split("<!-- tables -->")
    after = rest.split("<!-- end of tables -->")[1]
    tables = "\n".join(["```", *lines, "```"])
    compare(path, f"{before}<!-- tables -->\n{tables}\n<!-- end of tables -->{after}")
    (example,) = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    run = run_python(example, tmp_path)
    assert run.code == 0, run.stderr
    assert run.stdout.count("patient-") >= 1


def test_commands_and_table_of_what_if_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """``docs/how-to/what-if.md``: its file, its commands in order, its tables, and its sweep."""
    monkeypatch.setattr(scenarios, "local_processes", lambda jobs: lambda: ThreadPoolExecutor(jobs))
    path = ROOT / "docs" / "how-to" / "what-if.md"
    text = path.read_text(encoding="utf-8")
    ((name, file),) = re.findall(r"\n`([\w.-]+)`\n\n```\w+\n(.*?)```", text, re.DOTALL)
    (tmp_path / name).write_text(file, encoding="utf-8")
    commands = "".join(re.findall(r"```console\n(.*?)```", text, re.DOTALL)).splitlines()
    listed, run, *compared = (run_line(command, tmp_path, width=100) for command in commands)
    assert (listed.code, run.code, *(row.code for row in compared)) == (0, 6, 6, 6), run.stderr
    assert [row.stdout for row in compared] == [run.stdout] * 2
    assert b"Half as many again ask" in (tmp_path / "more-ask.html").read_bytes()
    assert {path.stem for path in (tmp_path / "tables").iterdir()} == {
        name
        for row in re.findall(r"^\| (`\w+`(?:, `\w+`)*) \|.*", text.split("--tables DIR")[1], re.M)
        for name in re.findall(r"\w+", row)
    }
    assert "10 runs done, 0 were there" in run.stderr
    (sweep,) = re.findall(r"```yaml\n(sweep:.*?)```", text, re.DOTALL)
    assert len(scenario_from(f"{file}{sweep}".encode(), name).grid()) == 6
    table = "\n".join(line.rstrip() for line in run.stdout.splitlines())
    before, rest = text.split("<!-- table -->")
    after = rest.split("<!-- end of table -->")[1]
    block = f"<!-- table -->\n```\n{table}\n```\n<!-- end of table -->"
    compare(path, f"{before}{block}{after}")


def test_what_if_names_every_kind_of_change_and_every_field() -> None:
    """Kinds are written from their classes; fields of the file are all there."""
    path = ROOT / "docs" / "how-to" / "what-if.md"
    text = path.read_text(encoding="utf-8")
    lines = ["", "| kind | what changes | its fields |", "|--|--|--|"]
    for kind, record_type in CHANGES.items():
        doc = inspect.cleandoc(record_type.__doc__ or "").partition("\n\n")[0]
        said = " ".join(doc.replace("``", "`").split())
        own = [field.name for field in fields(record_type) if field.name != "kind"]
        lines.append(f"| `{kind}` | {said} | {', '.join(f'`{name}`' for name in own)} |")
    begin, end = CHANGES_BEGIN, "<!-- end of changes -->"
    before, rest = text.split(begin)
    table = "\n".join([*lines, "", ""])
    compare(path, f"{before}{begin}\n{table}{end}{rest.split(end)[1]}")
    named = re.findall(r"^\| `(\w+)` \|", text.partition("## What can be changed")[0], re.MULTILINE)
    assert named == [field.name for field in fields(Definition)]


def readme_commands() -> list[str]:
    """Commands of the README's console blocks, each a line that begins with ``slotmatch``."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```console\n(.*?)```", text, re.DOTALL)
    lines = "\n".join(blocks).replace("\\\n", " ").splitlines()
    return [line.strip() for line in lines if line.strip().startswith("slotmatch")]


def test_commands_of_the_readme_work(tmp_path: Path) -> None:
    """Every ``slotmatch`` command of the README runs, in order, in an empty folder."""
    commands = readme_commands()
    assert len(commands) >= 5
    (tmp_path / "clinic.json").write_bytes(
        (ROOT / "scenarios/examples/small_clinic.json").read_bytes()
    )
    (tmp_path / "DIRECTORY").mkdir()
    write_directory(tmp_path / "DIRECTORY")
    for command in commands:
        if command.startswith("slotmatch serve"):
            continue  # tests/api/test_http.py serves
        done = run_line(command.split(" > ")[0], tmp_path)
        assert done.code in (0, 4), (command, done.stderr)
        if " > " in command:
            (tmp_path / command.split(" > ")[1]).write_text(done.stdout)


def test_python_of_the_readme_runs(tmp_path: Path) -> None:
    """The Python example runs as it stands, beside a ``clinic.json``."""
    clinic = ROOT / "scenarios/examples/small_clinic.json"
    (tmp_path / "clinic.json").write_bytes(clinic.read_bytes())
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    done = run_python(example, tmp_path)
    assert done.code == 0, done.stderr
    assert "inconvenience" in done.stdout


def test_json_of_the_readme_is_a_dataset() -> None:
    """The dataset that the README shows can be typed as it stands."""
    from engine.interchange.dataset import read_document

    text = (ROOT / "README.md").read_text(encoding="utf-8")
    examples = re.findall(r"```json\n(.*?)```", text, re.DOTALL)
    assert examples
    for example in examples:
        read_document(example.encode())


def test_the_page_of_the_service_names_every_problem_and_every_metric() -> None:
    """And none that there is not."""
    page = (ROOT / "docs/how-to/run-the-service.md").read_text()
    rows = [line.split("|") for line in page.splitlines() if re.match(r"\| \d{3} \|", line)]
    named = {(name, int(row[1])) for row in rows for name in re.findall(r"`([a-z-]+)`", row[2])}
    assert named == {(name, kind.status) for name, kind in PROBLEM_TYPES.items()}
    shown = set(re.findall(r"^\| `(slotmatch_[a-z_]+)`", page, re.MULTILINE))
    counted = {family.name for family in Metrics()._registry.collect()}
    assert {name.removesuffix("_total") for name in shown} == counted - {"slotmatch_info"}


def test_commands_and_python_of_the_store_work(tmp_path: Path) -> None:
    """``docs/how-to/store.md``: its commands in order, and its example, on the README's clinic."""
    text = (ROOT / "docs" / "how-to" / "store.md").read_text(encoding="utf-8")
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    (clinic,) = re.findall(r"```json\n(.*?)```", readme, re.DOTALL)
    (tmp_path / "clinic.json").write_text(clinic)
    (block,) = re.findall(r"```console\n(.*?)```", text, re.DOTALL)
    done = [run_line(command, tmp_path) for command in block.splitlines()]
    assert [run.code for run in done] == [0, 0, 0], [run.stderr for run in done]
    (example,) = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    run = run_python(example, tmp_path)
    assert run.code == 0, run.stderr
    assert run.stdout.startswith("booked 2 Change(")


def test_commands_and_settings_of_operate_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """``docs/how-to/operate.md``: its commands in order, on the README's clinic, and its file."""
    for name in ("STORE", "SETTINGS", "REAL_DATA"):
        monkeypatch.delenv(f"SLOTMATCH_{name}", raising=False)
    text = (ROOT / "docs" / "how-to" / "operate.md").read_text(encoding="utf-8")
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    (clinic,) = re.findall(r"```json\n(.*?)```", readme, re.DOTALL)
    (tmp_path / "clinic.json").write_text(clinic)
    commands = "".join(re.findall(r"```console\n(.*?)```", text, re.DOTALL)).splitlines()
    done = [run_line(command, tmp_path) for command in commands]
    assert [run.code for run in done] == [0] * len(commands), [run.stderr for run in done]
    assert "1 appointment booked" in done[-1].stdout
    (file,) = re.findall(r"```toml\n(.*?)```", text, re.DOTALL)
    (tmp_path / "service.toml").write_text(file)
    shown = run_line("slotmatch settings --settings service.toml", tmp_path, width=120)
    assert shown.code == 0, shown.stderr
    assert "file service.toml" in shown.stdout
