"""One answer to an event: a judged plan, and what it says of itself."""

from __future__ import annotations

import numpy as np
import pytest
from clinic import Clinic, at
from told import ANYBODY

from engine.errors import VerificationError
from engine.events.events import SessionClosed
from engine.plan import CROWDED_OUT, KEPT, NO_CANDIDATE, PLACED, UNPLACED
from engine.repair import point as point_module
from engine.repair.extent import Extent
from engine.repair.repair import Repair, repair
from engine.solve.limits import Limits
from engine.verify.judge import verify

FAST = Limits(deterministic=True, workers=1)


def three_lose_their_places() -> Clinic:
    """One cell is left: for Ann or Bob; nothing is eligible for Cat. Dan never had a place."""
    clinic = Clinic().session("09:00", "10:00", id="s").session("11:00", "11:15", id="t")
    for number, name in enumerate(("ann", "bob", "cat")):
        clinic.request(name, latest=at("08:00") if name == "cat" else None)
        start, end = f"09:{15 * number:02d}", f"09:{15 * number + 14:02d}"
        clinic.appointment(start, end, request=name)
    return clinic.request("dan")


def mended(clinic: Clinic) -> Repair:
    """What is found where the first session is closed."""
    return repair(clinic.dataset(), [SessionClosed(session_id="s")], ANYBODY, Extent(), FAST)


def test_a_point_says_who_is_where_and_why_not() -> None:
    """Moved are those who are told another place, or none; open requests take no part, though
    there were room for them.
    """
    [point] = mended(three_lose_their_places()).points
    plan = point.plan
    assert sorted(plan.state[:2].tolist()) == sorted([PLACED, UNPLACED])
    left = int(np.flatnonzero(plan.state[:2] == UNPLACED)[0])
    assert plan.reason[[left, 2]].tolist() == [CROWDED_OUT, NO_CANDIDATE]
    assert point.takes_part.tolist() == [True, True, True, False]
    assert point.moved.tolist() == [True, True, True, False]
    assert sum(point.unplaced) == 2
    assert point.is_proven


def test_a_point_stands_before_the_judges() -> None:
    """In its own snapshot, where those who stay are appointments."""
    clinic = three_lose_their_places().request("eve")
    clinic.appointment("11:00", "11:15", request="eve")
    [point] = mended(clinic).points
    assert point.plan.state[point.snapshot.index.requests["eve"]] == KEPT
    verdict = verify(point.snapshot, point.policy, point.plan)
    assert verdict.violations == ()


def test_a_wrong_value_does_not_leave(monkeypatch: pytest.MonkeyPatch) -> None:
    """Were the judges to count otherwise, there would be no answer."""
    honest = point_module.verify

    def other(*args: object) -> object:
        verdict = honest(*args)  # type: ignore[arg-type]
        verdict.values[-1] += 1
        return verdict

    monkeypatch.setattr(point_module, "verify", other)
    with pytest.raises(VerificationError, match="the solver counts"):
        mended(three_lose_their_places())
