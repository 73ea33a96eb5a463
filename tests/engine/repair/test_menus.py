"""Menus by hand: what is offered to whom, in which order, and why there is no more."""

from __future__ import annotations

import pytest
from clinic import Clinic, at
from repairs import CLOSED, mended

from engine.domain import DailyCap
from engine.repair.menus import Menu, menus_of


def menus(clinic: Clinic, k: int = 3, most: int = 0) -> dict[str, Menu]:
    """Menus of the last point, by the first appointment of each."""
    found = mended(clinic, CLOSED, most=most)
    return {row.appointment_ids[0]: row for row in menus_of(found, found.points[-1], k)}


def offered(menu: Menu) -> list[str]:
    """What a menu offers: weekday and clock of every place of each option."""
    return [
        " + ".join(f"{place.where.start:%a %H:%M}" for place in option.places)
        for option in menu.options
    ]


def lost(*names: str, **more: object) -> Clinic:
    """A session on Wednesday is lost in which each of some people has a quarter of an hour."""
    clinic = Clinic().session("09:00", "10:00", 2, "lost")
    for number, name in enumerate(names):
        start = 15 * number
        clinic.request(name, **more)
        clinic.appointment(f"09:{start:02d}", f"09:{start + 15:02d}", 2, name, id=name)
    return clinic


def test_cheapest_first_and_disjoint() -> None:
    """Two people, five cells: each is offered the plan's place, and free ones of their own."""
    clinic = lost("ann", "bob").session("09:00", "09:30", 3).session("09:00", "09:45", 4)
    found = menus(clinic)
    assert [offered(menu)[0][:3] for menu in found.values()] == ["Thu", "Thu"]
    every = [place for menu in found.values() for place in offered(menu)]
    assert len(set(every)) == len(every) == 5
    fewer, more = sorted(found.values(), key=lambda menu: len(menu.options))
    assert [option.number for option in more.options] == [1, 2, 3]
    assert [option.is_planned for option in more.options] == [True, False, False]
    assert [option.price for option in more.options] == [3000, 5000, 5000]  # on short notice: twice
    assert more.short is None
    assert (fewer.short.reason, fewer.short.considered, fewer.short.free) == ("shared", 4, 3)


def test_nobody_is_displaced_for_an_option() -> None:
    """What somebody holds is offered to nobody."""
    clinic = lost("ann").session("09:00", "09:30", 3)
    clinic.request("eve").appointment("09:15", "09:30", 3, "eve", id="eve")
    menu = menus(clinic)["ann"]
    assert offered(menu) == ["Thu 09:00"]
    assert menu.short.reason == "no_candidate"


def test_who_has_all_that_is_free_hears_so() -> None:
    """Ann is offered both cells that nobody holds; a third option there is not."""
    clinic = lost("ann").session("09:00", "09:45", 3)
    clinic.request("eve").appointment("09:30", "09:45", 3, "eve", id="eve", pinned=True)
    menu = menus(clinic)["ann"]
    assert offered(menu) == ["Thu 09:00", "Thu 09:15"]
    assert (menu.short.reason, menu.short.free) == ("all_offered", 1)


def test_who_could_go_nowhere_else_hears_who_has_it() -> None:
    """The only other place that Bob could take is Ann's, by the plan."""
    clinic = lost("ann", "bob").session("09:00", "09:30", 3)
    assert {menu.short.reason for menu in menus(clinic).values()} == {"crowded_out"}


def test_long_visit_may_overlap_its_own_options() -> None:
    """Three cells in a row take a visit of two in two ways; only one can be chosen."""
    clinic = Clinic().visit_type("long", minutes=30).session("09:00", "09:30", 2, "lost")
    clinic.session("09:00", "09:45", 3)
    clinic.request("ann", visit_type_id="long").appointment("09:00", "09:30", 2, "ann", id="ann")
    assert offered(menus(clinic)["ann"]) == ["Thu 09:00", "Thu 09:15"]


def test_places_given_up_are_kept_for_their_return() -> None:
    """Bob makes room for Ann, who needs the first cell of two that Bob held; nobody is offered
    the second one but Bob.
    """
    clinic = Clinic().visit_type("long", minutes=30).session("09:00", "09:15", 2, "lost")
    clinic.session("09:00", "09:30", 3).session("09:00", "10:00", 5)
    clinic.request("ann", latest=at("09:15", 3)).request("cid").request("bob", visit_type_id="long")
    clinic.appointment("09:00", "09:15", 2, "ann", id="ann")
    clinic.appointment("09:00", "09:30", 3, "bob", id="bob")
    clinic.session("10:00", "10:15", 2, "lost-too").appointment(
        "10:00", "10:15", 2, "cid", id="cid"
    )
    clinic.sessions = [row for row in clinic.sessions if row.id != "lost-too"]
    found = menus(clinic, k=6, most=1)
    assert offered(found["ann"]) == ["Thu 09:00"]
    assert [place[:3] for place in offered(found["bob"])] == ["Sat", "Sat", "Sat"]


def test_caps_count_all_that_could_be_chosen() -> None:
    """The other doctor takes one visit a day: whoever has it in the menu, the other has not."""
    clinic = lost("ann", "bob").doctor("two").session("09:00", "09:30", 3)
    clinic.role("two", doctor_id="two", daily_caps=(DailyCap(limit=1),))
    clinic.session("09:00", "10:00", 4, role_id="two")
    found = menus(clinic, k=4)
    sizes = sorted(len(menu.options) for menu in found.values())
    assert sizes == [1, 4]  # one person alone may choose among all cells of that day


def test_linked_visits_are_offered_together() -> None:
    """A couple that comes back to back is offered whole pairs, each different."""
    clinic = lost("ann", "bob").session("09:00", "09:30", 3).session("09:00", "09:30", 4)
    clinic.link("ann", "bob", all_or_none=True, same_day=True)
    found = menus(clinic)
    assert list(found) == ["ann"]
    assert found["ann"].appointment_ids == ("ann", "bob")
    pairs = offered(found["ann"])
    assert len(set(pairs)) == 3
    assert all(pair[:3] == pair.split(" + ")[1][:3] for pair in pairs)
    swapped = {frozenset(pair.split(" + ")) for pair in pairs[:2]}
    assert swapped == {frozenset(("Thu 09:00", "Thu 09:15"))}


def test_who_the_plan_places_nowhere_has_a_menu_that_says_why() -> None:
    """One place, two people: one of them has an empty menu."""
    clinic = lost("ann", "bob").session("09:00", "09:15", 3)
    found = menus(clinic)
    assert sorted(len(menu.options) for menu in found.values()) == [0, 1]
    assert {menu.short.reason for menu in found.values()} == {"crowded_out", "no_candidate"}


def test_one_option_is_the_plan() -> None:
    """With k = 1 nothing else is looked for, and nothing is short; below it is a mistake."""
    clinic = lost("ann").session("09:00", "09:30", 3)
    menu = menus(clinic, k=1)["ann"]
    assert (offered(menu), menu.short) == (["Thu 09:00"], None)
    with pytest.raises(ValueError, match="k 0"):
        menus(clinic, k=0)


def test_nobody_moved_nothing_to_choose() -> None:
    """No menus where nothing happened."""
    assert menus(Clinic().session("09:00", "10:00", 2, "lost")) == {}
