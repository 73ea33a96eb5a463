"""Where each setting of the service comes from, and what is none."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from commands import run_command

from api.configuration import configured
from api.http.settings import Settings
from engine.errors import InvalidInputError


@pytest.fixture(autouse=True)
def _bare(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is said by whoever runs the tests."""
    for name in list(os.environ):
        if name.startswith("SLOTMATCH_"):
            monkeypatch.delenv(name)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A file that says something."""
    path = tmp_path / "service.toml"
    path.write_text('port = 9000\nmax_jobs = 5\nqueue_seconds = 2\nhost = "10.0.0.1"\n')
    return path


def told(file: Path | None = None) -> list[tuple[str, str]]:
    """Code and place of everything that is wrong."""
    with pytest.raises(InvalidInputError) as caught:
        configured(file=file)
    return [(row.code, row.path) for row in caught.value.problems]


def test_defaults_are_those_of_the_service() -> None:
    """Where nobody says anything."""
    found = configured()
    assert found.service == Settings()
    assert (found.values["host"], found.values["port"]) == ("127.0.0.1", 8000)
    assert set(found.origins.values()) == {"default"}


def test_later_sources_hold(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The command line before the environment, that before the file, that before defaults; and
    each says where it comes from.
    """
    monkeypatch.setenv("SLOTMATCH_MAX_JOBS", "7")
    monkeypatch.setenv("SLOTMATCH_PORT", "9001")
    monkeypatch.setenv("SLOTMATCH_BODY_SECONDS", "")
    found = configured({"port": 9002, "workers": None}, file)
    rows = {name: (value, origin) for name, value, origin in found.rows()}
    assert rows["port"] == (9002, "command line --port")
    assert rows["max_jobs"] == (7, "environment SLOTMATCH_MAX_JOBS")
    assert rows["queue_seconds"] == (2.0, f"file {file}")
    assert rows["body_seconds"] == (Settings().body_seconds, "default")
    assert found.service.max_jobs == 7


def test_the_environment_can_name_the_file(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is named on the command line holds before it."""
    monkeypatch.setenv("SLOTMATCH_SETTINGS", str(file))
    assert configured().values["port"] == 9000
    other = file.with_name("other.toml")
    other.write_text("port = 1\n")
    assert configured(file=other).values["port"] == 1


def test_names_that_there_are_not_are_refused_with_near_ones(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All of them at once, in the file and in the environment."""
    file.write_text("max_job = 5\n[service]\nport = 1\n")
    monkeypatch.setenv("SLOTMATCH_MAX_WAITNG", "1")
    with pytest.raises(InvalidInputError) as caught:
        configured(file=file)
    first, second, third = caught.value.problems
    assert (first.code, first.path) == ("unknown_field", f"{file}/max_job")
    assert "max_jobs" in first.message
    assert second.path == f"{file}/service"
    assert third.path == "environment SLOTMATCH_MAX_WAITNG"
    assert "SLOTMATCH_MAX_WAITING" in third.message


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("port", "70000", "out_of_range"),
        ("port", "eighty", "wrong_type"),
        ("workers", "65", "out_of_range"),
        ("max_jobs", "0", "out_of_range"),
        ("queue_seconds", "nan", "not_finite"),
        ("queue_seconds", "inf", "not_finite"),
    ],
)
def test_values_that_cannot_be_are_refused(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, code: str
) -> None:
    """With the name, where it was said, and the value."""
    variable = f"SLOTMATCH_{name.upper()}"
    monkeypatch.setenv(variable, value)
    assert told() == [(code, f"{name} (environment {variable})")]


@pytest.mark.parametrize(
    ("content", "code"), [(b"port = ", "not_toml"), (b"\xff", "not_utf8"), (None, "not_readable")]
)
def test_a_file_that_cannot_be_read_is_refused(
    tmp_path: Path, content: bytes | None, code: str
) -> None:
    """Whatever is wrong with it."""
    path = tmp_path / "bad.toml"
    if content is not None:
        path.write_bytes(content)
    assert told(path) == [(code, str(path))]


def test_no_password_is_shown(file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither where settings are printed, nor where one is refused."""
    file.write_text('store = "postgresql://me:secret@host/db"\n')
    done = run_command(["settings", "--settings", str(file), "--json"], tmp_path)
    assert done.code == 0, done.stderr
    row = json.loads(done.stdout)["store"]
    assert row == {"value": "postgresql://me:***@host/db", "from": f"file {file}"}
    monkeypatch.setenv("SLOTMATCH_STORE", "me:secret")
    done = run_command(["settings"], tmp_path, width=120)
    assert "secret" not in done.stdout
    assert "environment SLOTMATCH_STORE" in done.stdout


def test_commands_use_the_store_that_the_file_names(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Unless the environment or the command line names another."""
    file.write_text('store = "sqlite:///named.db"\n')
    monkeypatch.setenv("SLOTMATCH_SETTINGS", str(file))
    assert "no file named.db" in run_command(["doctor"], tmp_path, width=120).stdout
    done = run_command(["doctor", "--store", "sqlite:///slotmatch.db"], tmp_path, width=120)
    assert "no file slotmatch.db" in done.stdout
    monkeypatch.setenv("SLOTMATCH_STORE", "sqlite:///other.db")
    assert "no file other.db" in run_command(["doctor"], tmp_path, width=120).stdout
