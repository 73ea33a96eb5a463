"""How many bookings a second: hold and book, over HTTP, by many clients, on either database.

Server processes are those of ``slotmatch serve --store``; what they acknowledge is on the disk.
Clients are a process of their own. Run with
``.venv/bin/python -m benchmarks.bookings [--store URL] [--servers 2] [--clients 64]``; without
``--store`` it is a new SQLite file. A database of PostgreSQL has to be new, too.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from typing import Any

from api.store.opening import open_database
from api.store.placing import Place
from api.store.store import Store
from benchmarks.practice import AS_OF, Practice
from benchmarks.service import running

_READY_SECONDS = 60.0
_SYNCS = 50


@dataclass(slots=True)
class Times:
    """Seconds that requests of a kind took, and how long all of them together."""

    each: list[float] = field(default_factory=list)
    whole: float = 0.0

    def line(self, what: str) -> str:
        """Say it."""
        ordered = sorted(self.each)
        middle, late = ordered[len(ordered) // 2], ordered[int(len(ordered) * 0.99)]
        return (
            f"{what}: {len(ordered) / self.whole:.0f}/s ({len(ordered)} in {self.whole:.1f} s; "
            f"median {middle * 1000:.0f} ms, p99 {late * 1000:.0f} ms)"
        )


class Asking:
    """One client with one connection."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._keys = 0

    async def connect(self) -> None:
        """Open it."""
        self._reader, self._writer = await asyncio.open_connection("127.0.0.1", self._port)

    async def post(self, path: str, key: str, content: Any) -> tuple[int, Any]:
        """Ask, and wait for the answer."""
        body = json.dumps(content).encode()
        head = (
            f"POST {path} HTTP/1.1\r\nHost: x\r\nIdempotency-Key: {key}\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        )
        self._writer.write(head.encode() + body)
        told = (await self._reader.readuntil(b"\r\n\r\n")).lower()
        length = int(told.partition(b"content-length: ")[2].partition(b"\r\n")[0])
        answer = await self._reader.readexactly(length)
        return int(told[9:12]), json.loads(answer)


async def ask_all(
    ports: list[int], clients: int, wanted: list[tuple[str, Place]], *, apart: bool
) -> tuple[Times, Times]:
    """Hold and book all of it; ``apart``: book nothing before everything is held.

    Returns
    -------
    holds, bookings
        Of pairs that come one after the other, the bookings' time is that of the pairs.
    """
    crowd = [Asking(ports[number % len(ports)]) for number in range(clients)]
    await asyncio.gather(*(client.connect() for client in crowd))
    holds, bookings, held = Times(), Times(), list[str]()

    async def take(client: Asking, request: str, place: Place) -> str:
        body = {
            "request_id": request,
            "ttl_seconds": 3_600,
            "place": {
                "role_id": place.role_id,
                "start": place.start.isoformat(),
                "end": place.end.isoformat(),
            },
        }
        began = time.perf_counter()
        status, made = await client.post("/v1/holds", f"hold-{request}", body)
        holds.each.append(time.perf_counter() - began)
        assert status == HTTPStatus.CREATED, made
        return str(made["id"])

    async def book(client: Asking, hold: str) -> None:
        began = time.perf_counter()
        status, made = await client.post("/v1/appointments", f"book-{hold}", {"hold_id": hold})
        bookings.each.append(time.perf_counter() - began)
        assert status == HTTPStatus.CREATED, made

    async def pairs(client: Asking, todo: Iterator[tuple[str, Place]]) -> None:
        for request, place in todo:
            hold = await take(client, request, place)
            if apart:
                held.append(hold)
            else:
                await book(client, hold)

    async def rest(client: Asking, todo: Iterator[str]) -> None:
        for hold in todo:
            await book(client, hold)

    todo, began = iter(wanted), time.perf_counter()
    await asyncio.gather(*(pairs(client, todo) for client in crowd))
    holds.whole = bookings.whole = time.perf_counter() - began
    if apart:
        left, began = iter(held), time.perf_counter()
        await asyncio.gather(*(rest(client, left) for client in crowd))
        bookings.whole = time.perf_counter() - began
    return holds, bookings


def syncs_per_second(folder: str) -> float:
    """How many writes of a block a disk keeps, one after the other."""
    with tempfile.NamedTemporaryFile(dir=folder) as file:
        began = time.perf_counter()
        for _ in range(_SYNCS):
            os.pwrite(file.fileno(), bytes(8_192), 0)
            os.fdatasync(file.fileno())
        return _SYNCS / (time.perf_counter() - began)


def main() -> None:
    """Measure, and say it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--store", help="address of a new one")
    parser.add_argument("--servers", type=int, default=1, help="processes")
    parser.add_argument("--clients", type=int, default=64)
    parser.add_argument("--bookings", type=int, default=900, help="each way; at most 1,000")
    asked = parser.parse_args()
    practice = Practice(doctors=40, days=1 + 2 * asked.bookings // 1_280)
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        url = asked.store or f"sqlite:///{folder}/store.db"
        database = open_database(url)
        Store(database).load(practice.dataset())
        database.close()
        options = ("--store", url, "--as-of", AS_OF.isoformat(), "--workers", "1")
        servers = [stack.enter_context(running(*options)) for _ in range(asked.servers)]
        for server in servers:
            server.wait_until_ready(_READY_SECONDS)
        ports = [server.port for server in servers]
        wanted = list(zip(practice.requests(), practice.places(), strict=True))
        some = asked.bookings
        asyncio.run(ask_all(ports, asked.clients, wanted[2 * some :][:100], apart=False))
        _, pairs = asyncio.run(ask_all(ports, asked.clients, wanted[:some], apart=False))
        further = wanted[some : 2 * some]
        holds, alone = asyncio.run(ask_all(ports, asked.clients, further, apart=True))
        lines = [
            f"{database.where.partition(':')[0] if asked.store else 'sqlite'}, {asked.servers} "
            f"server processes, {asked.clients} clients; "
            f"the disk of {Path(folder).parent} keeps {syncs_per_second(folder):.0f} writes/s",
            pairs.line("hold and book"),
            holds.line("hold alone"),
            alone.line("book alone"),
        ]
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
