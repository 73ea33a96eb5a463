"""A service that is killed while it commits a plan: all of it is booked, or nothing."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from clinic import MONDAY
from postgres_server import PostgresServer
from ward import ward

from api.http.live.planning import _commit
from api.http.live.service import Live
from api.store import plans
from api.store.answering import Asked
from api.store.opening import open_database
from api.store.proposing import propose
from api.store.store import Store
from engine.match import match
from engine.solve.limits import Limits

ROOT = Path(__file__).parents[4]
ASKED = Asked("anybody", "commit", "once", "print")

KILLED = """
import os, signal, sys
from datetime import datetime
from api.http.live.planning import _commit
from api.http.live.service import Live, LiveSettings
from api.store.answering import Answering, Asked
from api.store.opening import open_database
from api.store.store import Store
from api.store.transaction import Transaction

def die(owner, name):
    url, as_of = sys.argv[1:]
    real = getattr(owner, name)

    def and_die(*words):
        real(*words)
        os.kill(os.getpid(), signal.SIGKILL)

    setattr(owner, name, and_die)
    asked = Asked("anybody", "commit", "once", "print")
    live = Live(Store(open_database(url)), LiveSettings(as_of=datetime.fromisoformat(as_of)))
    _commit(live, asked, "plan")

for point in ((Transaction, "write_occupied"), (Answering, "_keep"), (Answering, "once")):
    child = os.fork()
    if not child:
        die(*point)
    _, status = os.waitpid(child, 0)
    assert os.WTERMSIG(status) == signal.SIGKILL
    store = Store(open_database(sys.argv[1]))
    print(len(store.appointments().rows))
    store.close()
"""


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest, tmp_path: Path, sqlite_template: Path) -> Iterator[str]:
    """Address of an empty store of either kind."""
    if request.param == "sqlite":
        yield f"sqlite:///{shutil.copy(sqlite_template, tmp_path / 'store.db')}"
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")
    template: str = request.getfixturevalue("postgres_template")
    yield server.url(server.new_database(template))


def test_a_commit_that_is_killed_is_whole_or_not_there(url: str) -> None:
    """After the first appointments are written, and before the transaction ends, nothing is there
    and the same key does it anew; after it, all is there and the same key is told of it.
    """
    store = Store(open_database(url))
    try:
        store.load(ward().dataset())
        limits = Limits(seconds=5, workers=1, deterministic=True)
        draft = propose(store, lambda dataset: match(dataset, limits=limits), MONDAY).draft
        plans.keep(store, "anybody", "plan", draft.text())
        words = [sys.executable, "-c", KILLED, url, MONDAY.isoformat()]
        done = subprocess.run(
            words,
            env=os.environ | {"PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            timeout=120,
            check=True,
        )
        assert [int(number) for number in done.stdout.split()] == [0, 0, len(draft.rows)]
        live = Live(store)
        told = _commit(live, ASKED, "plan")
        live.close()
        assert told.is_replay
        assert len(json.loads(told.body)["appointments"]) == len(store.appointments().rows)
    finally:
        store.close()
