"""The ledger: who is touched, what becomes of them, at what price, and why."""

from __future__ import annotations

from dataclasses import replace

import pytest
from clinic import Clinic, at
from repairs import CLOSED, by_id, chain, clock, contest, ledger, long_visit, mended, plateau

from engine.domain import Wishes
from engine.events.events import DoubleBookings, TakenElsewhere
from engine.events.findings import Forced
from engine.repair.causes import GaveWay
from engine.repair.ledger import Count, NoPlace
from engine.repair.repair import Repair


def assert_agrees(found: Repair) -> None:
    """Every ledger counts what the certificate of its point counts."""
    for number, point in enumerate(found.points):
        book = ledger(found, number)
        values = {level.name: level.value for level in point.certificate.levels}
        assert (book.price, book.days_late) == (values["disruption"], values["delay"])
        assert book.additional_people == point.additional
        assert book.unplaced.appointments == sum(point.unplaced)


def test_chain_says_for_whom_each_made_room() -> None:
    """Ann sits where Bob was, Bob where Cid was."""
    found = mended(chain(), CLOSED, most=3)
    assert_agrees(found)
    rows = by_id(ledger(found))
    assert {name: (row.standing, row.outcome, clock(row)) for name, row in rows.items()} == {
        "ann": ("forced", "moved", "two Fri 09:00"),
        "bob": ("bystander", "moved", "three Sat 09:00"),
        "cid": ("bystander", "moved", "four Sun 09:00"),
    }
    assert rows["ann"].forced == Forced("ann", "no_session", "lost", 0)
    assert rows["ann"].gave_way is None
    assert rows["bob"].gave_way == GaveWay(("ann",), ("slot_capacity",))
    assert rows["cid"].gave_way == GaveWay(("bob",), ("slot_capacity",))
    assert rows["cid"].parts == {"moved": 500, "other_doctor": 5000, "per_day_later": 1000}


def test_who_has_no_place_is_told_why() -> None:
    """Others hold what Ann could take, while nobody makes room for her."""
    row = by_id(ledger(mended(chain(), CLOSED), 0))["ann"]
    assert (row.outcome, row.after, row.price) == ("unplaced", None, 0)
    assert row.no_place == NoPlace("crowded_out")
    clinic = Clinic().session("09:00", "09:30", 3, "lost").session("09:00", "09:15", 4)
    for name, start, end in (("ann", "09:00", "09:15"), ("bob", "09:15", "09:30")):
        clinic.request(name).appointment(start, end, 3, name, id=name)
    reasons = [row.no_place for row in ledger(mended(clinic, CLOSED)).entries]
    assert sorted(map(str, reasons)) == sorted(map(str, [None, NoPlace("crowded_out")]))


def test_frontier_that_plateaus() -> None:
    """One displaced helps nobody; two make room for all three, and there is no point between."""
    found = mended(plateau(), CLOSED, most=5)
    assert [(point.additional, sum(point.unplaced)) for point in found.points] == [(0, 3), (2, 0)]
    assert_agrees(found)
    first, last = ledger(found, 0), ledger(found)
    assert (first.forced, first.unplaced, first.moved) == (Count(3, 3), Count(3, 3), Count(0, 0))
    assert (last.displaced, last.moved, last.unplaced) == (Count(2, 2), Count(5, 5), Count(0, 0))


def test_long_visit_takes_two_people_at_once() -> None:
    """Each of the two made room for the same visit."""
    found = mended(long_visit(), CLOSED, most=5)
    assert [(point.additional, sum(point.unplaced)) for point in found.points] == [(0, 1), (2, 0)]
    assert_agrees(found)
    rows = by_id(ledger(found))
    gave_way = GaveWay(("ann",), ("slot_capacity",))
    assert rows["bob"].gave_way == rows["cid"].gave_way == gave_way


@pytest.mark.parametrize(
    ("one", "other", "held", "decided_by"),
    [
        ({}, {}, {"confirmed": True}, ("confirmed", "asked_first")),
        ({"times_moved": 1}, {}, {}, ("per_earlier_move", "asked_first")),
        ({"created": at("08:00")}, {"created": at("09:00")}, {}, ("asked_first",)),
    ],
)
def test_contested_place_is_kept_for_a_reason(
    one: dict[str, object],
    other: dict[str, object],
    held: dict[str, object],
    decided_by: tuple[str, ...],
) -> None:
    """Ann keeps it: confirmed, moved before, or asked first; Bob is told to whom he lost."""
    book = contest(dict(one), dict(other), **held)
    ann, bob = book.entries
    assert (ann.outcome, bob.outcome, bob.standing) == ("kept", "moved", "contested")
    assert [(row.with_id, row.decided_by) for row in ann.compared] == [("bob", decided_by)]
    assert sum(ann.compared[0].parts.values()) > bob.price
    assert bob.gave_way == GaveWay(("ann",), ("slot_capacity",))
    assert (book.contested, book.kept, book.minimum) == (Count(2, 2), Count(1, 1), 1)
    assert book.additional_people == 0


def test_short_notice_keeps_a_place() -> None:
    """Ann's visit begins in less than 72 hours, Bob's a little later does not."""
    clinic = Clinic(as_of=at("09:00")).visit_type("long", minutes=30)
    clinic.session("08:45", "09:15", 3).session("08:45", "09:15", 5)
    clinic.request("ann", visit_type_id="long").appointment("08:45", "09:15", 3, "ann", id="ann")
    clinic.request("bob").appointment("09:00", "09:15", 3, "bob", id="bob")
    rows = by_id(ledger(mended(clinic, DoubleBookings())))
    assert (rows["ann"].outcome, rows["bob"].outcome) == ("kept", "moved")
    assert rows["ann"].compared[0].decided_by == ("short_notice", "asked_first")
    assert rows["ann"].compared[0].parts["short_notice"] == 2600


def test_contest_lost_to_what_cannot_move() -> None:
    """A block, and a pinned visit: both are named."""
    clinic = Clinic().session("09:00", "09:15", 3).session("09:00", "09:15", 5)
    clinic.request("ann").appointment("09:00", "09:15", 3, "ann", id="ann")
    clinic.appointment("09:00", "09:15", 3, id="block")
    row = by_id(ledger(mended(clinic, DoubleBookings())))["ann"]
    assert (row.standing, row.outcome, row.gave_way.to) == ("contested", "moved", ("block",))


def test_contested_with_nowhere_to_go_keeps_the_place() -> None:
    """Ann could go nowhere else; Bob could."""
    clinic = Clinic().session("09:00", "09:15", 3).session("09:00", "09:15", 5)
    clinic.request("ann", latest=at("23:00", 3)).request("bob")
    for name in ("ann", "bob"):
        clinic.appointment("09:00", "09:15", 3, name, id=name)
    rows = by_id(ledger(mended(clinic, DoubleBookings())))
    assert [row.decided_by for row in rows["ann"].compared] == [("no_other_place",)]


def test_the_middle_of_a_chain_is_in_the_way_of_others_too() -> None:
    """Ann and Cat keep their places, though it costs less to move either of them than Bob: if one
    of them went, he would still collide with the other; not so where both are one person.
    """
    clinic = Clinic().visit_type("visit", minutes=30)
    clinic.session("09:00", "10:00", 3).session("09:00", "10:00", 5)
    for name, start, end in (
        ("ann", "09:00", "09:30"),
        ("bob", "09:15", "09:45"),
        ("cat", "09:30", "10:00"),
    ):
        clinic.request(name)
        clinic.appointment(start, end, 3, name, id=name, confirmed=name == "bob")
    rows = by_id(ledger(mended(clinic, DoubleBookings())))
    assert [rows[name].outcome for name in ("ann", "bob", "cat")] == ["kept", "moved", "kept"]
    for name in ("ann", "cat"):
        assert rows[name].compared[0].decided_by[0] == "in_the_way_of_others_too"
    clinic.requests[2] = replace(clinic.requests[2], patient_id="ann")
    clinic.appointments[1] = replace(clinic.appointments[1], confirmed=False)
    rows = by_id(ledger(mended(clinic, DoubleBookings())))
    assert rows["bob"].outcome == "moved"
    for name in ("ann", "cat"):
        assert "in_the_way_of_others_too" not in rows[name].compared[0].decided_by


def test_with_two_seats_nobody_is_said_to_be_in_the_way_of_others_too() -> None:
    """Three on two seats: had either of those who stay gone, the third could have stayed."""
    clinic = Clinic().session("09:00", "09:15", 3, capacity=2).session("09:00", "09:15", 5)
    for name in ("ann", "bob", "cat"):
        clinic.request(name).appointment("09:00", "09:15", 3, name, id=name)
    rows = by_id(ledger(mended(clinic, DoubleBookings())))
    kept = [row for row in rows.values() if row.outcome == "kept"]
    assert len(kept) == 2
    for row in kept:
        assert all("in_the_way_of_others_too" not in one.decided_by for one in row.compared)


def test_contested_and_more_urgent_keeps_the_place() -> None:
    """There is one place in all: the more urgent has it."""
    clinic = Clinic().session("09:00", "09:15", 3)
    clinic.request("ann", urgency="soon").request("bob")
    for name in ("ann", "bob"):
        clinic.appointment("09:00", "09:15", 3, name, id=name)
    rows = by_id(ledger(mended(clinic, DoubleBookings())))
    assert (rows["ann"].outcome, rows["bob"].outcome) == ("kept", "unplaced")
    assert rows["ann"].compared[0].decided_by == ("no_other_place",)


def test_rooms_and_doctors_are_named_as_the_rules_in_the_way() -> None:
    """The only scanner: who needs it sooner has it, and who was there goes."""
    clinic = Clinic().resource("scanner").visit_type("scan", resources=("scanner",))
    clinic.doctor("two").role("two", doctor_id="two")
    clinic.session("09:00", "09:15", 2, "lost").session("09:00", "09:15", 3, "near")
    clinic.session("09:00", "09:15", 3, "far", role_id="two")
    clinic.session("09:15", "09:30", 3, "later", role_id="two")
    clinic.request("ann", visit_type_id="scan", latest=at("09:15", 3))
    clinic.request("bob", visit_type_id="scan")
    clinic.appointment("09:00", "09:15", 2, "ann", id="ann")
    clinic.appointment("09:00", "09:15", 3, "bob", id="bob", role_id="two")
    found = mended(clinic, CLOSED, most=1)
    assert_agrees(found)
    row = by_id(ledger(found))["bob"]
    assert row.gave_way == GaveWay(("ann",), ("rooms_and_devices",))


def test_doctor_with_several_seats_is_elsewhere() -> None:
    """Rows that are opened by where the doctor is name who brought the doctor there."""
    clinic = Clinic().location("north").role("north", location_id="north")
    clinic.session("09:00", "09:15", 2, "lost")
    clinic.session("09:00", "09:15", 3, "here", capacity=2)
    clinic.session("09:00", "09:15", 3, "there", role_id="north", capacity=2)
    clinic.session("10:00", "10:15", 4, "free", role_id="north")
    here = Wishes(location_ids=("office",))
    clinic.request("ann", latest=at("23:00", 3), wishes=here, insists_on=("locations",))
    clinic.request("bob")
    clinic.appointment("09:00", "09:15", 2, "ann", id="ann")
    clinic.appointment("09:00", "09:15", 3, "bob", id="bob", role_id="north")
    found = mended(clinic, CLOSED, most=1)
    assert_agrees(found)
    rows = by_id(ledger(found))
    assert clock(rows["ann"]) == "role Thu 09:00"
    assert rows["bob"].gave_way == GaveWay(("ann",), ("doctor_in_one_place",))


def test_pinned_and_impossible_is_stuck() -> None:
    """It is in the ledger, and counts as neither moved nor unplaced."""
    clinic = Clinic().session("09:00", "09:15", 3).session("09:00", "09:15", 5)
    clinic.request("ann").appointment("09:00", "09:15", 3, "ann", id="ann", pinned=True)
    event = TakenElsewhere(role_id="role", start=at("09:00", 3), end=at("09:15", 3))
    book = ledger(mended(clinic, event))
    assert (book.forced, book.stuck, book.moved, book.unplaced) == (
        Count(1, 1),
        Count(1, 1),
        Count(0, 0),
        Count(0, 0),
    )
    assert book.entries[0].after is None


def test_two_visits_of_one_person_are_one_person() -> None:
    """People and appointments are counted apart."""
    clinic = Clinic().session("09:00", "09:30", 3, "lost").session("09:00", "09:30", 5)
    for name, start, end in (("first", "09:00", "09:15"), ("second", "09:15", "09:30")):
        clinic.request(name, "ann").appointment(start, end, 3, name, id=name)
    book = ledger(mended(clinic, CLOSED))
    assert (book.forced, book.moved) == (Count(1, 2), Count(1, 2))


def test_nothing_happens_to_nobody() -> None:
    """An event that forces nobody leaves an empty ledger."""
    book = ledger(mended(Clinic().session("09:00", "09:15", 3, "lost"), CLOSED))
    assert (book.entries, book.price) == ((), 0)
