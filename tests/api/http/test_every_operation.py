"""Every operation of the OpenAPI document, asked for whatever its schemas allow and forbid."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from canaries import logged, marked, shown
from fuzzing import ALL, DRAWN, IS_LONG, fuzzed

from api.http.app import create_app
from api.http.live.service import LiveSettings
from api.http.settings import Settings
from api.store.keys import Keys
from api.store.opening import open_database
from api.store.store import Store
from engine.domain import Dataset
from engine.interchange.dataset import dataset_from

OFTEN = Settings(workers=1, key_burst=1_000_000, stranger_burst=1_000_000)
SMALL = "^/(v1/(find|holds|appointments|requests|patients|doctors|roles|sessions)|livez|metrics)"
"""Operations whose bodies are no whole datasets."""
EVERY = "."

pytestmark = [pytest.mark.takes_long, pytest.mark.hypothesis]


@pytest.fixture
def dataset() -> Dataset:
    """A small clinic with marked patients."""
    return dataset_from(marked(), None, "/")[0]


@pytest.fixture
def store(tmp_path: Path, dataset: Dataset) -> Iterator[Store]:
    """It in a store."""
    database = open_database(f"sqlite:///{tmp_path / 'clinic.db'}")
    made = Store(database)
    made.load(dataset)
    yield made
    database.close()


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """Where the logs go."""
    with logged() as out:
        yield out


@pytest.mark.parametrize("has_keys", [True, False])
def test_a_service_with_a_store(
    store: Store, dataset: Dataset, lines: io.StringIO, *, has_keys: bool
) -> None:
    """No fault, no answer that is not documented, whatever is asked, and in whatever order."""
    keys = Keys(store.database) if has_keys else None
    key = keys.create("one", ["admin"]) if keys else None
    app = create_app(OFTEN, None, keys, store, LiveSettings(as_of=dataset.header.as_of))
    phases = ALL if has_keys or IS_LONG else (*DRAWN, "stateful")
    found = fuzzed(app, EVERY if IS_LONG else SMALL, phases, key)
    assert found.failures == [], "\n\n".join(found.failures[:5])
    assert sum(found.statuses.values()) > (2_000 if has_keys else 200)
    assert found.statuses[200] + found.statuses[201] > 20
    assert found.marked > 80
    assert shown(lines.getvalue()) == []


def test_a_service_without_a_store(dataset: Dataset, lines: io.StringIO) -> None:
    """The same of one that holds a dataset, which matches, repairs and changes what is sent."""
    found = fuzzed(create_app(OFTEN, dataset), EVERY, ALL if IS_LONG else DRAWN)
    assert found.failures == [], "\n\n".join(found.failures[:5])
    assert sum(found.statuses.values()) > 200
    assert found.marked > 20
    assert shown(lines.getvalue()) == []
