"""Finds over HTTP at a fixed rate, in a store of 20,000 doctors, and while places are booked.

When each request is sent is fixed before the first one is, whatever becomes of those before it, and
its time counts from then: a service that falls behind is not asked less. Run with
``.venv/bin/python -m benchmarks.find_load [--rate 100] [--bookings 5] [--seconds 60]`` (Linux).
``--store URL`` names an empty store, or one that a run before has left; ``--processes 2`` has two
services answer in turn, for which that must be PostgreSQL.
"""

from __future__ import annotations

import argparse
import asyncio
import http.client
import multiprocessing
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from itertools import accumulate, cycle
from multiprocessing.connection import Connection
from typing import Any
from uuid import uuid4

import httpx2
import numpy as np

from api.cli.storing import opened
from api.store.errors import StoreError
from benchmarks.instances import FIND_LIVE
from benchmarks.service import Service, busy_seconds, running
from engine.domain import Dataset
from engine.policy import Policy
from scenarios.world import generate_world

HEADINGS = (
    "finds",
    "ms: p50 / p90 / p99 / most",
    "bookings",
    "ms",
    "cores: services",
    "who asks",
    "all",
    "answers",
)

_READY_SECONDS = 300.0
_WARM_UP = 50


@dataclass(frozen=True, slots=True)
class Load:
    """What a service is asked.

    Parameters
    ----------
    rate, bookings
        Finds, and bookings, in a second; a booking is a find, a hold and the booking of it.
    seconds
        For how long.
    is_even
        Whether requests come at equal distances, instead of independently of each other.
    k
        Places asked for.
    """

    rate: float = 100.0
    bookings: float = 0.0
    seconds: float = 60.0
    is_even: bool = False
    k: int = 10

    def times(self, rate: float, seed: int) -> list[float]:
        """When requests are sent, seconds from the beginning."""
        number = round(rate * self.seconds)
        if self.is_even or not number:
            return [index / rate for index in range(number)]
        dice = random.Random(seed)  # noqa: S311 arrivals, not secrets
        return list(accumulate(dice.expovariate(rate) for _ in range(number)))


@dataclass(slots=True)
class Heard:
    """What came of it.

    Parameters
    ----------
    finds, bookings
        Seconds from when each was to be sent until its answer; of bookings, hold and booking.
    statuses
        Answers by what was asked and by status.
    seconds
        From the first to the last.
    own, service, machine
        Seconds of processor time of who asks, of the services, and of everything on the machine.
    """

    finds: list[float] = field(default_factory=list)
    bookings: list[float] = field(default_factory=list)
    statuses: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0
    own: float = 0.0
    service: float = 0.0
    machine: float = 0.0

    def cells(self, load: Load) -> list[str]:
        """As a row of a table; processor time in cores."""
        told = ", ".join(f"{number} {what}" for what, number in sorted(self.statuses.items()))
        used = (self.service, self.own, self.machine)
        return [
            f"{load.rate:g}/s {'even' if load.is_even else 'random'}",
            _milliseconds(self.finds),
            f"{load.bookings:g}/s" if load.bookings else "–",
            _milliseconds(self.bookings),
            *(f"{seconds / self.seconds:.2f}" for seconds in used),
            told,
        ]


@contextmanager
def in_services(dataset: Dataset, url: str, number: int = 1) -> Iterator[list[Service]]:
    """Services on a store with a dataset, ready to find."""
    with opened(url, Policy.default()) as store, suppress(StoreError):  # it holds one already
        store.load(dataset)
    as_of = dataset.header.as_of.isoformat()
    with ExitStack() as stack:
        options = ("--workers", "1", "--store", url, "--as-of", as_of)
        services = [stack.enter_context(running(*options)) for _ in range(number)]
        for service in services:
            _wait_for_index(service)
        yield services


def _wait_for_index(service: Service) -> None:
    deadline = time.monotonic() + _READY_SECONDS
    while httpx2.get(f"{service.url}/readyz").status_code != http.client.OK:
        if time.monotonic() > deadline:
            raise TimeoutError(f"the index was not made in {_READY_SECONDS:.0f} s")
        time.sleep(0.5)


def ask(services: Sequence[Service], dataset: Dataset, load: Load) -> Heard:
    """Ask services in turn, from a process of its own."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    ids = [row.id for row in dataset.requests]
    urls = [service.url for service in services]
    asking = context.Process(target=_client, args=(urls, ids, load, theirs))
    asking.start()
    ours.recv()  # it is warm
    before, busy = sum(service.seconds() for service in services), busy_seconds()
    ours.send("go")
    heard: Heard = ours.recv()
    heard.service = sum(service.seconds() for service in services) - before
    heard.machine = busy_seconds() - busy
    asking.join()
    return heard


def _client(urls: Sequence[str], ids: Sequence[str], load: Load, wire: Connection) -> None:
    wire.send(asyncio.run(_Client(urls, load).ask(ids, wire)))


class _Client:
    """Somebody who asks without waiting for answers."""

    def __init__(self, urls: Sequence[str], load: Load) -> None:
        self._https = [httpx2.AsyncClient(base_url=url, timeout=60) for url in urls]
        self._turns = cycle(self._https)
        self._load = load
        self._heard = Heard()

    async def ask(self, ids: Sequence[str], wire: Connection[Any, Any]) -> Heard:
        """Ask for one request after the other; bookings begin with the last of them."""
        load = self._load
        for request_id in ids[:_WARM_UP]:
            await self._find(request_id)
        self._heard = heard = Heard()
        wire.send("warm")
        wire.recv()
        used, began = time.process_time(), time.perf_counter()
        plan = [*self._planned(load.rate, 1, self._timed_find, cycle(ids))]
        plan += self._planned(load.bookings, 2, self._book, reversed(ids))
        await asyncio.gather(*(_at(began + at, work) for at, work in plan))
        heard.seconds, heard.own = time.perf_counter() - began, time.process_time() - used
        for client in self._https:
            await client.aclose()
        return heard

    def _planned(
        self,
        rate: float,
        seed: int,
        work: Callable[[str, float], Awaitable[None]],
        ids: Iterable[str],
    ) -> Iterator[tuple[float, Callable[[float], Awaitable[None]]]]:
        for at, request_id in zip(self._load.times(rate, seed), ids, strict=False):
            yield at, partial(work, request_id)

    async def _timed_find(self, request_id: str, planned: float) -> None:
        await self._find(request_id)
        self._heard.finds.append(time.perf_counter() - planned)

    async def _find(self, request_id: str) -> dict[str, Any]:
        return await self._post("find", "/v1/find", {"request_id": request_id, "k": self._load.k})

    async def _book(self, request_id: str, planned: float) -> None:
        """Hold the first place that is found, and book it; or what was held instead."""
        del planned
        found = await self._find(request_id)
        if not found["places"]:
            return
        place = {name: found["places"][0][name] for name in ("role_id", "start", "end")}
        began = time.perf_counter()
        asked = {"request_id": request_id, "place": place}
        held = await self._post("hold", "/v1/holds", asked)
        hold_id = held.get("hold", held).get("id")
        if hold_id is not None:
            await self._post("book", "/v1/appointments", {"hold_id": hold_id})
            self._heard.bookings.append(time.perf_counter() - began)

    async def _post(self, what: str, path: str, body: dict[str, Any]) -> dict[str, Any]:
        headers = {} if what == "find" else {"Idempotency-Key": uuid4().hex}
        try:
            answer = await next(self._turns).post(path, json=body, headers=headers)
        except httpx2.HTTPError as error:
            self._heard.statuses[f"{what} {type(error).__name__}"] += 1
            return {"places": []}
        self._heard.statuses[f"{what} {answer.status_code}"] += 1
        content: dict[str, Any] = answer.json()
        return content


async def _at(moment: float, work: Callable[[float], Awaitable[None]]) -> None:
    """Do some work at a moment, and tell it when that was to be."""
    await asyncio.sleep(moment - time.perf_counter())
    await work(moment)


def _milliseconds(seconds: Sequence[float]) -> str:
    if not seconds:
        return "–"
    return " / ".join(f"{1_000 * value:.1f}" for value in np.percentile(seconds, [50, 90, 99, 100]))


def main() -> None:
    """Print a table in Markdown: loads, and what came of each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rate", type=float, default=100.0)
    parser.add_argument("--bookings", type=float, default=5.0)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--store")
    given = parser.parse_args()
    dataset = generate_world(FIND_LIVE)
    loads = [
        Load(given.rate, 0.0, given.seconds, is_even=True),
        Load(given.rate, 0.0, given.seconds),
        Load(given.rate, given.bookings, given.seconds),
    ]
    sys.stdout.write(_row(HEADINGS) + _row(["--"] * len(HEADINGS)))
    with tempfile.TemporaryDirectory() as folder:
        url = given.store or f"sqlite:///{folder}/region.db"
        with in_services(dataset, url, given.processes) as services:
            for load in loads:
                sys.stdout.write(_row(ask(services, dataset, load).cells(load)))
                sys.stdout.flush()


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |\n"


if __name__ == "__main__":
    main()
