"""Ten thousand requests at once: refused clearly, while the service stays responsive."""

from __future__ import annotations

import re
import socket
import threading
import time
from collections import Counter
from pathlib import Path

from serving import served

from api.http.app import create_app
from api.http.settings import Settings
from api.store.keys import Keys
from api.store.opening import open_database

REQUESTS, CONNECTIONS = 10_000, 20


def burst(address: tuple[str, int], key: str) -> Counter[bytes]:
    """Ask on one connection, without waiting for answers; by status, how many there were."""
    head = f"GET /v1/jobs/x HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {key}\r\n\r\n"
    each, raw = REQUESTS // CONNECTIONS, b""
    with socket.create_connection(address, timeout=60) as connection:
        sender = threading.Thread(target=connection.sendall, args=(head.encode() * each,))
        sender.start()
        while raw.count(b"HTTP/1.1 ") < each or not raw.endswith(b"}"):
            part = connection.recv(1 << 16)
            if not part:
                break
            raw += part
        sender.join()
    return Counter(re.findall(rb"HTTP/1\.1 (\d{3})", raw))


def test_a_burst_is_refused_and_does_not_stop_anybody(tmp_path: Path) -> None:
    """With a key, and without: 404 as long as there are tokens, then 429; ``/livez`` is quick."""
    database = open_database(f"sqlite:///{tmp_path / 'keys.db'}")
    keys = Keys(database)
    right, wrong = keys.create("one", ["operate"]), f"sm_000000000000_{'0' * 40}"
    settings = Settings(workers=1, key_requests_per_second=10, key_burst=50, stranger_burst=50)
    with served(create_app(settings, keys=keys)) as client:
        address = (client.base_url.host, int(client.base_url.port or 0))
        found: list[Counter[bytes]] = []
        threads = [
            threading.Thread(target=lambda key=key: found.append(burst(address, key)), daemon=True)
            for key in [right, wrong] * (CONNECTIONS // 2)
        ]
        for thread in threads:
            thread.start()
        waits = []
        while any(thread.is_alive() for thread in threads):
            began = time.perf_counter()
            assert client.get("/livez").status_code == 200
            waits.append(time.perf_counter() - began)
        total = sum(found, Counter())
        assert total.keys() == {b"404", b"401", b"429"}
        assert sum(total.values()) == REQUESTS
        assert total[b"429"] > 0.9 * REQUESTS
        assert sorted(waits)[int(0.99 * len(waits))] < 1.0
    database.close()
