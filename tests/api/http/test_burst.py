"""Ten thousand requests at once: refused clearly, while the service stays responsive."""

from __future__ import annotations

from pathlib import Path

from bursts import CONNECTIONS, REQUESTS, burst, head
from serving import served

from api.http.app import create_app
from api.http.settings import Settings
from api.store.keys import Keys
from api.store.opening import open_database


def test_a_burst_is_refused_and_does_not_stop_anybody(tmp_path: Path) -> None:
    """With a key, and without: 404 as long as there are tokens, then 429; ``/livez`` is quick."""
    database = open_database(f"sqlite:///{tmp_path / 'keys.db'}")
    keys = Keys(database)
    right, wrong = keys.create("one", ["operate"]), f"sm_000000000000_{'0' * 40}"
    settings = Settings(workers=1, key_requests_per_second=10, key_burst=50, stranger_burst=50)
    heads = [head("/v1/jobs/x", key) for key in (right, wrong)] * (CONNECTIONS // 2)
    with served(create_app(settings, keys=keys)) as client:
        total, wait = burst(client, heads)
    assert total.keys() == {404, 401, 429}
    assert sum(total.values()) == REQUESTS
    assert total[429] > 0.9 * REQUESTS
    assert wait < 1.0
    database.close()
