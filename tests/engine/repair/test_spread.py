"""A limit spread over components: what each makes of a part of it, put together."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from clinic import Clinic, at
from told import ANYBODY

from engine.arrays import Int
from engine.candidates import Candidates
from engine.domain import DoctorWish, Wishes
from engine.events.events import DoctorAbsent, DoubleBookings
from engine.repair import spread
from engine.repair.extent import Extent
from engine.repair.minimum import Minimum, minimum_displaced
from engine.repair.repair import Repair, repair
from engine.repair.searches import Searches
from engine.solve.allowance import Allowance
from engine.solve.limits import Limits
from engine.solve.solved import Solved, SolvedPart

FAST = Limits(deterministic=True, workers=1)


def town(clinic: Clinic, name: str, urgency: str) -> None:
    """Somebody loses a place of half an hour, and could have that of another, who could go."""
    wishes = Wishes(doctors=tuple(DoctorWish(doctor_id=f"{name}-{n}") for n in range(3)))
    clinic.visit_type("long", minutes=30)
    for number, start in enumerate(("09:00", "09:00", "10:00")):
        doctor = f"{name}-{number}"
        clinic.doctor(doctor).role(doctor, doctor_id=doctor)
        end = start[:3] + ("30" if number < 2 else "15")
        clinic.session(start, end, day=3, role_id=doctor)
    for number, kind in ((0, "long"), (1, "visit")):
        request = f"{name}-{number}"
        clinic.request(
            request,
            visit_type_id=kind,
            wishes=wishes,
            insists_on=("doctors",),
            urgency=urgency if not number else "routine",
        )
        end = "09:30" if number == 0 else "09:15"
        clinic.appointment("09:00", end, 3, request, role_id=request)


def repaired(most: int, *towns: tuple[str, str]) -> Repair:
    """The first doctor of every town is out."""
    clinic = Clinic()
    for name, urgency in towns:
        town(clinic, name, urgency)
    out = [
        DoctorAbsent(doctor_id=f"{name}-0", start=at("00:00", 3), end=at("00:00", 4))
        for name, _ in towns
    ]
    return repair(clinic.dataset(), out, ANYBODY, Extent(max_additional=most), FAST)


@pytest.mark.parametrize(
    ("most", "unplaced"), [(0, [(2, 1)]), (1, [(2, 1), (1, 1)]), (2, [(2, 1), (1, 1), (0, 1)])]
)
def test_the_limit_goes_where_it_is_worth_most(most: int, unplaced: list[tuple[int, int]]) -> None:
    """In each of three towns one who is moved makes room for one: for the urgent first, and never
    for more than are allowed. Every point is proven.
    """
    found = repaired(most, ("a", "urgent"), ("b", "routine"), ("c", "urgent"))
    assert found.is_proven
    assert [(row.unplaced[1], row.unplaced[3]) for row in found.points] == unplaced
    assert [row.additional for row in found.points] == list(range(most + 1))


def test_other_visits_of_people_who_must_go_are_not_told_twice() -> None:
    """Ann collides with Bob, and has another place which somebody could have who lost theirs: she
    goes from both, and is one person, while the limit is for others who are urgent.
    """
    clinic = Clinic()
    for name in "ab":
        town(clinic, name, "urgent")
    for name in "xyz":
        clinic.doctor(name).role(name, doctor_id=name)
    clinic.session("10:00", "11:30", day=3, role_id="x").session(
        "14:00", "15:00", day=3, role_id="z"
    )
    for request, who, role, clock in (
        ("ann", "ann", "y", "09:00"),
        ("bob", "bob", "y", "09:00"),
        ("again", "ann", "y", "10:00"),
        ("eve", "eve", "y", "11:00"),
        ("fay", "fay", "x", "10:00"),
        ("gus", "gus", "x", "11:00"),
    ):
        doctors = (DoctorWish(doctor_id="y"), DoctorWish(doctor_id="z" if role == "y" else "x"))
        clinic.request(request, who, wishes=Wishes(doctors=doctors), insists_on=("doctors",))
        clinic.appointment(clock, clock[:3] + "15", 3, request, role_id=role)
        if request not in {"bob", "fay", "gus"}:
            clinic.session(clock, clock[:3] + "15", day=3, role_id="y")
    out = [
        DoctorAbsent(doctor_id=name, start=at("00:00", 3), end=at("00:00", 4))
        for name in ("a-0", "b-0", "x")
    ]
    extent = Extent(max_additional=2)
    found = repair(clinic.dataset(), [*out, DoubleBookings()], ANYBODY, extent, FAST)
    assert found.is_proven
    assert [point.unplaced for point in found.points] == [(0, 2 - use, 0, 1) for use in range(3)]
    ann = [found.snapshot.index.requests[name] for name in ("ann", "again")]
    assert all(point.moved[ann].all() for point in found.points)


def test_it_is_put_together_of_components(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three towns are three groups, each with what is known of nobody else moving, and with one
    more; together they are for none and for one.
    """
    seen: list[tuple[int, int, int]] = []
    whole = spread._Spread.best

    def best(self: spread._Spread, limit: int) -> Solved:
        seen.append((limit, len(self._groups), len(self._runs)))
        return whole(self, limit)

    monkeypatch.setattr(spread._Spread, "best", best)
    repaired(1, ("a", "urgent"), ("b", "routine"), ("c", "urgent"))
    assert seen == [(0, 3, 2), (1, 3, 2)]


def test_only_what_the_bound_rests_on_is_searched() -> None:
    """Three components with the whole limit of two: the first could gain most with one, the second
    is known not to gain, and the third is proven. So the first alone is asked for, from the best
    plan that uses no more than one; then twice at most.
    """
    none = [np.array([0, left, 0, 0]) for left in (5, 5, 1)]
    best = [np.array([0, 2, 2, 0]), np.array([0, 4, 2, 0]), np.array([0, 0, 1, 0])]
    less = [np.array([0, 3, 0, 0]), none[1], best[2]]
    allowance = Allowance(2, 0, np.zeros(3, np.int64), 2)

    def run(values: list[Int], bounds: list[Int], more: tuple[tuple[Int, ...], ...]) -> Solved:
        rows = zip(values, bounds, more, strict=True)
        parts = [
            SolvedPart(np.array([row]), "", own, least, (), prices)
            for row, (own, least, prices) in enumerate(rows)
        ]
        return Solved(Candidates.none(), sum(values), sum(bounds), "time_limit", tuple(parts), 0.0)

    whole = run(best, best, tuple((own, none[row]) for row, own in enumerate(less)))
    made = spread._Spread(allowance, np.arange(3), whole)
    made.add(0, run(none, none, ((), (), ())))
    for _ in range(2):
        asked = made.asked()
        assert asked is not None
        assert (asked.more, asked.requests.tolist()) == (1, [0])
        made.add(1, run(none[:1], [np.array([0, 3, 0, 0])], ((),)))
    assert made.asked() is None
    found = made.best(1)
    assert found.values.tolist() == [0, 10, 1, 0]
    assert found.bounds.tolist() == [0, 9, 0, 0]


def test_who_shares_nothing_is_told_apart() -> None:
    """A component without rows falls into its requests; where one of two is asked for, a plan is
    split between them, unless what each costs is not known.
    """
    one, two, no = np.array([1]), np.array([1, 2]), np.zeros(0, np.int64)
    each = [np.array([0, 5]), np.array([1, 7])]
    pieces = tuple((two[row : row + 1], values) for row, values in enumerate(each))
    whole = SolvedPart(two, "greedy", sum(each), sum(each), pieces)
    assert [part.values.tolist() for part in whole.apart()] == [[0, 5], [1, 7]]
    solved = Solved(Candidates.none(), whole.values, whole.values, "proven", (whole,), 0.0)
    for asked in (one, no):
        found = spread._among(solved, asked)
        assert found is not None
        assert len(found.parts) == 2
    assert spread._among(replace(solved, parts=(replace(whole, pieces=()),)), one) is None


def test_without_time_nothing_is_claimed_and_the_limit_holds() -> None:
    """Plans from greedy alone, in three towns: no more moved than allowed."""
    clinic = Clinic()
    for name in "abc":
        town(clinic, name, "urgent")
    out = [
        DoctorAbsent(doctor_id=f"{name}-0", start=at("00:00", 3), end=at("00:00", 4))
        for name in "abc"
    ]
    hurry = Limits(seconds=0.0, workers=1)
    found = repair(clinic.dataset(), out, ANYBODY, Extent(max_additional=2), hurry)
    assert all(point.additional <= 2 for point in found.points)
    assert all(point.certificate.levels[0].value == 0 for point in found.points)


def test_where_there_is_no_time_for_others_nobody_else_moves(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The plan without them is the answer, and it is not said that there are no better ones."""
    monkeypatch.setattr(Searches, "_has_time_for", lambda *_: False)
    found = repaired(2, ("a", "urgent"), ("b", "routine"))
    assert [point.additional for point in found.points] == [0]
    assert found.points[0].is_proven
    assert not found.is_proven


def test_where_there_is_time_for_few_nothing_is_claimed_of_all(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Those who are nearest find the plan; bounds say nothing."""
    looks = iter([False, False, True] * 9)
    monkeypatch.setattr(Searches, "_has_time_for", lambda *_: next(looks))
    found = repaired(2, ("a", "urgent"), ("b", "routine"))
    assert found.points[0].is_proven
    assert sum(found.points[-1].unplaced) == 0
    levels = found.points[-1].certificate.levels
    assert [level.bound for level in levels] == [0] * len(levels)
    assert found.points[-1].certificate.stopped == "time_limit"
    assert not found.is_proven


def test_where_one_could_need_less_nothing_is_claimed(monkeypatch: pytest.MonkeyPatch) -> None:
    """What one could do without would be for another: unless that is ruled out, no bounds."""

    def unproven(*args: Any) -> Minimum:
        return replace(minimum_displaced(*args), is_proven=False)

    monkeypatch.setattr("engine.repair.frontier.minimum_displaced", unproven)
    found = repaired(1, ("a", "urgent"), ("b", "routine"), ("c", "urgent"))
    levels = found.points[-1].certificate.levels
    assert [level.bound for level in levels] == [0] * len(levels)
    assert not found.is_proven
