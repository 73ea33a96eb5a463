"""``slotmatch serve --store`` as a process, asked by who should not, and by too many at once."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx2
import pytest
from bursts import CONNECTIONS, REQUESTS, burst, head
from live import new_key
from processes import served

from api.http.operations import example_dataset
from api.http.problems import urn
from api.http.settings import MIB
from api.store.keys import Keys
from api.store.opening import open_database
from api.store.store import Store
from engine.interchange.dataset import dataset_from

ROOT = Path(__file__).parents[3]
AS_OF = "2026-03-09T07:00:00-04:00"
WRONG = f"sm_000000000000_{'0' * 40}"
HOLD = {
    "request_id": "cleo-ear",
    "place": {
        "role_id": "bell-midtown",
        "start": "2026-03-10T09:00:00-04:00",
        "end": "2026-03-10T09:30:00-04:00",
    },
}


@dataclass(frozen=True)
class Service:
    """A process on a store, and keys that open it."""

    client: httpx2.Client
    one: str
    other: str
    reader: str

    def post(self, key: str, address: str, **body: object) -> httpx2.Response:
        """Ask for something with a key."""
        headers = {"Authorization": f"Bearer {key}", "Idempotency-Key": new_key()}
        return self.client.post(address, json=body, headers=headers)


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    """A small clinic, served."""
    url = f"sqlite:///{tmp_path / 'clinic.db'}"
    database = open_database(url)
    Store(database).load(dataset_from(example_dataset())[0])
    keys = Keys(database)
    one, other, reader = (
        keys.create(name, [scope])  # type: ignore[list-item]
        for name, scope in (("one", "book"), ("other", "book"), ("reader", "read"))
    )
    database.close()
    with served(url, AS_OF, tmp_path / "log") as client:
        yield Service(client, one, other, reader)


def refused(answer: httpx2.Response, status: int, name: str) -> None:
    """Problem details of that name."""
    assert (answer.status_code, answer.json()["type"]) == (status, urn(name)), answer.text


def test_strangers_and_bursts_stop_nobody(service: Service) -> None:
    """No key, a wrong one, one that may not, another key's hold, too large a body; then 10,000
    requests at once, with a key and without. Whoever has another key holds and books.
    """
    nobody = service.client.post("/v1/holds", json=HOLD, headers={"Idempotency-Key": new_key()})
    refused(nobody, 401, "unauthorized")
    refused(service.post(WRONG, "/v1/holds", **HOLD), 401, "unauthorized")
    refused(service.post(service.reader, "/v1/holds", **HOLD), 403, "forbidden")
    large = {**HOLD, "request_id": "x" * MIB}
    refused(service.post(service.one, "/v1/holds", **large), 413, "body-too-large")
    held = service.post(service.one, "/v1/holds", **HOLD)
    assert held.status_code == 201, held.text
    hold = held.json()["id"]
    refused(service.post(service.other, "/v1/appointments", hold_id=hold), 409, "not-held")
    taken = f"/v1/appointments/{hold}/cancel"
    refused(service.post(service.other, taken, reason="pat"), 409, "not-held")

    keys = (service.reader, WRONG)
    heads = [head(f"/v1/appointments/{hold}", key) for key in keys] * (CONNECTIONS // 2)
    began = time.perf_counter()
    total, wait = burst(service.client, heads)
    seconds = time.perf_counter() - began
    assert sum(total.values()) == REQUESTS
    assert total.keys() <= {200, 401, 429, 503}
    assert 1_000 <= total[200] + total[503] <= 1_100 + 500 * seconds
    assert total[429] > REQUESTS // 4
    assert wait < 1.0
    assert service.post(service.one, "/v1/appointments", hold_id=hold).status_code == 201
