"""The best places of days and doctors, where the first look is not enough."""

from __future__ import annotations

import pytest
from clinic import Clinic, at

from engine.find import find
from engine.found import Extras, Found, Grouping
from engine.grouped import Standing
from engine.policy import Policy


def grouped(clinic: Clinic, wanted: Grouping, policy: Policy | None = None) -> Found:
    """Ann's places."""
    return find(clinic.dataset(), "ann", 1, policy, Extras(wanted))


def named(found: Found) -> list[tuple[str, list[str]]]:
    """Day or doctor, and the sessions and starts there."""
    return [
        (
            str(group.day or group.doctor_id or group.service_id),
            [f"{place.where.session_id} {place.where.start:%H:%M}" for place in group.places],
        )
        for group in found.groups or ()
    ]


def test_days_without_a_place_are_left_out_and_doctors_come_by_their_best() -> None:
    """A day has its cheapest places, not its first; ranks are those among all that are named."""
    clinic = Clinic().session("09:00", "09:30", id="a").session("08:00", "09:00", day=2, id="b")
    clinic.doctor("early").role("early", doctor_id="early")
    clinic.session("08:45", "09:00", id="c", role_id="early").request("ann")
    found = grouped(clinic, Grouping("day", 7, 2))
    assert named(found) == [
        ("2026-03-02", ["c 08:45", "a 09:00"]),
        ("2026-03-04", ["b 08:00", "b 08:15"]),
    ]
    assert [place.rank for place in found.places] == [1, 2, 3, 4]
    assert named(grouped(clinic, Grouping("day", 1, 1))) == [("2026-03-02", ["c 08:45"])]
    by_doctor = grouped(clinic, Grouping("doctor", 7, 2))
    assert named(by_doctor) == [("early", ["c 08:45"]), ("dr", ["a 09:00", "a 09:15"])]


def busy() -> Clinic:
    """Six doctors who are busy, and an idle one, at one hour."""
    clinic = Clinic().request("ann", latest=at("09:15"))
    for name in "abcdef":
        clinic.doctor(name).role(name, doctor_id=name).session(
            "09:00", "10:00", id=name, role_id=name
        )
        clinic.appointment("09:30", "10:00", role_id=name)
    return clinic.session("09:00", "10:00", id="idle")


@pytest.mark.parametrize(("by", "name"), [("day", "2026-03-02"), ("doctor", "dr")])
def test_where_load_counts_as_many_are_looked_at_as_could_matter(by: str, name: str) -> None:
    """By itself the idle doctor's place is the last of seven equals; next to what is booked it is
    the best.
    """
    policy = Policy.default().replace("load_spread", steps_per_doctor=4)
    wanted = Grouping(by, 1, 1)  # type: ignore[arg-type]
    assert named(grouped(busy(), wanted, policy)) == [(name, ["idle 09:00"])]


def test_no_group_is_an_answer_too() -> None:
    """With the reason that a find has."""
    found = grouped(Clinic().request("ann"), Grouping("day"))
    assert (found.groups, found.reason, found.ruled_out_by) == ((), "no_candidate", "no_session")
    with pytest.raises(ValueError, match="below 1"):
        Grouping("day", 0)


def standing(*groups: tuple[list[int], int | None], by_label: bool = False) -> Standing:
    """Groups: what stands of them, and the first that was not looked at."""
    return Standing(
        [[(key,) for key in keys] for keys, _ in groups],
        [None if rest is None else (rest,) for _, rest in groups],
        by_label=by_label,
    )


def test_when_enough_was_looked_at() -> None:
    """A group is full or has no more; nothing that was left out is better than what is offered;
    no earlier day could have a place.
    """
    assert standing(([1, 2], 3), ([4, 5], 6)).is_settled(2, 2)
    assert not standing(([1], 3), ([4, 5], 6)).is_settled(2, 2)
    assert standing(([1], None), ([4, 5], 6)).is_settled(2, 2)
    assert not standing(([1, 4], 3), ([], None)).is_settled(1, 2)
    assert standing(([1], None), ([2], None), ([], 3)).is_settled(2, 1)
    assert not standing(([1], None), ([4], None), ([], 3)).is_settled(2, 1)
    assert not standing(([1], None), ([], 3)).is_settled(2, 1)
    assert not standing(([], 9), ([1], None), by_label=True).is_settled(1, 1)
    assert standing(([8], None), ([], 1), by_label=True).is_settled(1, 1)
    assert standing(([5], None), ([2], None)).chosen(2) == [1, 0]
