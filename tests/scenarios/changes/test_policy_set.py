"""Rules, standards, seats or fairness of the policy are set."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from clinic import Clinic
from situations import after, situation_of, wrong

from engine.fairness import Fairness
from engine.policy import Policy, parameters_of
from engine.seats import Seats
from engine.urgency import Standard


def parameters(policy: Policy, name: str) -> dict[str, Any] | None:
    """Parameters of a rule; ``None``: it does not hold."""
    return next((parameters_of(row) for row in policy.rules if row.name == name), None)


def test_what_is_not_mentioned_stays() -> None:
    """Other parameters of the same rule, other rules, standards and seats."""
    own = Policy.default().replace("minimum_notice", minutes=7).without("language")
    own = replace(own, fairness=Fairness(share_gap=0.3)).with_seats(Seats(overbooking=0.2))
    found = after(
        situation_of(Clinic(), own), "policy_set", rules={"reserved_cells": {"release_minutes": 60}}
    ).policy
    assert parameters(found, "reserved_cells") == {"release_minutes": 60}
    assert found == own.replace("reserved_cells", release_minutes=60)
    again = after(
        situation_of(Clinic(), found), "policy_set", rules={"minimum_notice": {"minutes": 8}}
    ).policy
    assert parameters(again, "reserved_cells") == {"release_minutes": 60}


def test_rules_are_switched_on_and_off() -> None:
    """Mentioned, a rule holds; switched off, it does not."""
    found = after(Clinic(), "policy_set", rules={"load_spread": {}}).policy
    assert parameters(Policy.default(), "load_spread") is None
    assert parameters(found, "load_spread") is not None
    off = after(Clinic(), "policy_set", rules={"language": {"enabled": False}}).policy
    assert parameters(off, "language") is None


def test_standards_seats_and_gaps() -> None:
    """A class gets another standard, the others keep theirs; seats, and what a wide gap is, are
    set as in a file.
    """
    found = after(
        Clinic(),
        "policy_set",
        urgencies={"soon": {"hours": 72}},
        by_visit_type={"visit": {"urgent": {"hours": 12}}},
        seats={"overbooking": 0.1},
        fairness={"days_gap": 9},
    ).policy
    assert found.urgencies.names == ("emergent", "urgent", "soon", "routine")
    assert found.urgencies.standards["soon"] == Standard(hours=72)
    assert found.urgencies.by_visit_type["visit"] == {"urgent": Standard(hours=12)}
    assert found.seats.overbooking == 0.1
    assert found.fairness == Fairness(days_gap=9)


def test_own_classes_are_all_stated() -> None:
    """In their order; standards by type of visit for former classes are gone."""
    own = after(Clinic(), "policy_set", by_visit_type={"visit": {"soon": {"hours": 12}}})
    found = after(
        own, "policy_set", urgencies={"now": {"hours": 1}, "routine": {"working_days": 5}}
    ).policy
    assert found.urgencies.names == ("now", "routine")
    assert found.urgencies.by_visit_type == {}


@pytest.mark.parametrize(
    ("fields", "found"),
    [
        ({}, [("missing_field", "rules")]),
        ({"rules": {"langauge": {}}}, [("unknown_rule", "rules/langauge")]),
        ({"rules": {"language": 3}}, [("wrong_type", "rules/language")]),
        (
            {"rules": {"reserved_cells": {"release_minutes": -1, "colour": 1}}},
            [("bad_parameter", "rules/reserved_cells/colour")],
        ),
        (
            {"by_visit_type": {"x": {"soon": {"hours": 1}}}, "seats": {"overbooking": 2}},
            [("dangling_reference", "by_visit_type/x"), ("bad_parameter", "seats/overbooking")],
        ),
        ({"urgencies": {"now": {"hours": 1}}}, [("unknown_urgency", "urgencies")]),
    ],
)
def test_everything_wrong_is_found(fields: dict[str, Any], found: list[tuple[str, str]]) -> None:
    """As of a policy file, at the paths of the change; and classes that requests need."""
    rows = wrong(Clinic().request("ann"), "policy_set", **fields)
    assert rows == [(code, f"/changes/0/{path}") for code, path in found]
