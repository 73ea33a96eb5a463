"""What the OpenAPI document says of the live service."""

from __future__ import annotations

from typing import Any

from api.http.live.bodies import LIVE_BODIES
from api.http.live.etags import etag
from api.http.live.idempotency import BARE_OR_QUOTED
from api.http.operations import JSON, REF, answers, ref
from api.http.problems import MEDIA_TYPE
from api.store.putting import PUT
from engine.domain import COLLECTIONS, Appointment
from engine.interchange.found_places import PlaceRow
from engine.interchange.validation import adapter

_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": True,
    "description": "Made up for this request, 1 to 255 visible ASCII characters, with quotes or "
    "without. Whoever asks again with it within 24 hours gets the first answer.",
    "schema": {"type": "string", "pattern": BARE_OR_QUOTED},
}
_REPLAYED = {
    "Idempotency-Replayed": {
        "description": "`true`: this is what was answered to the first request with the key.",
        "schema": {"type": "string", "const": "true"},
    }
}
_TAG = {
    "ETag": {
        "description": "Its version.",
        "schema": {"type": "string", "examples": [etag(1)]},
    }
}
_IF_MATCH = {
    "name": "If-Match",
    "in": "header",
    "description": "The `ETag` that was read: refused where somebody has changed it since.",
    "schema": {"type": "string", "examples": [etag(1)]},
}
_IF_NONE_MATCH = {
    "name": "If-None-Match",
    "in": "header",
    "description": "`*`: refused where there is one.",
    "schema": {"type": "string", "const": "*"},
}
_BREAKING = {
    "name": "breaking",
    "in": "query",
    "description": "Whether promised appointments may collide because of it, or lose their "
    "session: they are conflicted then, and holds end.",
    "schema": {"type": "boolean", "default": False},
}

_READ = ("no-store", "store-busy", "store-failed", "internal")
_BODY = ("invalid-request", "body-too-large", "body-too-slow", "store-full", *_READ)
_ONCE = ("missing-idempotency-key", "bad-idempotency-key", "idempotency-key-reused", *_BODY)

_LISTED = {"limit": "Most on a page.", "cursor": "`next` of the page before."}


def _parameter(name: str, schema: dict[str, Any], description: str) -> dict[str, Any]:
    return {"name": name, "in": "query", "schema": schema, "description": description}


_PAGE = [
    _parameter(
        "limit",
        {"type": "integer", "minimum": 1, "maximum": 1000, "default": 100},
        _LISTED["limit"],
    ),
    _parameter("cursor", {"type": "string"}, _LISTED["cursor"]),
]


def _asked(schema: str, example: Any, *parameters: dict[str, Any]) -> dict[str, Any]:
    content = {JSON: {"schema": ref(schema), "example": example}}
    return {
        "parameters": [*parameters],
        "requestBody": {"required": True, "content": content},
    }


def _with_or_without(asked: dict[str, Any]) -> dict[str, Any]:
    """The same where the body says nothing."""
    return asked | {"requestBody": asked["requestBody"] | {"required": False}}


def _told(description: str, schema: str, **more: dict[str, Any]) -> dict[str, Any]:
    return {"description": description, "content": {JSON: {"schema": ref(schema)}}} | more


def _lost(description: str) -> dict[str, Any]:
    return {
        "description": description,
        "headers": _REPLAYED,
        "content": {MEDIA_TYPE: {"schema": ref("LostRace")}},
    }


_CHANGED = {"headers": _REPLAYED | _TAG}


def _raced(status: int, made: str, lost: str, *refused: str) -> dict[int | str, Any]:
    """Answers where somebody may be quicker."""
    return {
        status: _told(made, "AppointmentKept", **_CHANGED),
        **answers(*refused, *_ONCE),
        409: _lost(lost),
    }


_PLACE = {
    "role_id": "bell-midtown",
    "start": "2026-03-10T09:00:00-04:00",
    "end": "2026-03-10T09:30:00-04:00",
}

HOLD: dict[str, Any] = {
    "summary": "Hold a place for a request",
    "description": "The place is nobody else's until the hold is over, by the database's clock; "
    "finds pass over it. Where somebody was quicker, the answer has the next best places, the "
    "first of which is held for a minute.",
    "status_code": 201,
    "openapi_extra": _asked("HoldRequest", {"request_id": "cleo-ear", "place": _PLACE}, _KEY),
    "responses": _raced(
        201,
        "The hold",
        "Somebody has the place, or the request has one",
        "no-such-record",
        "too-many-holds",
    ),
}

BOOK: dict[str, Any] = {
    "summary": "Book what is held",
    "description": "The hold becomes an appointment, with the id that it has. Where the hold is "
    "over, the answer has substitutes, the first of which is held for a minute: the same place, "
    "if it is free still.",
    "status_code": 201,
    "openapi_extra": _asked("BookRequest", {"hold_id": "0a1b…"}, _KEY),
    "responses": _raced(
        201,
        "The appointment",
        "The hold is over, or there is no such hold of this client",
        "no-such-record",
    ),
}

MOVE: dict[str, Any] = {
    "summary": "Move an appointment, or a hold",
    "description": "The new place is taken before the old one is left: where it is taken, the "
    "appointment stays where it was, and the answer has substitutes, of which none is held.",
    "openapi_extra": _asked("MoveRequest", {"place": _PLACE}, _KEY, _IF_MATCH),
    "responses": _raced(
        200,
        "The appointment",
        "Somebody has the place, or the hold is over",
        "no-such-record",
        "stale-version",
        "bad-precondition",
    ),
}

CANCEL: dict[str, Any] = {
    "summary": "Cancel an appointment, or give a hold back",
    "description": "The place is free at once. The reason is a code of FHIR's "
    "`appointment-cancellation-reason`.",
    "openapi_extra": _asked("CancelRequest", {"reason": "pat"}, _KEY, _IF_MATCH),
    "responses": {
        200: _told("What it was", "AppointmentKept", **_CHANGED),
        **answers("no-such-record", "stale-version", "bad-precondition", "not-held", *_ONCE),
    },
}

COMMIT: dict[str, Any] = {
    "summary": "Book all that a plan places, or nothing",
    "description": "A plan of `POST /v1/match` over the store, kept for an hour for whoever had it "
    "made, also when the service is started anew. Where a place is taken, a request is gone or has "
    "a place, a record that the plan names was changed, or a rule would be broken beside what came "
    "since, nothing is booked, and the answer says all that is in the way.",
    "openapi_extra": _with_or_without(_asked("CommitRequest", {}, _KEY)),
    "responses": {
        200: _told("What was booked", "PlanCommitted", headers=_REPLAYED),
        **answers("no-such-plan", *_ONCE),
        409: {
            "description": "The world is another than the plan was made for, or the plan was "
            "committed before",
            "headers": _REPLAYED,
            "content": {MEDIA_TYPE: {"schema": ref("WorldChanged")}},
        },
    },
}

APPOINTMENTS: dict[str, Any] = {
    "summary": "List appointments",
    "description": "In the order of their ids, a page at a time; what comes meanwhile moves "
    "nothing.",
    "openapi_extra": {
        "parameters": [
            _parameter(
                "status",
                {"type": "string", "enum": ["booked", "held", "conflicted", "cancelled"]},
                "Only these.",
            ),
            *_PAGE,
        ]
    },
    "responses": {
        200: _told("A page", "AppointmentPage"),
        **answers("bad-cursor", "invalid-request", *_READ),
    },
}

APPOINTMENT: dict[str, Any] = {
    "summary": "Read an appointment",
    "description": "Or a hold, or one that was cancelled.",
    "responses": {
        200: _told("The appointment", "AppointmentKept", headers=_TAG),
        **answers("no-such-record", *_READ),
    },
}

REQUESTS: dict[str, Any] = {
    "summary": "List requests that wait",
    "description": "Those that have no place, and for which none is held, in the order of their "
    "ids, a page at a time.",
    "openapi_extra": {
        "parameters": [
            _parameter("state", {"type": "string", "enum": ["waiting"]}, "Which.")
            | {"required": True},
            *_PAGE,
        ]
    },
    "responses": {
        200: _told("A page", "RequestPage"),
        **answers("bad-cursor", "invalid-request", *_READ),
    },
}


def reading(kind: str) -> dict[str, Any]:
    """Of ``GET /v1/{kind}/{id}``."""
    return {
        "summary": f"Read one of the {kind}",
        "responses": {
            200: _told("The record", COLLECTIONS[kind].__name__, headers=_TAG),
            **answers("no-such-record", *_READ),
        },
    }


def putting(kind: str) -> dict[str, Any]:
    """Of ``PUT /v1/{kind}/{id}``."""
    extra = _asked(
        f"{COLLECTIONS[kind].__name__}Written", {"id": "…"}, _IF_MATCH, _IF_NONE_MATCH, _BREAKING,
        _KEY | {"required": False},
    )  # fmt: skip
    return {
        "summary": f"Write one of the {kind}",
        "description": "A new one with `If-None-Match: *`, or the next version of one that was "
        "read with `If-Match`. The id need not be repeated in the body. Where promised "
        "appointments would collide because of it, or lose their session, it is refused, unless "
        "`breaking=true`.",
        "openapi_extra": extra,
        "responses": {
            200: _told("The next version", "Written", **_CHANGED),
            201: _told("The first version", "Written", **_CHANGED),
            **answers(
                "no-such-record", "would-break", "stale-version", "missing-precondition",
                "bad-precondition", "bad-idempotency-key", "idempotency-key-reused", *_BODY,
            ),
        },
    }  # fmt: skip


def _collision() -> dict[str, Any]:
    instant = {"type": "string", "format": "date-time"}
    return {
        "type": "object",
        "required": ["appointment_id", "kind", "start", "end", "with"],
        "properties": {
            "appointment_id": {"type": ["string", "null"]},
            "kind": {"type": "string", "enum": ["session", "doctor", "patient", "room"]},
            "start": instant,
            "end": instant,
            "with": {"type": "array", "items": {"type": "string"}},
        },
    }


def _listed(name: str, schema: str) -> dict[str, Any]:
    rows = {"type": "array", "items": ref(schema)}
    following = {"type": "string", "description": "Cursor of the next page; absent: that is all."}
    return {
        "type": "object",
        "required": [name],
        "properties": {name: rows, "next": following},
    }


def live_schemas() -> dict[str, Any]:
    """Schemas to which the live routes refer."""
    found: dict[str, Any] = {}
    kinds = [*LIVE_BODIES, PlaceRow, *COLLECTIONS.values()]
    for record_type in kinds:
        schema = adapter(record_type).json_schema(ref_template=REF)
        found |= schema.pop("$defs", {})
        found[record_type.__name__] = schema
    for kind in PUT:
        name = COLLECTIONS[kind].__name__
        found[f"{name}Written"] = _without_required_id(found[name])
    return found | _answers(adapter(Appointment).json_schema(ref_template=REF))


def _without_required_id(schema: dict[str, Any]) -> dict[str, Any]:
    """A record whose id stands in the address."""
    return schema | {"required": [name for name in schema.get("required", ()) if name != "id"]}


def _answers(appointment: dict[str, Any]) -> dict[str, Any]:
    statuses = ["booked", "held", "conflicted", "cancelled"]
    more = {
        "status": {"type": "string", "enum": statuses},
        "version": {"type": "integer"},
        "reason": {"type": "string", "description": "Why it was cancelled."},
    }
    kept = {
        "type": "object",
        "description": "An appointment, or a hold.",
        "required": ["id", "role_id", "start", "end", "status", "version"],
        "properties": appointment["properties"] | more,
    }
    lost = {
        "type": "object",
        "properties": {
            "taken": {"type": "array", "items": {"type": "string"}},
            "substitutes": {"type": "array", "maxItems": 5, "items": ref("PlaceRow")},
            "hold": ref("AppointmentKept"),
        },
    }
    written = {
        "type": "object",
        "required": ["version", "collisions"],
        "properties": {
            "version": {"type": "integer"},
            "collisions": {"type": "array", "items": _collision()},
        },
    }
    return {
        "AppointmentKept": kept,
        "AppointmentPage": _listed("appointments", "AppointmentKept"),
        "RequestPage": _listed("requests", "Request"),
        "LostRace": {"allOf": [ref("ProblemDetails"), lost]},
        "Written": written,
        "PlanCommitted": _committed(),
        "WorldChanged": {"allOf": [ref("ProblemDetails"), _world_changed()]},
    }


def _committed() -> dict[str, Any]:
    return {
        "type": "object",
        "required": ["plan_id", "appointments"],
        "properties": {
            "plan_id": {"type": "string"},
            "appointments": {"type": "array", "items": ref("AppointmentKept")},
        },
    }


def _world_changed() -> dict[str, Any]:
    text, count = {"type": "string"}, {"type": "integer", "minimum": 0}

    def rows(description: str, **properties: Any) -> dict[str, Any]:
        items = {"type": "object", "required": [*properties], "properties": properties}
        return {"type": "array", "maxItems": 1000, "description": description, "items": items}

    collision = {name: row for name, row in _collision()["properties"].items() if name[0] != "a"}
    ids = {"type": "array", "items": text}
    against = {
        "changed": rows(
            "Records that the plan names; `dataset`: one was loaded; `policy`: another one.",
            kind=text,
            id=text,
        ),
        "gone": {"type": "array", "maxItems": 1000, "items": text, "description": "Requests."},
        "placed": rows("Requests that have a place.", request_id=text, appointment_id=text),
        "taken": rows("Places that others have.", request_id=text, **collision),
        "broken": rows(
            "Rules that would be broken.", rule=text, where=text, request_ids=ids, excess=count
        ),
    }
    counts = {"type": "object", "properties": dict.fromkeys(against, count)}
    return {
        "type": "object",
        "properties": {
            "counts": counts | {"description": "How many there are; named are 1,000 of each."},
            "against": {"type": "object", "properties": against},
        },
    }
