"""The world of a repair: what can be kept, and by which minutes."""

from __future__ import annotations

from dataclasses import replace

import pytest
from clinic import Clinic, at
from told import ANYBODY, told_world

from engine.events.events import Disruption, DoubleBookings, SessionClosed
from engine.repair.extent import Extent
from engine.repair.point import Point
from engine.repair.repair import repair
from engine.snapshot import BYSTANDER, CONTESTED
from engine.solve.limits import Limits

FAST = Limits(deterministic=True, workers=1)


def only_point(clinic: Clinic, *events: Disruption) -> Point:
    """The answer that displaces nobody without need."""
    [point] = repair(clinic.dataset(), events, ANYBODY, Extent(), FAST).points
    assert point.is_proven
    return point


def places(point: Point) -> dict[str, str]:
    """Who is where, by the clock; nowhere: empty."""
    plan, snapshot = point.plan, point.snapshot
    return {
        name: f"{snapshot.grid.instant(int(plan.start[r]), 0):%H:%M}" if plan.state[r] else ""
        for r, name in enumerate(snapshot.requests.ids)
    }


def test_a_contested_place_without_room_cannot_be_kept() -> None:
    """Ann's place off the grid reaches into a block: what begins at its first cell is another
    place, and not the old one.
    """
    clinic = Clinic().session("09:00", "10:00", id="s").request("ann")
    clinic.appointment("09:10", "09:40", request="ann").appointment("09:30", "09:45")
    world = told_world(clinic)
    assert len(world.kept) == 0
    assert world.snapshot.told.first_cell.tolist() == [-1]
    point = only_point(clinic, DoubleBookings())
    assert (point.minimum, point.additional) == (1, 0)
    assert places(point) == {"ann": "09:00"}


def test_a_place_that_reaches_out_of_its_session_collides_out_there() -> None:
    """Ann's visit ends behind the session, in one of the doctor's by video: there is another."""
    clinic = Clinic().session("09:00", "09:30", id="s").video_role()
    clinic.request("ann").appointment("09:20", "09:45", request="ann")
    clinic.request("bob").appointment("09:30", "09:45", request="bob")
    clinic.session("14:00", "14:15", id="t")
    world = told_world(clinic)
    assert world.snapshot.told.standing.tolist() == [CONTESTED, -1]
    point = only_point(clinic, DoubleBookings())
    assert point.minimum == 1
    assert places(point) == {"ann": "09:00", "bob": "09:30"}


def test_a_place_is_kept_by_its_minutes_and_not_by_its_cells() -> None:
    """Twenty minutes in cells of fifteen: from 9:20 on the doctor is free for a video visit, as
    with an appointment, also where Ann takes part.
    """
    clinic = Clinic().visit_type("visit", minutes=20).session("09:00", "09:30", id="s")
    clinic.video_role().session("09:20", "09:40", id="v", role_id="video", cell_minutes=20)
    clinic.request("ann").appointment("09:00", "09:20", request="ann")
    clinic.request("bob").appointment("09:20", "09:40", request="bob", role_id="video")
    clinic.session("14:00", "14:30", id="t")
    world = told_world(clinic, SessionClosed(session_id="t"))
    assert world.snapshot.told.standing.tolist() == [BYSTANDER, BYSTANDER]
    start, end = world.kept.busy(world.snapshot)
    assert (end - start).tolist() == [20, 20]
    assert places(only_point(clinic, SessionClosed(session_id="t"))) == {
        "ann": "09:00",
        "bob": "09:20",
    }


@pytest.mark.parametrize("all_or_none", [False, True])
def test_who_takes_no_part_binds_nobody(all_or_none: bool) -> None:
    """Ann is linked with Bob, who never had a place: she gets another all the same."""
    clinic = Clinic().session("09:00", "09:15", id="s").session("10:00", "10:30", id="t")
    clinic.request("ann").request("bob", latest=at("08:00"))
    clinic.link("ann", "bob", all_or_none=all_or_none)
    clinic.appointment("09:00", "09:15", request="ann")
    assert places(only_point(clinic, SessionClosed(session_id="s"))) == {"ann": "10:00", "bob": ""}


def test_linked_people_who_lose_their_places_get_new_ones_all_or_none() -> None:
    """One cell is left for the two of them: neither takes it. Were one of them a bystander, the
    other would.
    """
    clinic = Clinic().session("09:00", "09:30", id="s").session("10:00", "10:15", id="t")
    clinic.request("ann").request("bob").link("ann", "bob", all_or_none=True)
    clinic.appointment("09:00", "09:15", request="ann", id="A")
    clinic.appointment("09:15", "09:30", request="bob", id="B")
    assert places(only_point(clinic, SessionClosed(session_id="s"))) == {"ann": "", "bob": ""}
    clinic.session("12:00", "12:15", id="u")
    clinic.appointments[0] = replace(clinic.appointments[0], start=at("12:00"), end=at("12:15"))
    found = places(only_point(clinic, SessionClosed(session_id="s")))
    assert found == {"ann": "12:00", "bob": "10:00"}


def test_linked_people_without_a_place_beside_a_cluster_ask_nothing() -> None:
    """Two forced and linked, and two who contest a place, at once."""
    clinic = Clinic().session("09:00", "09:15").session("11:00", "12:00")
    clinic.session("14:00", "14:30", id="lost")
    for name in ("ann", "bob"):
        clinic.request(name).appointment("09:00", "09:15", request=name)
    clinic.request("y").request("z").link("y", "z", all_or_none=True)
    clinic.appointment("14:00", "14:15", request="y").appointment("14:15", "14:30", request="z")
    point = only_point(clinic, DoubleBookings(), SessionClosed(session_id="lost"))
    assert (point.minimum, point.additional, sum(point.unplaced)) == (1, 0, 0)
