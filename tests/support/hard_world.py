"""A world that keeps a solver busy as long as it is given, made when a test wants it."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from engine.interchange.dataset import write_document
from scenarios.world import WorldSpec, generate_world


@cache
def hard_world() -> dict[str, Any]:
    """Its document, which nobody may change."""
    spec = WorldSpec(requests=1_000, doctors=100, days=10, seed=2)
    content: dict[str, Any] = json.loads(write_document(generate_world(spec)))
    return content
