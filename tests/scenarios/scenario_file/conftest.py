"""Every test here knows two kinds of changes."""

from __future__ import annotations

import sys

import pytest
from scenario_texts import changes_module


@pytest.fixture(autouse=True)
def _two_kinds_of_changes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever kinds there are, these tests speak of two."""
    monkeypatch.setitem(sys.modules, "scenarios.changes", changes_module())
