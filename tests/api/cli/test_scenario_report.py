"""``slotmatch scenario … --report --tables``: a page and files, beside the tables on the screen."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from commands import Ended, run_command
from told_scenarios import HEAD, OF_THE_CLINIC, hostile_clinic

from api.cli import exit_codes, scenarios
from scenarios.report import document
from scenarios.report.tables import TABLES, write
from scenarios.runs.batch import Start


@pytest.fixture
def said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """What a command says of one match; threads stand for processes."""

    def threads(jobs: int) -> Start:
        return lambda: ThreadPoolExecutor(jobs)

    monkeypatch.setattr(scenarios, "local_processes", threads)
    hostile_clinic(tmp_path)
    (tmp_path / "told.yaml").write_text(f"{HEAD}{OF_THE_CLINIC}")

    def run(command: str, *words: str) -> Ended:
        return run_command(["scenario", command, "told.yaml", *words], tmp_path, width=120)

    return run


def test_a_page_and_tables_are_written(said: Any, tmp_path: Path) -> None:
    """By run, and again by compare, which runs nothing: the same to the byte."""
    words = ("--report", "out/page.html", "--tables", "out/tables")
    found = said("run", *words)
    assert found.code == exit_codes.OK
    assert "out/page.html: " in found.stderr
    assert "out/tables/outcomes: " in found.stderr
    page = tmp_path / "out" / "page.html"
    first = page.read_bytes()
    assert first.startswith(b"<!DOCTYPE html>")
    names = {path.name for path in (tmp_path / "out" / "tables").iterdir()}
    assert names == {f"{table.name}.{end}" for table in TABLES for end in ("parquet", "csv")}
    page.unlink()
    again = said("compare", *words)
    assert (again.code, again.stdout, again.stderr) == (exit_codes.OK, found.stdout, "")
    assert page.read_bytes() == first


def test_what_cannot_be_written_is_told_before_anything_is_run(
    said: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A folder in place of the page, a file in place of the folder, a library that is not there."""
    (tmp_path / "page.html").mkdir()
    assert said("run", "--report", "page.html").code == exit_codes.BAD_INPUT
    found = said("run", "--tables", "told.yaml")
    assert found.code == exit_codes.BAD_INPUT
    monkeypatch.setattr(write, "find_spec", lambda _: None)
    found = said("run", "--tables", "tables")
    assert found.code == exit_codes.BAD_INPUT
    assert "slotmatch[report]" in found.stderr
    assert not (tmp_path / "runs").exists()


def test_a_page_that_is_too_large_is_not_written(
    said: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It says so, with what to do; what was run is kept."""
    monkeypatch.setattr(document, "MAX_BYTES", 100)
    found = said("run", "--report", "page.html")
    assert found.code == exit_codes.BAD_INPUT
    assert "fewer scenarios at a time" in " ".join(found.stderr.split())
    assert not (tmp_path / "page.html").exists()
    assert len(list((tmp_path / "runs").iterdir())) == 1
