"""Standard streams of every kind: odd encodings, closed, full, read in part."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
EXAMPLE = ROOT / "scenarios/examples/small_clinic.json"
PLAIN_C = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
NEEDS_FULL = pytest.mark.skipif(not Path("/dev/full").exists(), reason="no full device here")


def shell(line: str, cwd: Path = ROOT, **env: str) -> subprocess.CompletedProcess[bytes]:
    """Run a line of shell in which ``$S`` is ``slotmatch``; the exit code is the first one."""
    return subprocess.run(
        ["/bin/bash", "-c", f"set -o pipefail; {line}"],
        capture_output=True,
        check=False,
        timeout=60,
        cwd=cwd,
        env=os.environ
        | {"PYTHONPATH": str(ROOT), "COLUMNS": "200", "S": f"{sys.executable} -m api.cli.main"}
        | env,
    )


@pytest.fixture(scope="module")
def foreign(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a clinic and a policy whose names are in no small character set."""
    folder = tmp_path_factory.mktemp("foreign")
    text = EXAMPLE.read_text(encoding="utf-8").replace("ann-ear", "żółć-é-🦻")
    (folder / "clinic.json").write_text(text, encoding="utf-8")
    policy = '[by_visit_type."żółć-é-🦻".soon]\nhours = 5\n'
    (folder / "policy.toml").write_text(policy, encoding="utf-8")
    return folder


def test_json_and_toml_are_read_back_from_any_encoding(foreign: Path) -> None:
    """What the encoding has not is escaped as each of them does it."""
    line = "$S match clinic.json --json; $S policy policy.toml"
    done = shell(line, foreign, PYTHONIOENCODING="latin-1")
    assert (done.returncode, done.stderr) == (0, b"")
    text = done.stdout.decode("ascii")
    content, end = json.JSONDecoder().raw_decode(text)
    assert "żółć-é-🦻" in {row["request_id"] for row in content["plan"]}
    assert "żółć-é-🦻" in tomllib.loads(text[end:])["by_visit_type"]


def test_tables_and_findings_are_written_in_any_encoding(foreign: Path) -> None:
    """In the plainest of them, too."""
    done = shell("$S match clinic.json; $S policy żółć", foreign, **PLAIN_C)
    assert b"| proven |" in done.stdout
    assert done.returncode == 2
    assert done.stderr.startswith(b"error not_readable ")


@pytest.mark.parametrize(
    ("line", "code", "said"),
    [
        ("$S match $EXAMPLE --quiet >&-", 2, b"error standard output: it is closed\n"),
        pytest.param("$S match $EXAMPLE >/dev/full", 2, b"No space left", marks=NEEDS_FULL),
        pytest.param("$S policy >/dev/full", 2, b"No space left", marks=NEEDS_FULL),
        pytest.param("$S --help >/dev/full", 2, b"No space left", marks=NEEDS_FULL),
        pytest.param("$S policy nowhere 2>/dev/full", 2, b"", marks=NEEDS_FULL),
        ("$S policy nowhere 2>&-", 2, b""),
        ("$S match $EXAMPLE --quiet | true", 1, b""),
        ("$S policy | true", 1, b""),
        ("$S policy nowhere 2> >(true)", 2, b""),
    ],
)
def test_a_stream_that_cannot_be_written_is_no_fault_of_ours(
    line: str, code: int, said: bytes
) -> None:
    """One line at most, no traceback, and an exit code of the table."""
    done = shell(line, EXAMPLE=str(EXAMPLE))
    assert done.returncode == code
    assert said in done.stderr
    assert done.stderr.count(b"\n") == (1 if said else 0)


def test_work_goes_on_when_nobody_reads_its_notes(tmp_path: Path) -> None:
    """The reader of stderr leaves: the answer comes all the same, on stdout and as a file."""
    line = f"$S match {EXAMPLE} --json --out {tmp_path}/plan 2> >(true)"
    done = shell(line)
    assert done.returncode == 0
    assert json.loads(done.stdout)["certificate"]["proven"]
    assert (tmp_path / "plan").exists()
