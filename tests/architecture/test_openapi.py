"""The OpenAPI document is kept: whoever changes what the service says of itself sees it."""

from __future__ import annotations

import json
from pathlib import Path

from written import compare

from api.http.app import create_app

KEPT = Path(__file__).parents[2] / "docs" / "openapi.json"


def test_the_document_is_the_one_that_is_kept() -> None:
    """``docs/openapi.json`` is what a service answers at ``/openapi.json``, with a store or
    without.
    """
    compare(KEPT, json.dumps(create_app().openapi(), indent=1, ensure_ascii=False) + "\n")
