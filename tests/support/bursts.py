"""Ten thousand requests at once, on twenty connections."""

from __future__ import annotations

import re
import socket
import threading
import time
from collections import Counter
from collections.abc import Iterable

import httpx2

REQUESTS, CONNECTIONS = 10_000, 20


def head(address: str, key: str) -> bytes:
    """A request as it is sent."""
    return f"GET {address} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {key}\r\n\r\n".encode()


def burst(client: httpx2.Client, heads: Iterable[bytes]) -> tuple[Counter[int], float]:
    """Send all of it, by connection, without waiting for answers.

    Returns
    -------
    statuses
        How often each was answered.
    wait
        Seconds that 99 of 100 looks at ``/livez`` took no longer than, meanwhile.
    """
    address = (client.base_url.host, int(client.base_url.port or 0))
    found: list[Counter[int]] = []
    threads = [
        threading.Thread(target=lambda head=head: found.append(_sent(address, head)), daemon=True)
        for head in heads
    ]
    for thread in threads:
        thread.start()
    waits = []
    while any(thread.is_alive() for thread in threads):
        began = time.perf_counter()
        assert client.get("/livez").status_code == 200
        waits.append(time.perf_counter() - began)
    return sum(found, Counter()), sorted(waits)[int(0.99 * len(waits))]


def _sent(address: tuple[str, int], head: bytes) -> Counter[int]:
    each, raw = REQUESTS // CONNECTIONS, b""
    with socket.create_connection(address, timeout=60) as connection:
        sender = threading.Thread(target=connection.sendall, args=(head * each,))
        sender.start()
        while raw.count(b"HTTP/1.1 ") < each or not raw.endswith(b"}"):
            part = connection.recv(1 << 16)
            if not part:
                break
            raw += part
        sender.join()
    return Counter(int(status) for status in re.findall(rb"HTTP/1\.1 (\d{3})", raw))
