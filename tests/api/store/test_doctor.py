"""What a look at a deployment finds, and that it changes nothing."""

from __future__ import annotations

import json
import shutil
import sqlite3
import time
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import pytest
from commands import run_command
from postgres_server import PostgresServer
from sqlalchemy import Engine, text
from ward import place

from api.backup.backup import back_up
from api.doctor import common, sqlite
from api.doctor.examination import examine
from api.doctor.finding import Finding, is_usable
from api.store.errors import StoreError
from api.store.opening import open_database
from api.store.revision import Revision, revision_named
from api.store.store import Store


def of(findings: Sequence[Finding], code: str) -> Finding:
    """The one finding of a code."""
    (found,) = (finding for finding in findings if finding.code == code)
    return found


@pytest.fixture
def file(tmp_path: Path, sqlite_template: Path) -> Path:
    """The file of an empty store that nobody has open."""
    return Path(shutil.copy(sqlite_template, tmp_path / "store.db"))


def test_a_store_in_use_is_sound(store: Store) -> None:
    """With somebody's hold in it, on either kind, nothing is an error."""
    store.hold("ann-visit", place(), 300, "key")
    where = store.database.where
    findings = examine(where if "://" in where else f"sqlite:///{where}")
    assert is_usable(findings), findings
    assert {of(findings, code).severity for code in ("clock", "schema", "integrity")} == {"ok"}
    assert of(findings, "promises") == Finding("promises", "ok", "nothing is promised twice")


def test_nothing_is_made_where_nothing_is(tmp_path: Path) -> None:
    """No file, and no folder, comes of being looked for."""
    findings = examine(f"sqlite:///{tmp_path / 'store.db'}")
    assert of(findings, "file").severity == "error"
    assert list(tmp_path.iterdir()) == []


def test_tables_stay_as_they_are(empty_url: str, bare_engine: Engine) -> None:
    """A database without tables gets none; one of a later version is an error."""
    with bare_engine.begin() as connection:
        connection.execute(text("CREATE TABLE other (x INTEGER)"))
    findings = examine(empty_url)
    assert of(findings, "schema").found == "no tables"
    assert is_usable(findings)
    open_database(empty_url).close()
    assert of(examine(empty_url), "schema").severity == "ok"
    with bare_engine.begin() as connection:
        connection.execute(text("UPDATE schema_version SET version_num = '9999'"))
    findings = examine(empty_url)
    assert of(findings, "schema").severity == "error"
    assert "integrity" not in {finding.code for finding in findings}


def test_a_file_keeps_every_byte(file: Path) -> None:
    """Nor is its version brought up."""
    before = file.read_bytes()
    assert is_usable(examine(f"sqlite:///{file}"))
    assert file.read_bytes() == before


def test_rights_that_others_have_are_named(file: Path) -> None:
    """With the command that takes them away."""
    file.chmod(0o644)
    found = of(examine(f"sqlite:///{file}"), "rights")
    assert (found.severity, found.found) == ("warning", "others may read it: store.db 644")
    for path in file.parent.glob("store.db*"):
        path.chmod(0o600)
    assert of(examine(f"sqlite:///{file}"), "rights").severity == "ok"


def test_what_is_promised_twice_is_found(file: Path) -> None:
    """Where somebody has got past the database's own rule."""
    row = "INSERT INTO occupation (appointment_id, kind, id, seat, start, end, state)"
    appointment = (
        "INSERT INTO appointment (id, request_id, role_id, start, end, status, version, body)"
    )
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("DROP TRIGGER occupation_added")
        for name in ("a", "b", "c"):
            values = (name, name)
            connection.execute(f"{appointment} VALUES (?, ?, 'r', 0, 9, 'booked', 1, '')", values)
        for name, state in (("a", "booked"), ("b", "held")):
            connection.execute(f"{row} VALUES (?, 'room', 'x', 0, 0, 9, ?)", (name, state))
        connection.commit()
    found = of(examine(f"sqlite:///{file}"), "promises")
    assert found.severity == "error"
    assert found.found == (
        "1 pairs of appointments have the same seat, or doctor, at one time; "
        "1 occupations are in another state than their appointment; 1 appointments occupy nothing"
    )
    with pytest.raises(StoreError, match="same seat"):  # nor is it kept as if all were well
        back_up(f"sqlite:///{file}", file.with_name("kept"))


def test_an_older_schema_is_told(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It can be used: it is brought up when it is opened."""
    older = Revision("0000", "0001", "older")
    monkeypatch.setattr(common, "revision_of", lambda _: older)
    found = of(examine(f"sqlite:///{file}"), "schema")
    assert (found.severity, found.found) == ("warning", "version 0000, the code has 0001")
    assert revision_named("0000").standing == "newer"  # nobody here knows it


@pytest.mark.parametrize("damage", ["header", "page"])
def test_a_damaged_file_is_an_error(file: Path, damage: str) -> None:
    """Whether it is none of SQLite's any more, or some of its pages are gone."""
    content = file.read_bytes()
    where = 0 if damage == "header" else len(content) - 4096
    file.write_bytes(content[:where] + b"\x55" * 4096 + content[where + 4096 :])
    findings = examine(f"sqlite:///{file}")
    assert not is_usable(findings)
    assert any("store restore" in finding.advice for finding in findings)


def test_a_disk_of_another_machine_is_an_error(file: Path, tmp_path: Path) -> None:
    """SQLite's log needs memory that all processes share."""
    mounts = tmp_path / "mounts"
    mounts.write_text(f"/dev/a / ext4 rw 0 0\nhost:/x {tmp_path} nfs4 rw 0 0\n")
    assert sqlite._kept_on(file, mounts).severity == "error"
    assert sqlite._kept_on(file, tmp_path / "absent").severity == "ok"


@pytest.mark.parametrize(("free", "severity"), [(1, "error"), (100, "warning"), (999, "ok")])
def test_a_disk_without_room_is_told(
    file: Path, monkeypatch: pytest.MonkeyPatch, free: int, severity: str
) -> None:
    """Before nothing can be booked, and once nothing can."""
    usage = shutil.disk_usage(file.parent)._replace(free=free << 20)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)
    assert of(examine(f"sqlite:///{file}"), "disk").severity == severity


def test_a_version_that_two_processes_may_share() -> None:
    """Those from 3.51.3 on are well; before it, one process alone is."""
    assert sqlite._version((3, 51, 3)).severity == "ok"
    assert sqlite._version((3, 51, 2)).severity == "warning"


def test_clocks_that_differ_are_told(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten minutes are, as between a server and a machine that has lost its time."""
    now = time.time
    monkeypatch.setattr(time, "time", lambda: now() + 600)
    found = of(examine(f"sqlite:///{file}"), "clock")
    assert found.severity == "warning"
    assert found.found.startswith(("600.", "599."))


def test_a_server_that_may_lose_or_tell_is_found(
    postgres_server: PostgresServer, postgres_template: str
) -> None:
    """Settings of a database are looked at as they hold there."""
    name = postgres_server.new_database(postgres_template)
    url = postgres_server.url(name)
    findings = examine(url)
    assert of(findings, "log_error_verbosity").severity == "warning"
    assert of(findings, "log_statement").severity == "ok"
    settings = ("synchronous_commit = off", "log_error_verbosity = terse", "log_statement = 'all'",
                "deadlock_timeout = '3s'")  # fmt: skip
    for setting in settings:
        postgres_server.execute(f"ALTER DATABASE {name} SET {setting}")
    findings = examine(url)
    severities = {finding.code: finding.severity for finding in findings}
    assert severities["synchronous_commit"] == "error"
    assert severities["log_error_verbosity"] == "ok"
    assert severities["log_statement"] == severities["deadlock_timeout"] == "warning"


@pytest.mark.parametrize(
    "address",
    ["me:secret", "sqlite://", "mysql://me:secret@host/db", "postgresql://me:secret@127.0.0.1:9/x"],
)
def test_what_cannot_be_reached_is_an_error_without_a_password(address: str) -> None:
    """Whether it is no address, or nobody is there."""
    findings = examine(address)
    assert not is_usable(findings)
    assert "secret" not in str(findings)


def test_the_command_says_all_of_it(file: Path, tmp_path: Path) -> None:
    """As a table, or as a document; its exit code says whether the store can be used."""
    done = run_command(["doctor", "--store", f"sqlite:///{file}"], tmp_path, width=100)
    assert done.code == 0, done.stderr
    assert "nothing is promised twice" in done.stdout
    assert "It can be used." in done.stdout
    done = run_command(["doctor", "--store", "sqlite:///absent.db", "--json"], tmp_path)
    assert done.code == 2
    told = json.loads(done.stdout)
    assert told["usable"] is False
    assert {"code", "severity", "found", "advice"} == set(told["findings"][0])
