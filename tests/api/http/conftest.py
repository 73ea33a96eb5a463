"""What several files of tests ask: a server, which takes seconds to start, and keys."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
from repairs import chain
from serving import served

from api.http.app import create_app
from api.http.settings import Settings
from api.store.keys import Keys
from api.store.opening import open_database


@pytest.fixture(scope="session")
def chain_server() -> Iterator[httpx2.Client]:
    """A service that holds the chain of three."""
    with served(create_app(Settings(workers=2), chain().dataset())) as client:
        yield client


@pytest.fixture
def keys(tmp_path: Path) -> Iterator[Keys]:
    """A store of keys, in which there are none."""
    database = open_database(f"sqlite:///{tmp_path / 'keys.db'}")
    yield Keys(database)
    database.close()
