"""Documents that are written from the code."""

from __future__ import annotations

import os
from pathlib import Path

import pytest


def compare(path: Path, text: str) -> None:
    """Fail where a written document differs from the code; write it when asked to."""
    if os.environ.get("UPDATE_DOCS"):
        path.write_text(text, encoding="utf-8")
    if path.read_text(encoding="utf-8") != text:
        accept = "UPDATE_DOCS=1 pytest tests/architecture -n0"
        pytest.fail(f"{path.name} is not what the code says; to accept the change: {accept}")
