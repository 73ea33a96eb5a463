"""Negotiation: what is answered holds, what is open is solved once more."""

from __future__ import annotations

import pytest
from clinic import Clinic, at
from repairs import CLOSED, LIMITS, by_id, chain, clock, two_lost

from engine.checks import check_dataset
from engine.domain import Dataset, WeeklyTime
from engine.domain import Declined as Refusal
from engine.errors import AnswerError
from engine.events.events import Disruption, DoubleBookings
from engine.repair.answers import Accepted, Answer, Declined, Stays
from engine.repair.extent import Extent
from engine.repair.ledger import Ledger, ledger_of
from engine.repair.menus import Menu, menus_of
from engine.repair.negotiation import Settled, Waiting, settled
from engine.repair.repair import repair


def offered(
    dataset: Dataset, most: int = 0, event: Disruption = CLOSED
) -> tuple[Ledger, tuple[Menu, ...]]:
    """Ledger and menus of the last point."""
    found = repair(dataset, [event], None, Extent(max_additional=most), LIMITS)
    point = found.points[-1]
    return ledger_of(found, point), menus_of(found, point)


def answered(dataset: Dataset, *answers: Answer, most: int = 0) -> Settled:
    """What some answers make of a dataset, which is without errors."""
    found = settled(dataset, *offered(dataset, most), answers)
    assert not [row for row in check_dataset(found.dataset).problems if row.is_error]
    return found


def places(dataset: Dataset, most: int = 0) -> dict[str, str]:
    """Where the last point sends everybody it touches."""
    return {name: clock(row) for name, row in by_id(offered(dataset, most)[0]).items()}


def test_who_accepted_is_moved_no_more() -> None:
    """Ann takes her second option: she has it, pinned; Bob is asked again, and she is not."""
    dataset = two_lost().dataset()
    menus = {menu.appointment_ids[0]: menu for menu in offered(dataset)[1]}
    second = menus["ann"].options[1].places[0].where
    found = answered(dataset, Accepted(appointment_id="ann", option=2))
    assert found.accepted == ("ann",)
    ann = found.dataset.appointments[0]
    assert (ann.role_id, ann.start, ann.pinned, ann.confirmed) == (
        second.role_id,
        second.start,
        True,
        True,
    )
    assert [row.times_moved for row in found.dataset.patients] == [1, 0]
    assert places(found.dataset).keys() == {"bob"}


def test_everybody_accepted_and_nothing_is_left() -> None:
    """The next repair touches nobody."""
    answers = [Accepted(appointment_id=name, option=1) for name in ("ann", "bob")]
    assert places(answered(two_lost().dataset(), *answers).dataset) == {}


def test_declined_options_are_not_offered_again() -> None:
    """Round after round Ann hears of other places, until there is none."""
    dataset, heard = two_lost().dataset(), []
    while True:
        menus = {menu.appointment_ids[0]: menu for menu in offered(dataset)[1]}
        options = [str(place.where) for row in menus["ann"].options for place in row.places]
        if not options:
            break
        heard += options
        dataset = answered(dataset, Declined(appointment_id="ann")).dataset
    assert len(heard) == len(set(heard)) >= 5
    assert places(dataset)["ann"] == "-"


@pytest.mark.parametrize(
    ("learned", "place"),
    [
        (Refusal(doctor_id="dr"), "two Sat"),
        (Refusal(before=at("00:00", 5)), "two Sat"),
        (Refusal(role_id="two"), "role Fri"),
        (
            Refusal(times=(WeeklyTime(days=("fri",), start="09:00", end="12:00"),)),
            "two Sat",
        ),
        (Refusal(location_id="office"), "-"),
    ],
)
def test_what_was_learned_holds(learned: Refusal, place: str) -> None:
    """Not with, not before, not at, not on these weekly times."""
    dataset = two_lost().dataset()
    found = settled(
        dataset,
        offered(dataset)[0],
        [Menu(("ann",), (), None)],
        [Declined(appointment_id="ann", learned=(learned,))],
    )
    assert places(found.dataset)["ann"].startswith(place)


def test_a_place_that_somebody_has_yet_to_give_up_is_not_promised() -> None:
    """Ann waits for Bob, and Bob for Cid; when all have agreed, all are where they accepted."""
    dataset = chain().dataset()
    ann, bob, cid = (Accepted(appointment_id=name, option=1) for name in ("ann", "bob", "cid"))
    first = answered(dataset, ann, most=3)
    assert (first.accepted, first.waiting) == ((), (Waiting("ann", ("bob",)),))
    assert first.dataset == dataset
    second = answered(dataset, ann, bob, most=3)
    assert second.waiting == (Waiting("ann", ("bob",)), Waiting("bob", ("cid",)))
    third = answered(dataset, cid, bob, ann, most=3)
    assert (third.accepted, third.waiting) == (("ann", "bob", "cid"), ())
    assert places(third.dataset, 3) == {}


def test_room_that_was_made_is_used_in_the_next_round() -> None:
    """Bob and Cid agreed; Ann takes the place that is free now without displacing anybody."""
    answers = [Accepted(appointment_id=name, option=1) for name in ("bob", "cid")]
    found = answered(chain().dataset(), *answers, most=3)
    assert found.accepted == ("bob", "cid")
    assert places(found.dataset) == {"ann": "two Fri 09:00"}


def test_who_stays_is_not_asked_again() -> None:
    """Bob keeps his place: there is none for Ann."""
    found = answered(chain().dataset(), Stays(appointment_id="bob"), most=3)
    assert found.dataset.appointments[1].pinned
    assert places(found.dataset, 3) == {"ann": "-"}


def test_linked_visits_are_answered_together() -> None:
    """One answer for a couple: both are moved, or both are asked again."""
    clinic = two_lost().link("ann", "bob", all_or_none=True, same_day=True)
    found = answered(clinic.dataset(), Accepted(appointment_id="bob", option=1))
    assert found.accepted == ("ann", "bob")
    assert places(found.dataset) == {}


def test_contest_is_settled_by_an_answer() -> None:
    """Whoever lost the place accepts another; nobody collides any more."""
    clinic = Clinic().session("09:00", "09:15", 3).session("09:00", "09:15", 5)
    for name in ("ann", "bob"):
        clinic.request(name).appointment("09:00", "09:15", 3, name, id=name)
    dataset = clinic.dataset()
    book, menus = offered(dataset, event=DoubleBookings())
    found = settled(dataset, book, menus, [Accepted(appointment_id="bob", option=1)])
    assert offered(found.dataset, event=DoubleBookings())[0].entries == ()


def test_everything_wrong_is_found_in_one_pass() -> None:
    """Unknown, twice, no such option, nothing named, and an impossible stay."""
    dataset = two_lost().dataset()
    with pytest.raises(AnswerError) as raised:
        answered(
            dataset,
            Accepted(appointment_id="eve", option=1),
            Accepted(appointment_id="ann", option=9),
            Declined(appointment_id="ann", learned=(Refusal(),)),
            Stays(appointment_id="bob"),
        )
    assert [(row.code, row.path) for row in raised.value.problems] == [
        ("dangling_reference", "/0/appointment_id"),
        ("out_of_range", "/1/option"),
        ("duplicate_id", "/2/appointment_id"),
        ("missing_field", "/2/learned/0"),
        ("wrong_value", "/3/kind"),
    ]
