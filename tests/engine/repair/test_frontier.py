"""The frontier: people who lose a place whatever is done, and points that nothing beats."""

from __future__ import annotations

from dataclasses import replace

import pytest
from clinic import Clinic, at
from told import ANYBODY

from engine.domain import Resource
from engine.events.events import Disruption, DoubleBookings, SessionClosed
from engine.repair.extent import Extent
from engine.repair.repair import Repair, repair
from engine.solve.limits import Limits

FAST = Limits(deterministic=True, workers=1)


def found(clinic: Clinic, most: int, *events: Disruption) -> Repair:
    """The repair of a clinic."""
    return repair(clinic.dataset(), events, ANYBODY, Extent(max_additional=most), FAST)


@pytest.mark.parametrize(
    ("at_nine", "seats", "minimum"), [(2, 1, 1), (3, 1, 2), (3, 2, 1), (4, 4, 0)]
)
def test_a_cluster_displaces_who_has_no_seat(at_nine: int, seats: int, minimum: int) -> None:
    """Members less the largest number that fits."""
    clinic = Clinic().session("09:00", "09:15", capacity=seats).session("10:00", "12:00")
    for number in range(at_nine):
        clinic.request(f"r{number}").appointment("09:00", "09:15", request=f"r{number}")
    [point] = found(clinic, 2, DoubleBookings()).points
    assert (point.minimum, point.additional) == (minimum, 0)
    assert point.moved.sum() == minimum


def test_the_middle_of_a_chain_goes() -> None:
    """One that overlaps both of its neighbours: one person, not two."""
    clinic = (
        Clinic().visit_type("visit", minutes=30).session("09:00", "10:15").session("11:00", "12:00")
    )
    for name, start, end in (
        ("a", "09:00", "09:30"),
        ("b", "09:15", "09:45"),
        ("c", "09:30", "10:00"),
    ):
        clinic.request(name).appointment(start, end, request=name)
    [point] = found(clinic, 0, DoubleBookings()).points
    assert point.minimum == 1
    assert point.moved.tolist() == [False, True, False]


def test_a_person_in_two_clusters_is_one_person() -> None:
    """Ann collides with Bob at nine and with Cat at ten: she goes from both, and nobody else."""
    clinic = Clinic().session("09:00", "09:15").session("10:00", "10:15").session("14:00", "16:00")
    for name, who, clock in (("a", "ann", 9), ("b", "bob", 9), ("c", "ann", 10), ("d", "cat", 10)):
        clinic.request(name, who)
        clinic.appointment(f"{clock:02d}:00", f"{clock:02d}:15", request=name)
    [point] = found(clinic, 0, DoubleBookings()).points
    assert point.minimum == 1
    assert point.moved.tolist() == [True, False, True, False]


def test_points_are_those_that_nothing_beats() -> None:
    """Three lose their places: two of them fit in only where others are, who have room elsewhere,
    and one fits nowhere. No point for a third person: that would help nobody.
    """
    clinic = Clinic().doctor("away").role("lost", doctor_id="away").session("09:00", "12:00")
    clinic.session("14:00", "15:00").session("09:00", "10:00", id="x", role_id="lost")
    for number in range(12):
        hour, minute = divmod(540 + 15 * number, 60)
        start = at("00:00").replace(hour=hour, minute=minute)
        clinic.request(f"r{number}")
        clinic.appointment(
            f"{start:%H:%M}", f"{start.replace(minute=minute + 14):%H:%M}", request=f"r{number}"
        )
    for number, latest in enumerate(("09:15", "09:30", "08:00")):
        clinic.request(f"f{number}", latest=at(latest))
        start, end = f"09:{15 * number:02d}", f"09:{15 * number + 14:02d}"
        clinic.appointment(start, end, request=f"f{number}", role_id="lost")
    points = found(clinic, 5, SessionClosed(session_id="x")).points
    unplaced = [(point.additional, sum(point.unplaced)) for point in points]
    assert unplaced == [(0, 3), (1, 2), (2, 1)]
    assert all(point.is_proven for point in points)


def test_who_could_only_keep_what_was_told_keeps_it_where_both_others_may_go() -> None:
    """A long visit that fits nowhere else any more collides with two short ones: one person must
    go, and with one more it can stay.
    """
    clinic = Clinic().visit_type("long", minutes=30).session("09:00", "09:30").session(day=1)
    clinic.request("a", visit_type_id="long", latest=at("08:00")).request("b").request("c")
    for name, start, end in (
        ("a", "09:00", "09:30"),
        ("b", "09:00", "09:15"),
        ("c", "09:15", "09:30"),
    ):
        clinic.appointment(start, end, request=name)
    repaired = found(clinic, 1, DoubleBookings())
    assert [(p.additional, sum(p.unplaced)) for p in repaired.points] == [(0, 1), (1, 0)]
    assert repaired.is_proven


def test_what_was_broken_before_stays_and_never_grows() -> None:
    """Two on one device, and nobody asked to mend it: both stay, and their cells can be taken by
    nobody; whoever has lost a place goes elsewhere.
    """
    clinic = (
        Clinic().visit_type("scan", resources=("scanner",)).session("09:00", "10:00", capacity=3)
    )
    clinic.resources.append(Resource(id="only", kind="scanner", location_id="office"))
    clinic.session("14:00", "14:15", id="x")
    for name in ("ann", "bob"):
        clinic.request(name, visit_type_id="scan").appointment("09:00", "09:15", request=name)
    clinic.request("fay", visit_type_id="scan", latest=at("14:15"))
    clinic.appointment("14:00", "14:15", request="fay", id="F")
    repaired = found(clinic, 2, SessionClosed(session_id="x"))
    [point] = repaired.points
    assert repaired.movable.standing.tolist() == [-1, -1, 0]
    assert point.moved.tolist() == [False, False, True]
    assert point.plan.start[2] == point.snapshot.grid.minutes(at("09:15"))


def test_nobody_moves_if_nothing_happens() -> None:
    """Not even whoever could be better off."""
    clinic = Clinic().session("09:00", "10:00").request("ann")
    clinic.appointment("09:30", "09:45", request="ann")
    clinic.appointments = [replace(row, confirmed=True) for row in clinic.appointments]
    [point] = found(clinic, 3).points
    assert point.is_proven
    assert not point.moved.any()
