"""Who takes part in the matches at night."""

from __future__ import annotations

from typing import Any

import pytest
from clinic import Clinic

from engine.match import match
from engine.policy import Policy
from engine.solve.limits import Limits
from scenarios.rolling import RollingSpec, nightly, simulate
from scenarios.situation import Situation


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[set[str]]:
    """The requests of every match that is made."""
    seen: list[set[str]] = []

    def noted(dataset: Any, *more: Any, **named: Any) -> Any:
        seen.append({row.id for row in dataset.requests})
        return match(dataset, *more, **named)

    monkeypatch.setattr(nightly, "match", noted)
    return seen


def states(clinic: Clinic) -> dict[str, str]:
    """Where requests are after two days."""
    situation = Situation(clinic.dataset(), Policy.default())
    history = simulate(situation, RollingSpec(days=2), 1, limits=Limits(deterministic=True))
    return {row.request_id: row.state for row in history.journeys}


def test_whom_no_role_admits_is_in_no_match(asked: list[set[str]]) -> None:
    """It waits, and the other is matched without it; on the second night nobody is left to."""
    clinic = Clinic().session().request("ann").request("bob", specialty="nobody has this")
    assert states(clinic) == {"ann": "served", "bob": "waiting"}
    assert asked == [{"ann"}]


def test_who_may_find_a_place_later_is_in_every_match(asked: list[set[str]]) -> None:
    """There is a role for her, and no session yet."""
    assert states(Clinic().request("ann")) == {"ann": "waiting"}
    assert asked == [{"ann"}, {"ann"}]


def test_one_of_a_link_holds_up_the_other(asked: list[set[str]]) -> None:
    """All or none, and for one there is nobody."""
    clinic = Clinic().session().request("ann").request("bob", specialty="nobody has this")
    assert set(states(clinic.link("ann", "bob", all_or_none=True)).values()) == {"waiting"}
    assert asked == [{"ann", "bob"}] * 2
