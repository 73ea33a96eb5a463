"""Fixtures of commands: consoles without breaks, and repairs of a clinic."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from clinic import Clinic
from repair_commands import options

from api.cli import exit_codes
from api.cli.console import data
from api.cli.repairing import run_repair
from engine.domain import Dataset
from engine.errors import InvalidInputError


@pytest.fixture
def wide(monkeypatch: pytest.MonkeyPatch) -> None:
    """No column breaks."""
    monkeypatch.setattr(data, "width", 200)


@pytest.fixture
def said(tmp_path: Path, capsys: Any) -> Iterator[Any]:
    """Run ``slotmatch repair`` in a folder; what is printed, in one line."""

    def run(dataset: Clinic | Dataset, **more: Any) -> str:
        capsys.readouterr()
        assert run_repair(options(dataset, tmp_path, **more)) == exit_codes.OK
        return " ".join(capsys.readouterr().out.split())

    return run


@pytest.fixture
def refused(tmp_path: Path, capsys: Any) -> Any:
    """Run ``slotmatch repair`` in a folder; what it refuses, and nothing is printed."""

    def run(dataset: Clinic | Dataset, **more: Any) -> set[tuple[str, str]]:
        with pytest.raises(InvalidInputError) as caught:
            run_repair(options(dataset, tmp_path, **more))
        assert capsys.readouterr().out == ""
        return {(row.code, row.path) for row in caught.value.problems if row.is_error}

    return run
