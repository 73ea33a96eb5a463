"""Every operation of the OpenAPI document asked by Schemathesis, with all of its checks."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import schemathesis
from canaries import CANARIES, marked, shown
from fastapi import FastAPI
from schemathesis.checks import CheckContext
from schemathesis.config import SchemathesisConfig
from schemathesis.core.transport import Response
from schemathesis.engine import events, from_schema
from schemathesis.generation.case import Case
from schemathesis.hooks import HookContext
from schemathesis.python.asgi import shutdown_lifespans

from api.http.problems import urn

ALL = ("examples", "coverage", "fuzzing", "stateful")
"""Examples of the document, every constraint in it kept and broken, whatever is drawn, and one
operation with what another one answered."""
DRAWN = ("examples", "fuzzing")

IS_LONG = os.environ.get("HYPOTHESIS_PROFILE") == "long"
EXAMPLES = 300 if IS_LONG else 12
"""Drawn per operation, and sequences of operations."""

_KNOWN = [row["id"] for kind in ("requests", "roles", "patients") for row in marked()[kind]]
_JOBS = "^/v1/(match|repairs|scenarios)$"

_FAULTS = {urn(name) for name in ("internal", "solver-killed", "store-failed", "store-full")}
_TOLD = {urn(name) for name in ("place-taken", "hold-over", "would-break")}
"""What is told of places names whom they are for, to who asked for them."""

_ACCEPTED = ["2xx", "401", "403", "404", "409", "429", "503"]
_REFUSED = ["400", "401", "403", "404", "405", "409", "415", "422", "428", "429", "503"]


@schemathesis.check
def repeats_nothing(_ctx: CheckContext, response: Response, _case: Case) -> None:
    """Refusals repeat nothing of patients, and none is a fault."""
    if response.status_code < 400:
        return
    content = response.json()
    assert content["type"] not in _FAULTS, content["type"]
    if content["type"] not in _TOLD:
        told = str(response.headers) + response.content.decode()
        assert shown(told) == [], content["type"]


@schemathesis.hook
def before_call(_context: HookContext, case: Case, _kwargs: dict[str, Any]) -> None:
    """Of two headers that exclude each other, most tests would send both."""
    if "If-Match" in case.headers and case.headers.get("If-None-Match") == "*":
        is_known = case.path_parameters.get("id") in _KNOWN
        del case.headers["If-None-Match" if is_known else "If-Match"]


def _operation(path: str, **checks: list[str]) -> dict[str, Any]:
    """What is right for some operations beside what is for all."""
    statuses = {name: {"expected-statuses": found} for name, found in checks.items()}
    return {"include-path-regex": path, "checks": statuses}


def _config(paths: str, phases: Sequence[str], key: str | None) -> dict[str, Any]:
    """Whatever cannot be said in a JSON Schema is an exception here, with its reason."""
    return {
        "seed": 1,
        "headers": {} if key is None else {"Authorization": f"Bearer {key}"},
        "continue-on-failure": True,
        "dictionaries": {
            "strings": {"values": [*CANARIES.values(), *_KNOWN]},
            "tags": {"values": ['"1"', '"2"', '"3"']},
            "keys": {"values": ["once", "twice"]},
        },
        "parameters": {
            "header.If-Match": {"dictionary": "tags", "probability": 0.8},
            "header.Idempotency-Key": {"dictionary": "keys", "probability": 0.1},
        },
        "generation": {
            "deterministic": True,
            "database": "none",
            "max-examples": EXAMPLES,
            "with-security-parameters": False,  # else most requests would have no good key
            "dictionaries": {"string": {"dictionary": "strings", "probability": 0.5}},
        },
        "phases": {
            name: {"enabled": name in phases}
            for name in ("examples", "coverage", "fuzzing", "stateful")
        },
        "checks": {
            # Ids have to be known, tags the latest, cursors the service's own, and a PUT needs one
            # of two headers.
            "positive_data_acceptance": {
                "expected-statuses": [*_ACCEPTED, "400", "412", "422", "428"]
            },
            # Without a store every live route answers that there is none.
            "missing_required_header": {"expected-statuses": ["400", "401", "404", "422"]},
            "ignored_auth": {"enabled": key is not None},
        },
        "operations": [
            {"exclude-path-regex": paths, "enabled": False},
            # Work that nobody waits for is looked at in its turn, and there is room for so much.
            _operation(
                _JOBS,
                negative_data_rejection=[*_REFUSED, "202"],
                not_a_server_error=["2xx", "4xx", "503"],
            ),
        ],
    }


@dataclass
class Fuzzed:
    """What came of it.

    Parameters
    ----------
    asked
        Requests per operation.
    statuses
        Answers per status.
    marked
        Requests that had something marked.
    failures
        Everything that a check found.
    """

    asked: Counter[str] = field(default_factory=Counter)
    statuses: Counter[int] = field(default_factory=Counter)
    marked: int = 0
    failures: list[str] = field(default_factory=list)

    def hear(self, event: events.EngineEvent) -> None:
        """Take over what happened."""
        if isinstance(event, events.NonFatalError):
            self.failures.append(f"{event.label}: {event.value!r}")
        elif isinstance(event, events.FatalError):
            self.failures.append(repr(event.exception))
        elif isinstance(event, events.ScenarioFinished):
            self._hear_scenario(event)

    def _hear_scenario(self, event: events.ScenarioFinished) -> None:
        for name, node in event.recorder.cases.items():
            self.asked[node.value.operation.label] += 1
            sent = event.recorder.interactions.get(name)
            if sent is not None and sent.response is not None:
                self.statuses[sent.response.status_code] += 1
                body = sent.request.body or b""
                self.marked += bool(shown(f"{sent.request.uri} {body.decode('latin-1')}"))
            for check in event.recorder.checks.get(name, ()):
                if check.failure_info is not None:
                    failure = check.failure_info.failure
                    self.failures.append(
                        f"{node.value.operation.label}: {check.name}: {failure.title}\n"
                        f"{failure.message}\n{check.failure_info.code_sample}"
                    )


def fuzzed(app: FastAPI, paths: str, phases: Sequence[str], key: str | None = None) -> Fuzzed:
    """Ask the operations at some paths.

    Parameters
    ----------
    app
        The service; it is started and ended.
    paths
        A regular expression.
    phases
        Of ``ALL``.
    key
        Who asks; ``None``: anybody may.
    """
    config = SchemathesisConfig.from_dict(_config(paths, phases, key))
    found = Fuzzed()
    try:
        schema = schemathesis.openapi.from_asgi("/openapi.json", app, config=config)
        for event in from_schema(schema).execute():
            found.hear(event)
    finally:
        shutdown_lifespans()
    return found
