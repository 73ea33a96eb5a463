"""Scenarios that reports are made of; each is run once."""

from __future__ import annotations

from pathlib import Path

import pytest
from told_scenarios import (
    MENDED,
    OF_THE_CLINIC,
    PASSING,
    REMARKS,
    SWEPT,
    TITLE,
    hostile_clinic,
    told,
)

from scenarios.report import Told


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the clinic is."""
    found = tmp_path_factory.mktemp("clinic")
    hostile_clinic(found)
    return found


@pytest.fixture(scope="session")
def swept(folder: Path) -> Told:
    """Two points, two seeds each, with and without the changes."""
    return told(f"{TITLE}{OF_THE_CLINIC}{SWEPT}", folder, remarks=REMARKS)


@pytest.fixture(scope="session")
def mended(folder: Path) -> Told:
    """One repair, and nothing to compare it with."""
    return told(f"{OF_THE_CLINIC}{MENDED}", folder)


@pytest.fixture(scope="session")
def passing(folder: Path) -> Told:
    """Four days, with the changes and without."""
    return told(f"{OF_THE_CLINIC}{PASSING}", folder)
