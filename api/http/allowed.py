"""What each route needs: the whole table; a route that is not in it cannot be added."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from fastapi import Depends, FastAPI

from api.http.clients import Needs
from api.http.operations import answers
from api.scopes import Scope
from api.store.putting import PUT

NEEDED: dict[tuple[str, str], Scope | None] = {
    ("POST", "/v1/match"): "operate",
    ("POST", "/v1/repairs"): "operate",
    ("POST", "/v1/scenarios"): "operate",
    ("POST", "/v1/changes"): "operate",
    ("POST", "/v1/find"): "read",
    ("POST", "/v1/holds"): "book",
    ("POST", "/v1/appointments"): "book",
    ("GET", "/v1/appointments"): "read",
    ("GET", "/v1/appointments/{id:path}"): "read",
    ("POST", "/v1/appointments/{id:path}/move"): "book",
    ("POST", "/v1/appointments/{id:path}/cancel"): "book",
    ("POST", "/v1/plans/{id:path}/commit"): "operate",
    **{("GET", f"/v1/{kind}/{{id:path}}"): "read" for kind in PUT},
    **{("PUT", f"/v1/{kind}/{{id:path}}"): "operate" for kind in PUT},
    ("GET", "/v1/requests"): "read",
    ("GET", "/v1/jobs/{job_id}"): "operate",
    ("DELETE", "/v1/jobs/{job_id}"): "operate",
    ("GET", "/v1/jobs/{job_id}/events"): "operate",
    ("GET", "/livez"): None,
    ("GET", "/readyz"): None,
    ("GET", "/metrics"): None,
    ("GET", "/docs"): None,
    ("GET", "/docs/oauth2-redirect"): None,
    ("GET", "/openapi.json"): None,
}
"""``None``: open to all; such a route tells nothing of anybody."""

SCHEMES: dict[str, Any] = {
    "bearer": {"type": "http", "scheme": "bearer", "description": "`slotmatch key create`"},
    "api_key": {"type": "apiKey", "in": "header", "name": "X-API-Key"},
}
"""Ways to show a key, for the document."""

Endpoint = Callable[..., Awaitable[Any]]


def add_route(app: FastAPI, method: str, path: str, endpoint: Endpoint, **docs: Any) -> None:
    """Add a route that asks for what the table says."""
    scope = NEEDED[method, path]
    if scope is None:
        app.add_api_route(path, endpoint, methods=[method], **docs)
        return
    refusals = answers("unauthorized", "forbidden", "too-many-requests", "keys-unreadable")
    responses = {**refusals, **docs.get("responses", {})}
    extra = docs.get("openapi_extra", {}) | {"security": [{name: []} for name in SCHEMES]}
    described = f"{docs.get('description', '')}\n\nScope `{scope}`.".strip()
    app.add_api_route(
        path,
        endpoint,
        methods=[method],
        dependencies=[Depends(Needs(scope))],
        **docs | {"responses": responses, "openapi_extra": extra, "description": described},
    )
