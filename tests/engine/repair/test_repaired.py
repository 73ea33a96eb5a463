"""The world when a repair is done, and the plan that leads there."""

from __future__ import annotations

from dataclasses import replace

from clinic import Clinic
from repairs import CLOSED, chain, mended

from engine.interchange.canonical import dataset_hash
from engine.interchange.plan_file import plan_rows
from engine.policy import Policy
from engine.repair.repaired import repaired, result_of, without_moved
from engine.snapshot import take_snapshot
from engine.verify.judge import verify, violations_before


def test_who_is_moved_is_at_the_new_place_under_the_old_id() -> None:
    """Ids stay, nobody has confirmed the new place, and each was moved once more."""
    clinic = chain()
    clinic.appointments[1] = replace(clinic.appointments[1], confirmed=True, status="conflicted")
    clinic.patient("cid", times_moved=2)
    found = mended(clinic, CLOSED, most=3)
    done = repaired(found, found.points[-1])
    assert {row.id: row.role_id for row in done.appointments} == {
        "ann": "two",
        "bob": "three",
        "cid": "four",
    }
    assert {(row.status, row.confirmed) for row in done.appointments} == {("booked", False)}
    assert {row.id: row.times_moved for row in done.patients} == {"ann": 1, "bob": 1, "cid": 3}
    assert violations_before(take_snapshot(done), Policy.default()) == ()


def test_who_is_left_without_a_place_has_no_appointment() -> None:
    """The request is open again; the others are where they were."""
    found = mended(chain(), CLOSED)
    done = repaired(found, found.points[0])
    assert [row.id for row in done.appointments] == ["bob", "cid"]
    assert {row.id: row.times_moved for row in done.patients} == {"ann": 1, "bob": 0, "cid": 0}
    assert done.appointments == found.aftermath.dataset.appointments[1:]


def test_the_plan_belongs_to_the_world_without_the_moved() -> None:
    """There it holds by the judges; who was open before took no part, and the row says so."""
    found = mended(chain().request("open"), CLOSED)
    point = found.points[0]
    result, world = result_of(found, point), without_moved(found, point)
    assert result.certificate.dataset_hash == dataset_hash(world)
    snapshot = take_snapshot(world)
    assert verify(snapshot, Policy.default(), result.plan).violations == ()
    rows = {row.request_id: (row.state, row.reason, row.ruled_out_by) for row in plan_rows(result)}
    assert rows == {
        "ann": ("unplaced", "crowded_out", None),
        "bob": ("kept", None, None),
        "cid": ("kept", None, None),
        "open": ("unplaced", "no_part", None),
    }


def test_a_hold_that_is_moved_stays_a_hold() -> None:
    """It ends when it would have ended."""
    clinic = Clinic().session("09:00", "09:15", 3, "lost").session("09:00", "09:30", 4)
    until = clinic.as_of.replace(hour=23)
    clinic.request("ann").appointment(
        "09:00", "09:15", 3, "ann", id="ann", status="held", held_until=until
    )
    found = mended(clinic, CLOSED)
    (row,) = repaired(found, found.points[-1]).appointments
    assert (row.status, row.held_until, f"{row.start:%a %H:%M}") == ("held", until, "Fri 09:00")
