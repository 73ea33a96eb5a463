"""A crowd that books over HTTP, remembers every word, and is checked afterwards.

Every request has a key, and is sent again until it is answered: after a cut connection, a
refusal for want of room, or a server that died. What was asked and told, and when, is the history.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import random
import socket
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

AGAIN = (429, 503)
_PATIENCE_SECONDS = 300.0
_KEPT = ("content-type", "etag", "location")


@dataclass(frozen=True)
class Told:
    """An answer."""

    status: int
    headers: tuple[tuple[str, str | None], ...]
    body: bytes
    is_replay: bool
    at: float

    @property
    def content(self) -> dict[str, Any]:
        """Its body."""
        found: dict[str, Any] = json.loads(self.body)
        return found


@dataclass
class Asked:
    """Something that a client wanted, and everything that was told of it.

    ``began`` is when it was first sent; without an answer nobody knows what came of it.
    """

    path: str
    key: str
    body: dict[str, Any]
    began: float
    told: list[Told] = field(default_factory=list)
    refused: int = 0
    lost: int = 0

    @property
    def answer(self) -> Told:
        """The first answer."""
        return self.told[0]


class Client:
    """Somebody with a connection, some bad luck, and patience.

    Parameters
    ----------
    port
        Where the service is by now; each try asks anew.
    seed
        Of the luck that says when a connection is cut, or a request sent twice.
    """

    def __init__(self, name: str, port: Callable[[], int], seed: int) -> None:
        self.history: list[Asked] = []
        self._name = name
        self._port = port
        self._dice = random.Random(seed)  # noqa: S311 luck, not a secret
        self._wire: http.client.HTTPConnection | None = None

    def ask(self, path: str, **body: Any) -> Told:
        """Want something until it is answered."""
        asked = Asked(path, f"{self._name}-{len(self.history)}", body, time.monotonic())
        self.history.append(asked)
        luck = self._dice.random()
        if luck < 0.1:
            self._cut(asked)
        elif luck < 0.2:
            self._twice(asked)
        self._until_told(asked)
        if self._dice.random() < 0.1:
            self._until_told(asked)
        return asked.answer

    def leave(self, path: str, **body: Any) -> Asked:
        """Want something, and be gone before the answer."""
        asked = Asked(path, f"{self._name}-{len(self.history)}", body, time.monotonic())
        self.history.append(asked)
        self._cut(asked)
        return asked

    def close(self) -> None:
        """Hang up."""
        if self._wire is not None:
            self._wire.close()
            self._wire = None

    def _until_told(self, asked: Asked) -> None:
        deadline, known = time.monotonic() + _PATIENCE_SECONDS, len(asked.told)
        while len(asked.told) == known:
            assert time.monotonic() < deadline, f"{asked.path}: nobody answers"
            try:
                self._once(asked, self._wire)
            except (OSError, http.client.HTTPException):
                asked.lost += 1
                self.close()
                time.sleep(0.05 + 0.1 * self._dice.random())

    def _once(self, asked: Asked, wire: http.client.HTTPConnection | None) -> None:
        if wire is None:
            wire = self._wire = http.client.HTTPConnection("127.0.0.1", self._port(), timeout=60)
        wire.request("POST", asked.path, json.dumps(asked.body), {"Idempotency-Key": asked.key})
        answer = wire.getresponse()
        body = answer.read()
        if answer.status in AGAIN:
            asked.refused += 1
            time.sleep(0.1 + 0.2 * self._dice.random())
            return
        kept = tuple((name, answer.getheader(name)) for name in _KEPT)
        is_replay = answer.getheader("idempotency-replayed") == "true"
        asked.told.append(Told(answer.status, kept, body, is_replay, time.monotonic()))

    def _cut(self, asked: Asked) -> None:
        """Send it, and cut the connection at some time before the answer is read."""
        body = json.dumps(asked.body)
        head = (
            f"POST {asked.path} HTTP/1.1\r\nHost: x\r\nIdempotency-Key: {asked.key}\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        )
        asked.lost += 1
        with (
            contextlib.suppress(OSError),
            socket.create_connection(("127.0.0.1", self._port()), timeout=5) as wire,
        ):
            wire.sendall((head + body).encode())
            time.sleep(self._dice.choice((0, 0, 0.005, 0.05)))

    def _twice(self, asked: Asked) -> None:
        """Send it from two places at once."""
        other = http.client.HTTPConnection("127.0.0.1", self._port(), timeout=60)
        with contextlib.closing(other), contextlib.suppress(OSError, http.client.HTTPException):
            both = threading.Thread(target=self._until_told, args=(asked,))
            both.start()
            try:
                self._once(asked, other)
            finally:
                both.join()


def at_once(works: Sequence[Callable[[], None]], seconds: float = 1_800) -> None:
    """Do all of it in threads, and raise what the first of them raised."""
    raised: list[BaseException] = []

    def run(work: Callable[[], None]) -> None:
        try:
            work()
        except BaseException as error:  # noqa: BLE001 it is raised below
            raised.append(error)

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(seconds)
        assert not thread.is_alive(), "somebody waits for ever"
    if raised:
        raise raised[0]


def assert_once_for_every_key(history: Iterable[Asked]) -> None:
    """Whoever asks again is told the same, to the byte, and one time at most that it is new."""
    for asked in history:
        words = {(row.status, row.headers, row.body) for row in asked.told}
        assert len(words) <= 1, (asked.path, asked.key, words)
        assert sum(not row.is_replay for row in asked.told) <= 1, (asked.path, asked.key)
