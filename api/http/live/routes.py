"""The addresses of the live service."""

from __future__ import annotations

from fastapi import FastAPI

from api.http.allowed import add_route
from api.http.live import appointments, docs, holds, lists, planning, records
from api.store.putting import PUT


def add_live_routes(app: FastAPI) -> None:
    """Add them; without a store they say that there is none."""
    every, one = "/v1/appointments", "/v1/appointments/{id:path}"
    for path, route, method, told in (
        ("/v1/holds", holds.hold, "POST", docs.HOLD),
        (every, holds.book, "POST", docs.BOOK),
        (f"{one}/move", appointments.move, "POST", docs.MOVE),
        (f"{one}/cancel", appointments.cancel, "POST", docs.CANCEL),
        (every, appointments.read_some, "GET", docs.APPOINTMENTS),
        (one, appointments.read_one, "GET", docs.APPOINTMENT),
        ("/v1/plans/{id:path}/commit", planning.commit, "POST", docs.COMMIT),
        ("/v1/requests", lists.read_requests, "GET", docs.REQUESTS),
    ):
        add_route(app, method, path, route, **told)
    for kind in PUT:
        path = f"/v1/{kind}/{{id:path}}"
        add_route(app, "GET", path, records.read_record, **docs.reading(kind))
        add_route(app, "PUT", path, records.put_record, **docs.putting(kind))
