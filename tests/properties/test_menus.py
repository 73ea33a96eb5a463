"""Menus: whatever everybody chooses, or declines, is a plan that every judge accepts."""

from __future__ import annotations

from random import Random

from examples import FEWER
from hypothesis import given
from hypothesis import strategies as st
from lost_mornings import LOST, lost_mornings

from engine.events.events import SessionClosed
from engine.plan import PLACED, UNPLACED, Plan
from engine.repair.extent import Extent
from engine.repair.menus import Option, menus_of
from engine.repair.point import Point
from engine.repair.repair import Repair, repair
from engine.solve.limits import Limits
from engine.verify.judge import verify

CHOICES_EACH = 8


@st.composite
def repaired(draw: st.DrawFn) -> Repair:
    """A world whose morning is lost, mended."""
    extent = Extent(max_additional=draw(st.integers(0, 2)))
    events = [SessionClosed(session_id=LOST)]
    return repair(
        draw(lost_mornings()), events, None, extent, Limits(deterministic=True, workers=1)
    )


def chosen_plan(point: Point, choices: list[Option | None]) -> Plan:
    """The point's plan with other choices; ``None``: declined."""
    snapshot, plan = point.snapshot, point.plan
    plan = Plan(*(getattr(plan, name).copy() for name in Plan.__slots__))
    index = {name: row for row, name in enumerate(snapshot.requests.ids)}
    plan.state[point.moved] = UNPLACED
    for choice in choices:
        for place in () if choice is None else choice.places:
            request = index[place.request_id]
            plan.state[request], plan.reason[request] = PLACED, 0
            plan.role[request] = snapshot.index.roles[place.where.role_id]
            plan.session[request] = snapshot.index.sessions[place.where.session_id or ""]
            plan.start[request] = snapshot.grid.minutes(place.where.start)
            plan.end[request] = snapshot.grid.minutes(place.where.end)
    return plan


@FEWER
@given(repaired(), st.integers(1, 4), st.randoms(use_true_random=False))
def test_every_combination_of_choices_is_a_plan(found: Repair, k: int, random: Random) -> None:
    """Whoever takes which option, or none, nothing is broken; no two options are the same."""
    for point in found.points:
        menus = menus_of(found, point, k)
        for menu in menus:
            places = [
                tuple(map(str, (row.where for row in option.places))) for option in menu.options
            ]
            assert len(set(places)) == len(places) <= k
        for _ in range(CHOICES_EACH):
            choices = [random.choice((None, *menu.options)) for menu in menus]
            verdict = verify(point.snapshot, point.policy, chosen_plan(point, choices))
            assert verdict.violations == ()
