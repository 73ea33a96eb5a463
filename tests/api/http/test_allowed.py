"""What a key may ask: every route with every scope."""

from __future__ import annotations

import io
from typing import Any

import pytest
from fastapi.routing import APIRoute
from keyed import answer, bearer, is_problem, service
from sqlalchemy import update
from starlette.routing import Route

from api.http import logs
from api.http.allowed import NEEDED
from api.http.app import create_app
from api.http.clients import Needs
from api.scopes import SCOPES, Scope, allows
from api.store.access_tables import access_key
from api.store.keys import Keys
from api.store.secret import id_of

OPEN = sorted(key for key, scope in NEEDED.items() if scope is None)
ASKED = {key: scope for key, scope in NEEDED.items() if scope is not None}


def test_every_route_is_in_the_table_and_asks_for_what_it_says() -> None:
    """And the table has no other."""
    found = {}
    for route in create_app().routes:
        if isinstance(route, Route):
            needs = [row.dependency for row in getattr(route, "dependencies", ())]
            scopes = [row.scope for row in needs if isinstance(row, Needs)]
            for method in route.methods or ():
                if method != "HEAD":
                    found[method, route.path] = scopes[0] if scopes else None
                    assert isinstance(route, APIRoute) or not scopes
    assert found == NEEDED


@pytest.mark.parametrize("has", SCOPES)
def test_a_key_opens_what_its_scope_allows_and_nothing_else(keys: Keys, has: Scope) -> None:
    """Every route with every scope: 403 exactly where the table says so."""
    key = keys.create("one", [has])
    app = service(keys)
    for (method, path), needed in ASKED.items():
        response = answer(app, method, path, headers=bearer(key), content=b"{}")
        assert is_problem(response, "forbidden") is not allows([has], needed), (method, path)
        if response.status_code == 403:
            assert f'scope="{needed}"' in response.headers["www-authenticate"]


@pytest.mark.parametrize(("method", "path"), ASKED)
def test_who_is_unknown_gets_one_and_the_same_answer(keys: Keys, method: str, path: str) -> None:
    """No key, a wrong one, one that is revoked, over, shown twice or by another scheme."""
    good, revoked, over = (keys.create(name, ["admin"]) for name in ("good", "revoked", "over"))
    keys.revoke(str(id_of(revoked)))
    ended = update(access_key).where(access_key.c.id == id_of(over)).values(expires=1)
    keys.database.write(lambda connection: connection.execute(ended))
    app = service(keys)
    heads: list[Any] = [
        {},
        bearer(""),
        bearer("x" * 5_000),
        bearer(good[:-1] + ("0" if good[-1] != "0" else "1")),
        bearer(f"sm_{id_of(good)}_{'0' * 40}"),
        bearer(f"sm_000000000000_{'0' * 40}"),
        bearer(revoked),
        bearer(over),
        {"Authorization": "Bearer schlüssel".encode("latin-1")},
        {"Authorization": f"Basic {good}"},
        {"Authorization": good},
        {"X-API-Key": revoked},
        [("Authorization", f"Bearer {good}"), ("X-API-Key", good)],
        [("X-API-Key", good), ("X-API-Key", good)],
    ]
    found = {
        (reply.status_code, reply.text, reply.headers["www-authenticate"])
        for reply in (answer(app, method, path, headers=head, content=b"{}") for head in heads)
    }
    assert len(found) == 1
    ((status, text, stated),) = found
    assert (status, stated) == (401, 'Bearer realm="slotmatch"')
    assert "unauthorized" in text


def test_what_is_open_is_open(keys: Keys) -> None:
    """Whether the service lives, and what it can do, needs no key."""
    keys.create("one", ["read"])
    app = service(keys)
    for method, path in OPEN:
        assert answer(app, method, path).status_code == 200, path


def test_without_keys_anybody_may_ask() -> None:
    """And a key that is shown all the same is not looked at."""
    app = service(None)
    for head in ({}, bearer("whatever")):
        assert answer(app, "POST", "/v1/match", headers=head, content=b"{}").status_code == 200


def test_a_key_is_shown_by_either_head(keys: Keys) -> None:
    """``Authorization: Bearer`` in any case, or ``X-API-Key``."""
    key = keys.create("one", ["operate"])
    app = service(keys)
    for head in (bearer(key), {"authorization": f"bearer {key}"}, {"X-API-Key": key}):
        assert answer(app, "POST", "/v1/match", headers=head, content=b"{}").status_code == 200


def test_no_body_is_read_of_who_may_not_ask(keys: Keys) -> None:
    """It is refused from its head alone."""
    read = []

    async def body() -> Any:
        read.append(1)
        yield b"{}"

    assert answer(service(keys), "POST", "/v1/match", content=body()).status_code == 401
    assert read == []


def test_keys_are_in_no_log_and_the_document_says_how_to_show_one(keys: Keys) -> None:
    """Neither right nor wrong ones."""
    out = io.StringIO()
    logs.configure(out)
    key = keys.create("one", ["read"])
    app = service(keys)
    wrong = f"sm_{id_of(key)}_{'a1b2c3d4e5' * 4}"
    for shown in (key, wrong):
        answer(app, "POST", "/v1/find", headers=bearer(shown), content=b"{}")
        answer(app, "GET", f"/v1/jobs/{shown}", headers={"X-API-Key": shown})
    metrics = answer(app, "GET", "/metrics").text
    for text in (key, wrong):
        assert text.rpartition("_")[2] not in out.getvalue() + metrics
    described = app.openapi()
    assert set(described["components"]["securitySchemes"]) == {"bearer", "api_key"}
    for (method, path), scope in ASKED.items():
        operation = described["paths"][path.replace(":path", "")][method.lower()]
        assert {"401", "403", "429"} <= operation["responses"].keys()
        assert f"Scope `{scope}`" in operation["description"]
        assert operation["security"] == [{"bearer": []}, {"api_key": []}]
