"""The command line, run as its users run it."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
import tomllib
from pathlib import Path
from typing import Any

import pytest
from commands import Ended, run_command
from pace import slowness
from plan_net_sample import write_directory

ROOT = Path(__file__).parents[2]
EXAMPLE = str(ROOT / "scenarios/examples/small_clinic.json")


def run(*args: str, code: int = 0, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Run ``slotmatch`` and check its exit code."""
    done = subprocess.run(
        [sys.executable, "-m", "api.cli.main", *args],
        capture_output=True,
        text=True,
        cwd=cwd or ROOT,
        check=False,
        timeout=120,
        env=os.environ | {"COLUMNS": "200", "PYTHONPATH": str(ROOT)},
    )
    assert done.returncode == code, (done.returncode, done.stdout, done.stderr)
    return done


def here(*args: str, code: int = 0) -> Ended:
    """Run ``slotmatch`` in this process, whose modules are there already; check its exit code."""
    done = run_command([*args], ROOT, width=200)
    assert done.code == code, done
    return done


def test_help_is_quick() -> None:
    """Help comes within 0.3 s where nothing else runs, the best of five."""
    out = run("--help").stdout
    for command in (
        "generate",
        "import",
        "match",
        "find",
        "repair",
        "verify",
        "schema",
        "policy",
        "serve",
        "demo",
    ):
        assert command in out
    assert any(is_quick("--help") for _ in range(5))


def is_quick(*args: str) -> bool:
    """Whether a command takes no longer than 0.3 s would be on a machine without other work."""
    start = time.perf_counter()
    run(*args)
    return time.perf_counter() - start < 0.3 * slowness()


def test_match_prints_certificate_and_measures_and_writes_the_plan(tmp_path: Path) -> None:
    """Tables on stdout, notes on stderr, the plan file whole; verify accepts it."""
    plan = tmp_path / "out" / "plan.ndjson"
    done = run("match", EXAMPLE, "--out", str(plan))
    assert "inconvenience" in done.stdout
    assert "proven" in done.stdout
    assert "No candidate at all" in done.stdout
    assert "plan written" in done.stderr
    lines = [json.loads(line) for line in plan.read_text().splitlines()]
    assert [line["state"] for line in lines[1:]].count("placed") == 4
    assert list(plan.parent.iterdir()) == [plan]
    assert "The plan holds." in run("verify", EXAMPLE, str(plan)).stdout


def test_match_as_json() -> None:
    """One object on stdout: certificate, measures, plan."""
    content = json.loads(here("match", EXAMPLE, "--json", "--deterministic").stdout)
    assert content["certificate"]["proven"] is True
    assert content["measures"]["placed"] == 4
    assert content["no_candidate_by_rule"] == {"licensed_state": 1}
    assert len(content["plan"]) == 5


def test_unproven_plan_has_exit_code_4(tmp_path: Path) -> None:
    """No time: a verified plan, and a code that says it is not proven."""
    here("generate", "--requests", "60", "--doctors", "12", "--days", "4", "--out", str(tmp_path))
    done = here("match", str(tmp_path), "--time-limit", "0", "--quiet", code=4)
    assert "Stopped by the time limit" in done.stdout


def test_verify_finds_what_a_plan_breaks(tmp_path: Path) -> None:
    """Two requests at one place: exit code 5, the rule and the place named."""
    plan = tmp_path / "plan.ndjson"
    here("match", EXAMPLE, "--out", str(plan))
    lines = [json.loads(line) for line in plan.read_text().splitlines()]
    ben, cleo = (
        next(row for row in lines if row.get("request_id") == n) for n in ("ben-ear", "cleo-ear")
    )
    ben |= {key: cleo[key] for key in ("session_id", "role_id", "start")}
    ben["end"] = ben["start"].replace("09:00", "09:20")
    plan.write_text("\n".join(json.dumps(line) for line in lines))
    done = here("verify", EXAMPLE, str(plan), code=5)
    assert "slot_capacity" in done.stdout
    content = json.loads(here("verify", EXAMPLE, str(plan), "--json", code=5).stdout)
    assert content["holds"] is False
    assert {row["rule"] for row in content["violations"]} == {"slot_capacity", "certificate"}


def test_bad_input_has_exit_code_2_and_names_everything(tmp_path: Path) -> None:
    """Every error with its code, path and value, on stderr; nothing written."""
    document = json.loads(Path(EXAMPLE).read_text())
    document["requests"][0]["patient_id"] = "nobody"
    document["sessions"][0]["end"] = "2026-03-09T08:00:00-04:00"
    document["requests"][1]["urgency"] = "whenever"
    bad = tmp_path / "bad.json"
    bad.write_text(json.dumps(document))
    done = here("match", str(bad), "--out", str(tmp_path / "plan"), code=2)
    assert done.stdout == ""
    assert "dangling_reference bad.json/requests/0/patient_id: 'nobody'" in done.stderr
    assert "empty_interval bad.json/sessions/0/end" in done.stderr
    assert "unknown_urgency bad.json/requests/1/urgency: 'whenever'" in done.stderr
    assert not (tmp_path / "plan").exists()
    here("match", str(tmp_path / "nowhere"), code=2)
    here("verify", EXAMPLE, str(tmp_path / "nowhere"), code=2)
    (tmp_path / "policy.toml").write_text("[rules.wiat]")
    assert (
        "unknown_rule"
        in here("match", EXAMPLE, "--policy", str(tmp_path / "policy.toml"), code=2).stderr
    )
    here("match", EXAMPLE, "--policy", str(tmp_path / "nowhere"), code=2)
    here(
        "generate", "--around", EXAMPLE, "--requests", "nine", "--out", str(tmp_path / "w"), code=2
    )
    here("schema", "nonsense", code=2)


def test_policy_is_printed_checked_and_used(tmp_path: Path) -> None:
    """What is printed can be read back, changed, and changes the answer."""
    text = here("policy").stdout
    assert tomllib.loads(text)["rules"]["other_doctor"]["days"] == 5.0
    own = tmp_path / "policy.toml"
    own.write_text("[rules.licensed_state]\nenabled = false\n")
    assert "enabled = false" in here("policy", str(own)).stdout
    assert json.loads(here("policy", "--json").stdout)["rules"]["travel"]["free_km"] == 5.0
    content = json.loads(here("match", EXAMPLE, "--policy", str(own), "--json").stdout)
    assert content["measures"]["placed"] == 5


def test_schema_is_json_schema() -> None:
    """The schema of the dataset, and of the plan's lines."""
    assert "Request" in json.loads(here("schema").stdout)["$defs"]
    assert json.loads(here("schema", "plan").stdout)["row"]["title"] == "PlanRow"


def test_import_and_generate_around(tmp_path: Path) -> None:
    """A directory becomes a dataset, requests are drawn around it, and matched."""
    directory, world = tmp_path / "directory", tmp_path / "world"
    done = run(
        "import",
        "plan-net",
        str(write_directory(tmp_path)),
        *("--out", str(directory), "--as-of", "2026-03-02", "--horizon", "7"),
        *("--visit-type", "minutes=30,new=45", "--report", str(tmp_path / "report.ndjson")),
    )
    assert "10 roles" in done.stdout
    assert "unresolved_reference" in done.stderr
    report = [json.loads(line) for line in (tmp_path / "report.ndjson").read_text().splitlines()]
    assert {"code", "path", "message", "value", "severity"} == set(report[0])
    here("generate", "--around", str(directory), "--requests", "20", "--out", str(world))
    content = json.loads(here("match", str(world), "--json", "--quiet").stdout)
    assert content["measures"]["requests"] == 20


@pytest.mark.parametrize(
    "args",
    [
        ("--visit-type", "minutes=x"),
        ("--visit-type", "length=3"),
        ("--visit-type", "new=30"),
        ("--as-of", "yesterday"),
        ("--as-of", "2026-03-02T07:00"),
    ],
)
def test_import_options_are_checked(tmp_path: Path, args: tuple[str, str]) -> None:
    """Options that cannot be read are named."""
    done = here("import", "plan-net", str(tmp_path), "--out", str(tmp_path / "o"), *args, code=2)
    assert args[0] in done.stderr


def test_demo_shows_the_main_job_offline() -> None:
    """A city, its certificate and measures, and what to try next."""
    start = time.perf_counter()
    done = run("demo", "--quiet")
    assert time.perf_counter() - start < 15 * slowness() + 10  # tests share the machine
    assert "A city with" in done.stderr
    assert "Certificate" in done.stdout
    assert "What to try next" in done.stdout


def start(*args: str) -> subprocess.Popen[str]:
    """Start ``slotmatch`` in the background."""
    return subprocess.Popen(
        [sys.executable, "-m", "api.cli.main", *args],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )


@pytest.fixture(scope="module")
def hard_world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A world that is not solved in a few seconds."""
    folder = tmp_path_factory.mktemp("hard")
    run("generate", "--requests", "1500", "--doctors", "80", "--out", str(folder))
    return folder


def wait_for_progress(process: subprocess.Popen[str]) -> None:
    """Wait until the first progress line is told."""
    assert process.stderr is not None
    for line in process.stderr:
        if re.search(r"components proven", line):
            return


def test_interrupted_once_the_best_plan_is_written(hard_world: Path, tmp_path: Path) -> None:
    """Ctrl-C: the plan so far, verified, with its gap; exit code 4."""
    plan = tmp_path / "plan.ndjson"
    process = start("match", str(hard_world), "--time-limit", "300", "--out", str(plan))
    wait_for_progress(process)
    process.send_signal(signal.SIGINT)
    out, _ = process.communicate(timeout=60)
    assert process.returncode == 4, out
    assert "Stopped on request" in out
    here("verify", str(hard_world), str(plan))


def test_a_fault_of_ours_has_exit_code_70(monkeypatch: pytest.MonkeyPatch) -> None:
    """An unexpected exception is ours: it is said so, with the traceback on stderr."""
    from api.cli import main as main_module

    def broken() -> Any:
        raise ZeroDivisionError

    monkeypatch.setattr(main_module, "app", broken)
    with pytest.raises(SystemExit) as caught:
        main_module.main()
    assert caught.value.code == 70
