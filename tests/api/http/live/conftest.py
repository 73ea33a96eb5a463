"""A desk at a service on the ward, on either database."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from live import Desk, live

from api.store.store import Store


@pytest.fixture
def desk(store: Store) -> Iterator[Desk]:
    """Who asks it."""
    with live(store) as made:
        yield made
