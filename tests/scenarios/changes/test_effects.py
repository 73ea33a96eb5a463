"""What changes do, counted."""

from __future__ import annotations

from clinic import Clinic
from situations import change, situation_of

from scenarios.changes import OneChange, applied
from scenarios.changes.effects import Effect, Touched, effect_of


def effects_of(clinic: Clinic, *changes: OneChange) -> list[Effect]:
    """Of changes one after the other."""
    worlds = [situation_of(clinic)]
    applied(worlds[0], changes, 1, on_applied=worlds.append)
    return list(map(effect_of, (row.kind for row in changes), worlds, worlds[1:]))


def test_each_change_is_counted_by_itself() -> None:
    """One request becomes two, then the doctor leaves and both sessions are gone."""
    clinic = Clinic().session().session(day=1).request("ann")
    twice, leaves = effects_of(
        clinic, change("demand_scaled", factor=2.0), change("doctor_leaves", doctor_id="dr")
    )
    assert [row.collection for row in twice.touched] == ["patients", "requests"]
    assert twice.touched[1] == Touched(
        collection="requests", before=1, after=2, added=1, removed=0, altered=0
    )
    assert leaves == Effect(
        kind="doctor_leaves",
        touched=(Touched(collection="sessions", before=2, after=0, added=0, removed=2, altered=0),),
        policy=(),
    )


def test_what_stays_and_is_not_as_it_was_is_altered() -> None:
    """A type of visit that takes longer; a rule that is switched off, and seats."""
    longer, rules, seats = effects_of(
        Clinic().session().request("ann"),
        change("visit_length", visit_type_id="visit", minutes=30),
        change("policy_set", rules={"travel": {"enabled": False}}),
        change("overbooking", share=0.25),
    )
    (types,) = longer.touched
    assert (types.collection, types.before, types.after, types.altered) == ("visit_types", 1, 1, 1)
    assert [(row.touched, row.policy) for row in (rules, seats)] == [
        ((), ("rules/travel",)),
        ((), ("seats",)),
    ]


def test_a_change_that_changes_nothing_touches_nothing() -> None:
    """Nobody asks, and so nobody asks twice."""
    (nothing,) = effects_of(Clinic().session(), change("demand_scaled", factor=2.0))
    assert (nothing.touched, nothing.policy) == ((), ())
