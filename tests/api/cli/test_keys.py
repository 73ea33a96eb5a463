"""Keys by commands."""

from __future__ import annotations

import io
import json
import re
import shlex
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from commands import run_command

from api.cli.key_commands import ScopeName
from api.scopes import SCOPES

ROOT = Path(__file__).parents[3]
STRONG = "sm_frontdesk_q8Zr2LmX0pVbT5yKcN7wHs4DfG1jA9eU"


def test_a_key_is_printed_once_listed_without_its_secret_and_revoked(tmp_path: Path) -> None:
    """Alone on stdout, so that it can be piped to where it belongs."""
    words = ["key", "create", "front desk", "--scope", "read", "--scope", "book", "--days", "9"]
    done = run_command(words, tmp_path, width=40)
    assert done.code == 0, done.stderr
    found = re.fullmatch(r"sm_([0-9a-f]{12})_([0-9a-f]{40})\n", done.stdout)
    assert found is not None
    key_id, secret = found.groups()
    listed = run_command(["key", "list"], tmp_path, width=40).stdout
    assert listed.startswith(f"{key_id}  valid    read book    front desk, ends 2")
    assert (
        run_command(["key", "revoke", key_id], tmp_path).stdout
        == f"{key_id} (front desk): revoked\n"
    )
    as_json = run_command(["key", "list", "--json"], tmp_path).stdout
    assert json.loads(as_json)["keys"][0]["state"] == "revoked"
    assert secret not in listed + as_json
    assert secret not in (tmp_path / "slotmatch.db").read_bytes().decode("latin-1")


def test_a_key_by_hand_comes_by_stdin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """So that it stands in no history of commands; it is not printed; a weak one is refused."""
    words = ["key", "create", "front desk", "--scope", "read", "--given"]
    for text, code in ((STRONG, 0), ("password", 2)):
        monkeypatch.setattr("sys.stdin", io.StringIO(f"{text}\n"))
        done = run_command(words, tmp_path)
        assert done.code == code
        assert text not in done.stdout + done.stderr
    assert "weak_key" in done.stderr


def test_how_long_holds_of_a_key_last_is_listed(tmp_path: Path) -> None:
    """A minute to an hour; a second less or more is refused."""
    words = ["key", "create", "kiosk", "--scope", "book", "--hold-seconds"]
    codes = [run_command([*words, seconds], tmp_path).code for seconds in ("59", "60", "3601")]
    assert codes == [2, 0, 2]
    listed = run_command(["key", "list"], tmp_path).stdout
    assert listed.endswith("book         kiosk, holds 60 s at most\n")
    as_json = run_command(["key", "list", "--json"], tmp_path).stdout
    assert json.loads(as_json)["keys"][0]["hold_seconds"] == 60


def test_who_is_not_there_is_said(tmp_path: Path) -> None:
    """A key that nobody has is no fault of ours."""
    done = run_command(["key", "revoke", "nobody"], tmp_path)
    assert done.code == 2
    assert "there is no key 'nobody'" in done.stderr


def test_scopes_of_the_command_are_those_of_keys() -> None:
    """They are repeated so that help is fast."""
    assert [row.value for row in ScopeName] == list(SCOPES)


def test_commands_of_the_page_work(tmp_path: Path) -> None:
    """``docs/how-to/keys.md``: its commands in order, and its scopes."""
    text = (ROOT / "docs/how-to/keys.md").read_text(encoding="utf-8")
    for block in re.findall(r"```console\n(.*?)```", text, re.DOTALL):
        for line in block.splitlines():
            done = run_command(shlex.split(line)[1:], tmp_path)
            assert done.code == 0, (line, done.stderr)
    assert re.findall(r"^\| `(\w+)` \|", text, re.MULTILINE) == list(SCOPES)


def test_the_audit_is_judged_by_commands(tmp_path: Path) -> None:
    """Code 0 as long as it is what was written, 5 when it is not; a head kept elsewhere too."""
    for name in ("one", "two"):
        run_command(["key", "create", name, "--scope", "read"], tmp_path)
    head = run_command(["audit", "head"], tmp_path, width=20).stdout.strip()
    assert re.fullmatch(r"2:[0-9a-f]{64}", head)
    done = run_command(["audit", "verify", "--head", head], tmp_path)
    assert (done.code, done.stdout) == (0, "2 rows, 0 of them erased: all as written\n")
    with closing(sqlite3.connect(tmp_path / "slotmatch.db")) as file:
        file.execute("UPDATE audit SET actor = 'somebody' WHERE number = 2")
        file.commit()
    done = run_command(["audit", "verify"], tmp_path)
    assert done.code == 5
    assert "row 2 is not what was written there" in done.stdout
    told = json.loads(run_command(["audit", "verify", "--json"], tmp_path).stdout)
    assert (told["head"]["number"], told["faults"]) == (2, 1)
    assert run_command(["audit", "verify", "--head", "nothing"], tmp_path).code == 2
