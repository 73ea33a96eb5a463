"""Whole plans that differ: as good above the last level, and each with its own aim."""

from __future__ import annotations

from dataclasses import replace

from clinic import Clinic
from repairs import CLOSED, LIMITS, by_id, chain, clock, mended

from engine.repair.plans import Plans, _is_of_use, whole_plans
from engine.solve.limits import Limits


def two_ways(days: int) -> Clinic:
    """Ann loses Thursday; her doctor has a place so many days later, another one the next day."""
    clinic = Clinic(days=30).doctor("two").role("two", doctor_id="two")
    clinic.session("09:00", "09:15", 3, "lost").session("09:00", "09:15", 3 + days, "own")
    clinic.session("09:00", "09:15", 4, "other", role_id="two")
    return clinic.request("ann").appointment("09:00", "09:15", 3, "ann", id="ann")


def plans(clinic: Clinic, most: int = 0, limits: Limits = LIMITS) -> Plans:
    """The plans for the last point."""
    found = mended(clinic, CLOSED, most=most)
    return whole_plans(found, found.points[-1], limits)


def test_each_plan_spares_something_else() -> None:
    """Five days with another doctor are dearer than three of waiting; soonest is the other."""
    found = plans(two_ways(3))
    assert [row.aim for row in found.plans] == ["least_disruption", "soonest"]
    assert [clock(row.ledger.entries[0]) for row in found.plans] == [
        "role Sun 09:00",
        "two Fri 09:00",
    ]
    assert [row.ledger.price for row in found.plans] == [3500, 6500]
    assert found.same_as == {"same_doctor": "least_disruption"}


def test_the_same_doctor_may_be_the_later_one() -> None:
    """Nine days are dearer than another doctor; who insists on the own one waits."""
    found = plans(two_ways(9))
    assert [row.aim for row in found.plans] == ["least_disruption", "same_doctor"]
    assert [row.ledger.price for row in found.plans] == [6500, 9500]
    assert found.same_as == {"soonest": "least_disruption"}


def test_plans_displace_no_more_people() -> None:
    """The only way through the chain is the plan of every aim."""
    found = plans(chain(), most=3)
    assert [row.aim for row in found.plans] == ["least_disruption"]
    assert found.same_as == {"soonest": "least_disruption", "same_doctor": "least_disruption"}
    assert by_id(found.plans[0].ledger).keys() == {"ann", "bob", "cid"}


def test_out_of_time_is_said() -> None:
    """Without time, nothing further is looked for; what was found before is shown."""
    found = plans(two_ways(3), limits=Limits(seconds=0, workers=1))
    assert [row.aim for row in found.plans] == ["least_disruption"]
    assert found.unfinished == ("soonest", "same_doctor")
    assert (found.same_as, found.is_proven) == ({}, False)


def test_every_aim_that_has_its_plan_is_proven() -> None:
    """One of its own, or one that it shares."""
    assert plans(two_ways(3)).is_proven
    assert plans(chain(), most=3).is_proven


def test_what_an_aim_spares_can_be_read_off() -> None:
    """Days later, and people with another doctor than they were told."""
    found = plans(two_ways(3))
    rows = [(row.ledger.days_later, row.ledger.other_doctor.people) for row in found.plans]
    assert rows == [(3, 0), (1, 1)]


def test_a_plan_that_is_not_proven_is_shown_only_where_it_spares_more() -> None:
    """Stopped early, the same plan or a worse one under another name says nothing."""
    found = plans(two_ways(3))
    least, soonest = found.plans
    assert _is_of_use(soonest, None, [least])
    assert not _is_of_use(soonest, soonest, [least])
    assert not _is_of_use(replace(least, aim="soonest"), None, [soonest])
