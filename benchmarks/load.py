"""A crowd at the service: matches all at once, clients that leave, solvers that die or hang.

Every client gets a true answer or a clear refusal, the service answers meanwhile that it is
alive, and its memory returns to its level. Run with
``.venv/bin/python -m benchmarks.load [--matches 200] [--attempts 30]`` (Linux).
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import http.client
import json
import multiprocessing
import os
import random
import signal
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from typing import Any

import httpx2

from benchmarks.service import Service, running
from engine.interchange.dataset import write_document
from engine.match import match
from engine.result import Result
from engine.solve.limits import Limits
from scenarios.world import WorldSpec, generate_world

MIB = 1 << 20

SIZES = ((8, 3, 2), (8, 3, 2), (40, 12, 4), (8, 3, 2), (120, 25, 8))
"""Requests, doctors and days of the worlds, in turn."""

LARGE = (400, 25, 5)
"""Too hard to be proven in the time it is given; every twentieth match."""

_LIVE_EVERY_SECONDS = 0.02
_SETTLE_SECONDS = 3.0


@dataclass(frozen=True, slots=True)
class Crowd:
    """Who comes.

    Parameters
    ----------
    matches
        Clients that ask for a match, all at once.
    leaving
        Clients that leave before their answer.
    kills
        Solver processes that are killed, one after the other.
    hangs
        Solver processes that stop working and never answer.
    attempts
        How often a client asks that is refused because all are busy.
    """

    matches: int = 200
    leaving: int = 20
    kills: int = 5
    hangs: int = 1
    attempts: int = 1


@dataclass(slots=True)
class Findings:
    """What came of it.

    Parameters
    ----------
    answers
        Clients by what they got.
    untrue
        Answers that contradict what was computed before.
    live_seconds
        Every answer of ``/livez``: how long it took.
    memory
        Resident bytes of the service and of its descendants, before and after.
    seconds
        From the first client to the last answer.
    """

    answers: Counter[str] = field(default_factory=Counter)
    untrue: list[str] = field(default_factory=list)
    live_seconds: list[float] = field(default_factory=list)
    memory: list[tuple[int, int]] = field(default_factory=list)
    seconds: float = 0.0

    def live(self, share: float) -> float:
        """Quantile of the times of ``/livez``."""
        ordered = sorted(self.live_seconds)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


@dataclass(frozen=True, slots=True)
class Question:
    """A match, and what is known of its answer."""

    body: bytes
    known: Result

    @classmethod
    def of(cls, size: tuple[int, int, int], seed: int, seconds: float) -> Question:
        """About a generated world."""
        dataset = generate_world(WorldSpec(*size, seed=seed))
        limits = {"seconds": seconds}
        body = b'{"dataset": ' + write_document(dataset) + b', "limits": '
        known = match(dataset, limits=Limits(seconds=20.0 if size != LARGE else 2.0))
        return cls(body + json.dumps(limits).encode() + b"}", known)

    def contradicts(self, content: dict[str, Any]) -> bool:
        """Whether an answer cannot be true: values below bounds, or a proof of something else."""
        answered = content["certificate"]["levels"]
        for ours, theirs in zip(self.known.certificate.levels, answered, strict=True):
            if theirs["value"] < theirs["bound"]:
                return True
            if ours.status == theirs["status"] == "proven" and ours.value != theirs["value"]:
                return True
            if ours.status != "proven" or theirs["status"] != "proven":
                break  # below a level that differs, nothing can be compared
        placed = sum(row["state"] == "placed" for row in content["plan"])
        return bool(placed != content["measures"]["placed"])


def crowd(service: Service, who: Crowd, seed: int = 1) -> Findings:
    """Let a crowd come to a service, and find what came of it."""
    small = [Question.of(size, seed + number, 10.0) for number, size in enumerate(SIZES)]
    large = Question.of(LARGE, seed, 2.0)
    asked = [large if n % 20 == 19 else small[n % len(small)] for n in range(who.matches)]
    findings, live = Findings(), _Live(service)
    asyncio.run(_come(service, [large] * 4, Crowd(leaving=0, kills=0, hangs=0), Findings()))
    time.sleep(_SETTLE_SECONDS)  # the processes are made, and have seen what is large
    findings.memory.append(service.memory())
    live.start()
    began = time.monotonic()
    asyncio.run(_come(service, asked, who, findings, seed))
    findings.seconds = time.monotonic() - began
    findings.live_seconds = live.stop()
    time.sleep(_SETTLE_SECONDS)
    findings.memory.append(service.memory())
    return findings


async def _come(
    service: Service, asked: list[Question], who: Crowd, findings: Findings, seed: int = 1
) -> None:
    """Everybody at once."""
    dice = random.Random(seed)  # noqa: S311 a crowd, not a secret
    limits = httpx2.Limits(max_connections=None, max_keepalive_connections=0)
    async with httpx2.AsyncClient(base_url=service.url, timeout=300, limits=limits) as client:
        clients = [_ask(client, question, who.attempts, findings, dice) for question in asked]
        leaving = [_leave(service, asked[-1], dice) for _ in range(who.leaving)]
        dying = asyncio.create_task(_kill(service, who))
        await asyncio.gather(*clients, *leaving)
        await dying
    findings.answers["left"] = who.leaving


async def _ask(
    client: httpx2.AsyncClient,
    question: Question,
    attempts: int,
    findings: Findings,
    dice: random.Random,
) -> None:
    """Ask, and come back as long as all are busy."""
    for _ in range(attempts):
        response = await client.post("/v1/match", content=question.body)
        if response.status_code != http.HTTPStatus.SERVICE_UNAVAILABLE:
            break
        await asyncio.sleep(float(response.headers["retry-after"]) * dice.uniform(0.2, 1.0))
    if response.status_code == http.HTTPStatus.OK:
        findings.answers["answered"] += 1
        if question.contradicts(response.json()):
            findings.untrue.append(response.text[:300])
    else:
        findings.answers[response.json()["type"].rpartition(":")[2]] += 1


async def _leave(service: Service, question: Question, dice: random.Random) -> None:
    """Ask, and be gone before the answer."""
    await asyncio.sleep(dice.uniform(0, 3))
    _, writer = await asyncio.open_connection("127.0.0.1", service.port)
    length = len(question.body)
    head = f"POST /v1/match HTTP/1.1\r\nHost: x\r\nContent-Length: {length}\r\n\r\n"
    with contextlib.suppress(ConnectionError):  # refused before all is said
        writer.write(head.encode() + question.body)
        await writer.drain()
        await asyncio.sleep(dice.uniform(0, 1))
    writer.close()
    with contextlib.suppress(ConnectionError):
        await writer.wait_closed()


async def _kill(service: Service, who: Crowd) -> None:
    """Stop some solver processes for good, and kill others, while they work."""
    for signal_number in [signal.SIGSTOP] * who.hangs + [signal.SIGKILL] * who.kills:
        await asyncio.sleep(1.5)
        pids = service.solvers()
        if pids:
            os.kill(random.choice(pids), signal_number)  # noqa: S311 a crowd, not a secret


class _Live:
    """Asks all the time whether the service is alive, from a process of its own."""

    def __init__(self, service: Service) -> None:
        context = multiprocessing.get_context("spawn")
        self._ours, theirs = context.Pipe()
        self._process = context.Process(target=_watch, args=(service.port, theirs))

    def start(self) -> None:
        """Begin, and wait for the first answer."""
        self._process.start()
        self._ours.recv()

    def stop(self) -> list[float]:
        """Seconds that every answer took."""
        self._ours.send("stop")
        seconds: list[float] = self._ours.recv()
        self._process.join()
        return seconds


def _watch(port: int, wire: Connection[Any, Any]) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    seconds: list[float] = []
    while not wire.poll(_LIVE_EVERY_SECONDS):
        began = time.perf_counter()
        connection.request("GET", "/livez")
        response = connection.getresponse()
        response.read()
        seconds.append(time.perf_counter() - began)
        assert response.status == http.HTTPStatus.OK
        if len(seconds) == 1:
            wire.send("alive")
    wire.recv()
    wire.send(seconds)


def main() -> None:
    """Let the crowd come, print what came of it, and fail where a promise was broken."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--matches", type=int, default=200)
    parser.add_argument("--attempts", type=int, default=100)
    asked = parser.parse_args()
    who = Crowd(matches=asked.matches, attempts=asked.attempts)
    with running("--workers", "2") as service:
        findings = crowd(service, who)
    (before, below), (after, above) = findings.memory
    lines = [
        f"{who.matches} matches at once, {who.leaving} clients that leave, {who.kills} solver "
        f"processes killed, {who.hangs} that hangs; {findings.seconds:.0f} s",
        "answers: " + ", ".join(f"{n} {what}" for what, n in findings.answers.most_common()),
        f"answers that are untrue: {len(findings.untrue)}",
        f"/livez: {len(findings.live_seconds)} answers, median "
        f"{findings.live(0.5) * 1000:.1f} ms, p99 {findings.live(0.99) * 1000:.1f} ms, "
        f"slowest {findings.live(1) * 1000:.1f} ms",
        f"memory of the service: {before / MIB:.0f} MiB before, {after / MIB:.0f} after; of its "
        f"processes: {below / MIB:.0f} before, {above / MIB:.0f} after",
    ]
    sys.stdout.write("\n".join(lines) + "\n")
    assert not findings.untrue


if __name__ == "__main__":
    main()
