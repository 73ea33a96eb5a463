"""What a repair answers, as plain values."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from clinic import Clinic
from repairs import CLOSED, LIMITS, chain, mended

from engine.events.events import DoubleBookings, SessionClosed
from engine.interchange.validation import adapter
from engine.repair.account import Account, Wanted
from engine.repair.content import repair_content
from engine.repair.document import RepairDocument
from engine.repair.negotiation import Settled, Waiting
from engine.repair.repair import Repair


def said(found: Repair, num_options: int = 0) -> dict[str, Any]:
    """All that is said of a repair."""
    return repair_content(Account.of(found, Wanted(num_options), LIMITS))


def contested() -> Clinic:
    """Ann and Bob hold one place on Monday, Cid and Dan another; Dan's is pinned."""
    clinic = Clinic().session("09:00", "09:30", id="monday").session("09:00", "10:00", 1)
    for name, start, end in (
        ("ann", "09:00", "09:15"),
        ("bob", "09:00", "09:15"),
        ("cid", "09:15", "09:30"),
        ("dan", "09:15", "09:30"),
    ):
        clinic.request(name).appointment(start, end, request=name, id=name, pinned=name == "dan")
    return clinic


def test_collisions_are_told_with_who_meets_and_who_may_move() -> None:
    """Who is pinned meets there, and is not to be settled; the two who may stay are compared."""
    content = said(mended(contested(), DoubleBookings()))
    first, second = content["aftermath"]["clusters"]
    assert (first["appointment_ids"], second["appointment_ids"]) == (["ann", "bob"], ["cid"])
    (conflict,) = second["conflicts"]
    assert conflict["appointment_ids"] == ["cid", "dan"]
    assert (conflict["kind"], conflict["of"]) == ("doctor", "dr")
    (point,) = content["frontier"]
    assert (point["additional"], point["unavoidable"]) == (0, 2)
    rows = {row["appointment_id"]: row for row in point["ledger"]}
    assert rows["ann"]["outcome"] == "kept"
    assert rows["ann"]["compared"][0]["with_id"] == "bob"
    assert rows["bob"]["price"] == sum(rows["bob"]["parts"].values()) > 0
    assert rows["cid"]["gave_way"]["to"] == ["dan"]
    adapter(RepairDocument).validate_python(content)


def test_what_is_stuck_and_what_was_broken_before_is_told() -> None:
    """The pinned one cannot stay; the double booking is not mended, since nobody asked."""
    content = said(mended(contested(), SessionClosed(session_id="monday")))
    aftermath = content["aftermath"]
    assert len(aftermath["forced"]) == 4
    assert [row["appointment_id"] for row in aftermath["stuck"]] == ["dan"]
    clinic = contested().session("09:00", "09:15", 2, "other")
    content = said(mended(clinic, SessionClosed(session_id="other")))
    assert content["aftermath"]["forced"] == []
    assert {row["rule"] for row in content["aftermath"]["prior_violations"]} == {"slot_capacity"}


def test_counts_are_those_of_the_ledger() -> None:
    """In people and in appointments, by what happened and by what becomes of them."""
    content = said(mended(chain(), CLOSED, most=3))
    point = content["frontier"][-1]
    people = {name: count["people"] for name, count in point["counts"].items()}
    assert people == {
        "forced": 1,
        "contested": 0,
        "displaced": 2,
        "kept": 0,
        "moved": 3,
        "unplaced": 0,
        "stuck": 0,
        "other_doctor": 3,
    }
    assert len(point["ledger"]) == 3
    assert point["price"] == sum(row["price"] for row in point["ledger"])


def test_menus_are_told_where_options_were_asked_for() -> None:
    """What can be offered to each, by parts that add up, and why it is not more."""
    clinic = Clinic().session("09:00", "09:15", 3, "lost").session("09:00", "09:30", 4)
    clinic.request("ann").appointment("09:00", "09:15", 3, "ann", id="ann")
    content = said(mended(clinic, CLOSED), 3)
    (menu,) = content["frontier"][0]["menus"]
    places = [option["places"][0] for option in menu["options"]]
    assert [place["start"][11:16] for place in places] == ["09:00", "09:15"]
    assert all(place["price"] == sum(place["parts"].values()) for place in places)
    assert menu["short"]["free"] == menu["short"]["considered"] <= 2
    assert said(mended(clinic, CLOSED))["frontier"][0]["menus"] == []
    adapter(RepairDocument).validate_python(content)


def test_plans_that_differ_are_told_where_they_were_asked_for() -> None:
    """As the document declares them, the last point first; what has become of answers beside."""
    found = mended(chain(), CLOSED, most=3)
    account = Account.of(found, Wanted(1, plans=True), LIMITS)
    answered = Settled(found.aftermath.dataset, ("bob",), (Waiting("ann", ("bob",)),))
    content = repair_content(account, answered)
    (plan,) = content["plans"]["plans"]
    assert plan == content["frontier"][-1] | {"aim": "least_disruption"}
    assert plan["days_later"] == 3
    assert content["plans"]["same_as"].keys() == {"soonest", "same_doctor"}
    assert content["answered"] == {
        "accepted": ["bob"],
        "waiting": [{"appointment_id": "ann", "for_ids": ["bob"]}],
    }
    adapter(RepairDocument).validate_python(content)
    assert {"plans", "answered"}.isdisjoint(said(found))


def test_what_unpinning_would_give_is_told() -> None:
    """Dan is pinned to a session that is closed; without the pin there would be a place."""
    content = said(mended(contested(), SessionClosed(session_id="monday")))
    (row,) = content["unpinned"]
    assert (row["appointment_id"], row["outcome"]) == ("dan", "moved")
    assert row["after"]["session_id"] == "s2"


def test_why_it_ended_is_that_of_the_first_plan_that_is_not_proven() -> None:
    """Proven, unless somebody wished to stop."""
    answer = Account.of(mended(chain(), CLOSED, most=3), Wanted(), LIMITS)
    assert (answer.is_proven, answer.stopped) == (True, "proven")
    points = [
        replace(
            point,
            certificate=replace(
                point.certificate,
                stopped="cancelled",
                levels=tuple(replace(row, status="open") for row in point.certificate.levels),
            ),
        )
        for point in answer.repair.points
    ]
    early = replace(answer, repair=replace(answer.repair, points=tuple(points), is_proven=False))
    assert (early.is_proven, early.stopped) == (False, "cancelled")
