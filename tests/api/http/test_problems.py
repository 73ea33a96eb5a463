"""Refusals that repeat nothing of what was sent."""

from __future__ import annotations

from api.http.problems import refusal
from api.http.solving import Outcome
from engine.problems import CODES


def row(path: str, code: str = "wrong_type", severity: str = "error") -> dict[str, str]:
    """A finding with everything that the engine says of it."""
    return {
        "code": code,
        "path": path,
        "message": "of ann@example.org",
        "value": "'secret'",
        "severity": severity,
    }


def paths(*asked: str) -> list[str]:
    """What is shown of paths."""
    found = [row(path) for path in asked]
    return [error["path"] for error in refusal(Outcome("invalid", problems=found))["errors"]]


def test_names_of_ours_and_places_in_lists_are_shown() -> None:
    """They say where the mistake is."""
    known = [
        "/dataset/requests/12/wishes/times/0/days/1",
        "/dataset/patients/3/home/postal_code",
        "/policy/rules/travel/free_km",
        "/limits/seconds",
        "/requests/0/created",
        "/request/wishes/doctors/0/days",
        "/",
    ]
    assert paths(*known) == known


def test_names_that_only_the_body_knows_are_not() -> None:
    """Nor are numbers that are no places in a list."""
    assert paths(
        "/ann", "/dataset/patients/0/groups/ann", "/dataset/patients/0/groups/5550123"
    ) == [
        "/*",
        "/dataset/patients/0/groups/*",
        "/dataset/patients/0/groups/*",
    ]
    assert paths("/dataset/requests/٣", "/policy/rules/0123") == [
        "/dataset/requests/*",
        "/policy/rules/*",
    ]


def test_messages_are_the_rule_and_values_are_left_out() -> None:
    """The code's own sentence stands for the engine's, which may name things."""
    content = refusal(
        Outcome("invalid", problems=[row("/", severity="warning"), row("/limits")], num_errors=1)
    )
    assert content["errors"] == [
        {
            "code": "wrong_type",
            "path": "/limits",
            "message": CODES["wrong_type"],
            "severity": "error",
        }
    ]
    assert content["detail"] == f"/limits: {CODES['wrong_type']} (errors found: 1)"
    assert "secret" not in str(content)
    assert "example.org" not in str(content)
