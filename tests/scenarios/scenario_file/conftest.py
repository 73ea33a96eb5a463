"""Every test here knows two kinds of changes."""

from __future__ import annotations

import pytest
from scenario_texts import CHANGES

from scenarios.scenario_file import definition, schema


@pytest.fixture(autouse=True)
def _two_kinds_of_changes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever kinds there are, these tests speak of two."""
    for module in (definition, schema):
        monkeypatch.setattr(module, "CHANGES_FORMAT", CHANGES)
