"""A server that is asked to end while people book."""

from __future__ import annotations

import http.client
import json
import signal
import threading
import time
from pathlib import Path

from live import told
from processes import Process

from api.store.opening import open_database
from api.store.placing import Place
from api.store.store import Store
from benchmarks.practice import AS_OF, Practice

CLIENTS = 16
PRACTICE = Practice(doctors=20, days=2)


class Caller:
    """Holds one place after the other, each asked for once, until nobody answers."""

    def __init__(self, port: int, wanted: list[tuple[str, Place]]) -> None:
        self.held: dict[str, str] = {}
        self.refused: set[int] = set()
        self.unanswered: str | None = None
        self._wanted = wanted
        self._wire = http.client.HTTPConnection("127.0.0.1", port, timeout=30)

    def run(self) -> None:
        """Until the end."""
        for request, place in self._wanted:
            body = json.dumps({"request_id": request, "place": told(place)})
            try:
                self._wire.request("POST", "/v1/holds", body, {"Idempotency-Key": request})
                answer = self._wire.getresponse()
                content = json.loads(answer.read())
            except (OSError, http.client.HTTPException):
                self.unanswered = request
                break
            if answer.status != http.HTTPStatus.CREATED:
                self.refused.add(answer.status)
                break
            self.held[request] = content["id"]
        self._wire.close()


def test_a_server_that_ends_answers_what_it_has_taken(tmp_path: Path) -> None:
    """SIGTERM under load: whoever was heard is answered, and who is not answered was not heard;
    nobody new is, and all went well.
    """
    url = f"sqlite:///{tmp_path}/store.db"
    database = open_database(url)
    Store(database).load(PRACTICE.dataset())
    database.close()
    process = Process(url, AS_OF.isoformat(), tmp_path / "log")
    process.start()
    wanted = list(zip(PRACTICE.requests(), PRACTICE.places(), strict=True))
    callers = [Caller(process.port, wanted[number::CLIENTS]) for number in range(CLIENTS)]
    threads = [threading.Thread(target=caller.run) for caller in callers]
    try:
        for thread in threads:
            thread.start()
        while sum(len(caller.held) for caller in callers) < 2 * CLIENTS:
            time.sleep(0.01)
        process.process.send_signal(signal.SIGTERM)
        assert process.process.wait(30) == 0, process.log
        for thread in threads:
            thread.join(30)
    finally:
        process.kill()
    assert process.get("/livez") is None
    database = open_database(url)
    there = {
        row.record.request_id: row.record.id
        for row in Store(database).appointments(None, 9_999).rows
    }
    database.close()
    assert there == {name: held for caller in callers for name, held in caller.held.items()}
    assert all(caller.unanswered or caller.refused for caller in callers)
    assert {status for caller in callers for status in caller.refused} <= {503}
    assert '"level": "error"' not in process.log
