"""Everything that is said of a repair, and how its time is shared."""

from __future__ import annotations

from dataclasses import replace

import pytest
from repairs import CLOSED, LIMITS, long_visit, mended, three_ways

from engine.errors import InternalError
from engine.repair.account import FOR_POINTS, Account, Wanted
from engine.repair.content import repair_content
from engine.repair.searches import Searches
from engine.solve.limits import Cancel, Limits


def test_plans_that_differ_have_menus_of_their_own() -> None:
    """The first option of each is what that plan says; prices are those of the policy."""
    account = Account.of(mended(three_ways(), CLOSED), Wanted(2, plans=True), LIMITS)
    assert account.aims == ("least_disruption", "soonest")
    assert account.menus_of_plans[0] == account.menus[-1]
    firsts = [menus[0].options[0] for menus in account.menus_of_plans]
    assert [option.is_planned for option in firsts] == [True, True]
    assert [option.places[0].where.role_id for option in firsts] == ["role", "two"]
    assert [option.price for option in firsts] == [3500, 6500]


def test_a_plan_alone_is_said_as_a_repair_of_one() -> None:
    """What is written of it is what would be written if nothing else had been found."""
    account = Account.of(mended(three_ways(), CLOSED), Wanted(2, plans=True), LIMITS)
    alone = account.of_plan(1)
    assert alone.plans is None
    assert alone.aims == ()
    assert account.plans is not None
    assert alone.repair.points == (account.plans.plans[1].point,)
    assert alone.ledgers[0].entries[0].after == alone.menus[0][0].options[0].places[0].where
    with pytest.raises(InternalError):
        alone.of_plan(0)


def test_nobody_asked_and_nothing_is_said() -> None:
    """No menus and no whole plans."""
    account = Account.of(mended(three_ways(), CLOSED), Wanted(), LIMITS)
    assert (account.plans, account.menus, account.menus_of_plans) == (None, ((),), ())
    assert account.is_proven


def test_a_part_of_the_time_is_kept_for_whole_plans() -> None:
    """Of the time of all, the frontier has its share; all of it where nothing else is asked."""
    limits = Limits(seconds=10, workers=1)
    assert Wanted().limits_of_repair(limits) == limits
    assert Wanted(plans=True).limits_of_repair(limits).seconds == 10 * FOR_POINTS


def test_a_repair_that_took_all_the_time_has_no_further_plans() -> None:
    """They are not begun, and the account is not proven for want of time."""
    late = replace(mended(three_ways(), CLOSED), seconds=5.0)
    account = Account.of(late, Wanted(plans=True), Limits(seconds=5, workers=1))
    assert account.plans is not None
    assert account.plans.unfinished == ("soonest", "same_doctor")
    assert (account.is_proven, account.stopped) == (False, "time_limit")


def test_who_asked_to_stop_hears_that_of_whole_plans_too() -> None:
    """The frontier was proven before; the rest was not looked for."""
    cancel = Cancel()
    cancel.set()
    account = Account.of(mended(three_ways(), CLOSED), Wanted(plans=True), LIMITS, cancel)
    assert account.aims == ("least_disruption",)
    assert (account.is_proven, account.stopped) == (False, "cancelled")


def test_a_frontier_that_was_not_looked_for_to_its_end_is_not_proven(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Its one plan is; whether others could make room nobody knows, and it says so."""
    monkeypatch.setattr(Searches, "_has_time_for", lambda *_: False)
    found = mended(long_visit(), CLOSED, most=2)
    account = Account.of(found, Wanted(), LIMITS)
    assert [point.is_proven for point in found.points] == [True]
    assert not account.is_proven
    assert account.stopped == "time_limit"
    cancel = Cancel()
    cancel.set()
    early = Account.of(found, Wanted(), LIMITS, cancel)
    assert early.stopped == "cancelled"
    content = repair_content(early)
    assert (content["proven"], content["stopped"]) == (False, "cancelled")
