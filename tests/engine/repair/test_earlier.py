"""Rounds of a negotiation, carried out one after the other."""

from __future__ import annotations

from typing import Any

import pytest
from clinic import Clinic
from repairs import CLOSED, LIMITS

from engine.domain import Dataset
from engine.errors import AnswerError
from engine.events.aftermath import aftermath_between
from engine.policy import Policy
from engine.repair.account import Account, Wanted
from engine.repair.content import repair_content
from engine.repair.earlier import all_settled, rounds_from
from engine.repair.negotiation import Waiting
from engine.repair.repair import Extent, Repair, mend, repair


def two_lost() -> Clinic:
    """Ann and Bob lose Thursday; on Friday and Saturday there is room."""
    clinic = Clinic().session("09:00", "09:30", 3, "lost").session("09:00", "09:30", 4)
    clinic.session("09:00", "10:00", 5)
    for name, start, end in (("ann", "09:00", "09:15"), ("bob", "09:15", "09:30")):
        clinic.request(name).appointment(start, end, 3, name, id=name)
    return clinic


def offered(found: Repair) -> dict[str, Any]:
    """The last plan, as it is answered."""
    content = repair_content(Account.of(found, Wanted(2), LIMITS))
    plan: dict[str, Any] = content["frontier"][-1]
    return plan


def after(dataset: Dataset, rounds: list[dict[str, Any]]) -> Dataset:
    """The dataset with all answers carried out."""
    return all_settled(dataset, rounds_from(rounds, "/earlier")).dataset


def accepts(name: str, option: int = 1) -> dict[str, Any]:
    """What somebody says who takes an option."""
    return {"kind": "accepted", "appointment_id": name, "option": option}


def test_rounds_are_carried_out_in_their_order() -> None:
    """Each begins where the one before has ended; who accepted in any is named."""
    dataset = two_lost().dataset()
    rounds = [{"offered": offered(repair(dataset, [CLOSED], limits=LIMITS))}]
    rounds[0]["answers"] = [accepts("ann", 2), {"kind": "declined", "appointment_id": "bob"}]
    second = after(dataset, rounds)
    assert [row.pinned for row in second.appointments] == [True, False]
    last = {"offered": offered(repair(second, [CLOSED], limits=LIMITS))}
    found = all_settled(
        dataset, rounds_from([*rounds, last | {"answers": [accepts("bob")]}], "/earlier")
    )
    assert found.accepted == ("ann", "bob")
    assert found.dataset == after(second, [last | {"answers": [accepts("bob")]}])
    assert repair(found.dataset, [CLOSED], limits=LIMITS).aftermath.forced == ()
    assert all_settled(dataset, ()).dataset == dataset


def test_who_waits_is_said_of_the_last_round() -> None:
    """Ann takes Bob's place; once Bob has another one, she waits no more."""
    clinic = Clinic().session("09:00", "09:15", 3, "lost").session("09:00", "09:15", 4)
    clinic.session("09:00", "09:15", 5)
    clinic.request("ann", latest=clinic.sessions[1].end).request("bob")
    clinic.appointment("09:00", "09:15", 3, "ann", id="ann")
    dataset = clinic.appointment("09:00", "09:15", 4, "bob", id="bob").dataset()

    def round_of(world: Dataset, *names: str) -> dict[str, Any]:
        plan = offered(repair(world, [CLOSED], None, Extent(max_additional=1), LIMITS))
        return {"offered": plan, "answers": [accepts(name) for name in names]}

    first = round_of(dataset, "ann")
    one = all_settled(dataset, rounds_from([first], ""))
    assert (one.accepted, one.waiting) == ((), (Waiting("ann", ("bob",)),))
    second = round_of(one.dataset, "ann", "bob")
    two = all_settled(dataset, rounds_from([first, second], ""))
    assert (two.accepted, two.waiting) == (("ann", "bob"), ())


def test_appointments_that_were_missing_are_put_back_where_they_are_accepted() -> None:
    """Two datasets compared: Bob's is in the second no more, until he accepts another place."""
    before, clinic = two_lost().dataset(), two_lost()
    clinic.sessions = [row for row in clinic.sessions if row.id != "lost"]
    clinic.appointments = [row for row in clinic.appointments if row.id != "bob"]
    now, policy = clinic.dataset(), Policy.default()
    plan = offered(mend(aftermath_between(before, now, policy), policy, limits=LIMITS))
    done = after(now, [{"offered": plan, "answers": [accepts("ann"), accepts("bob")]}])
    bob = next(row for row in done.appointments if row.id == "bob")
    assert (bob.request_id, bob.pinned, bob.confirmed) == ("bob", True, True)
    assert [row.times_moved for row in done.patients] == [1, 1]
    assert aftermath_between(before, done, policy).forced == ()


@pytest.mark.parametrize(
    ("content", "problems"),
    [
        ({}, {("wrong_type", "/earlier")}),
        ([3], {("wrong_type", "/earlier/0")}),
        ([{}], {("missing_field", "/earlier/0/offered"), ("missing_field", "/earlier/0/answers")}),
        (
            [{"offered": {"ledger": [], "else": 1}, "answers": [], "more": 1}, {"answers": 3}],
            {
                ("unknown_field", "/earlier/0/more"),
                ("missing_field", "/earlier/1/offered"),
                ("wrong_type", "/earlier/1/answers"),
            },
        ),
    ],
)
def test_what_cannot_be_read_is_told_at_once(content: Any, problems: set[tuple[str, str]]) -> None:
    """Of all rounds; what else a plan says is passed over."""
    with pytest.raises(AnswerError) as caught:
        rounds_from(content, "/earlier")
    assert {(row.code, row.path) for row in caught.value.problems} == problems


def test_what_fits_nothing_is_told_of_all_rounds() -> None:
    """A round that cannot be carried out does not hide what is wrong with the next."""
    dataset = two_lost().dataset()
    plan = offered(repair(dataset, [CLOSED], limits=LIMITS))
    rounds = [{"offered": plan, "answers": [row]} for row in (accepts("ann", 9), accepts("cid"))]
    with pytest.raises(AnswerError) as caught:
        after(dataset, rounds)
    assert [(row.code, row.path) for row in caught.value.problems] == [
        ("out_of_range", "/earlier/0/answers/0/option"),
        ("dangling_reference", "/earlier/1/answers/0/appointment_id"),
    ]


def test_options_are_known_by_their_numbers() -> None:
    """Who was read the second option alone has accepted that, not the first of what is left."""
    dataset = two_lost().dataset()
    plan = offered(repair(dataset, [CLOSED], limits=LIMITS))
    menu = next(row for row in plan["menus"] if row["appointment_ids"] == ["ann"])
    menu["options"] = menu["options"][1:]
    done = after(dataset, [{"offered": plan, "answers": [accepts("ann", 2)]}])
    ann = next(row for row in done.appointments if row.id == "ann")
    assert ann.start.isoformat() == menu["options"][0]["places"][0]["start"]
