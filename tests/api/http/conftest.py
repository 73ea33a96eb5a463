"""A server that several files of tests ask: to start one takes seconds."""

from __future__ import annotations

from collections.abc import Iterator

import httpx2
import pytest
from repairs import chain
from serving import served

from api.http.app import create_app
from api.http.settings import Settings


@pytest.fixture(scope="session")
def chain_server() -> Iterator[httpx2.Client]:
    """A service that holds the chain of three."""
    with served(create_app(Settings(workers=2), chain().dataset())) as client:
        yield client
