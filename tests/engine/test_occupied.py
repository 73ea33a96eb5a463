"""What appointments occupy, and that it is what collides."""

from __future__ import annotations

from collections import defaultdict

from clinic import Clinic
from hypothesis import given
from worlds import tiny_worlds

from engine.domain import Dataset, Service
from engine.events.overfull import Sweep
from engine.occupied import Use, uses
from engine.policy import Policy
from engine.seats import Seats
from engine.snapshot import Snapshot, take_snapshot

POLICY = Policy.default()


def occupied(clinic: Clinic, policy: Policy = POLICY) -> set[tuple[str, ...]]:
    """What is occupied, as ``kind of… HH:MM HH:MM room home``, by the clock of the place."""
    snapshot = clinic.snapshot()
    return {
        (use.kind, *use.of, clock(snapshot, use.start), clock(snapshot, use.end), str(use.room))
        + ((use.home,) if use.home else ())
        for use in uses(snapshot, policy)
    }


def clock(snapshot: Snapshot, minute: int) -> str:
    """A minute on the dataset's clock."""
    return f"{snapshot.grid.instant(minute, 0):%H:%M}"


def test_a_visit_occupies_its_cells_its_doctor_its_patient_and_a_room() -> None:
    """Cells, doctor and room with the minutes before and after; the patient as told."""
    clinic = Clinic().session("09:00", "10:00").resource("scanner", capacity=2)
    clinic.visit_type(
        "scan", minutes=20, minutes_before=5, minutes_after=10, resources=("scanner",)
    )
    clinic.request("r", visit_type_id="scan").appointment("09:05", "09:25", request="r")
    assert occupied(clinic) == {
        ("session", "s1", "09:00", "09:15", "1"),
        ("session", "s1", "09:15", "09:30", "1"),
        ("session", "s1", "09:30", "09:35", "1"),
        ("doctor", "dr", "09:00", "09:35", "1", "session s1"),
        ("patient", "r", "09:05", "09:25", "1"),
        ("room", "office", "scanner", "09:00", "09:35", "2"),
    }


def test_a_block_occupies_no_patient_and_one_outside_is_a_home_of_its_own() -> None:
    """Who holds a block comes from nowhere, and its doctor is on an errand."""
    clinic = Clinic().session("09:00", "10:00").appointment("10:00", "11:00")
    assert occupied(clinic) == {("doctor", "dr", "10:00", "11:00", "1", "appointment a1")}


def test_a_seat_in_a_day_session_is_no_time() -> None:
    """It keeps no doctor and no patient busy."""
    clinic = Clinic().session("08:00", "16:00", kind="day", cell_minutes=None, capacity=9)
    clinic.request("r").appointment("08:00", "16:00", request="r")
    assert occupied(clinic) == {("session", "s1", "08:00", "16:00", "9")}


def test_a_service_may_be_in_two_places() -> None:
    """Its sessions count, and nothing else."""
    clinic = Clinic().role("chair", service_id="chair")
    clinic.services.append(Service(id="chair"))
    clinic.session("09:00", "09:15", role_id="chair").appointment("09:00", "09:15", role_id="chair")
    assert occupied(clinic) == {("session", "s1", "09:00", "09:15", "1")}


def test_seats_are_the_policys_and_minutes_behind_the_last_cell_the_sessions() -> None:
    """Every second cell has one more; 09:30 to 09:40 is no cell."""
    policy = POLICY.with_seats(Seats(overbooking=0.5))
    clinic = Clinic().session("09:00", "09:40").appointment("09:00", "09:40")
    seats = {row[2]: row[-1] for row in occupied(clinic, policy) if row[0] == "session"}
    assert sorted(seats[start] for start in ("09:00", "09:15")) == ["1", "2"]
    assert seats["09:30"] == "1"


def test_what_no_rule_speaks_of_is_not_occupied() -> None:
    """A policy without rooms leaves them to whoever comes."""
    clinic = Clinic().session().resource("scanner").visit_type("visit", resources=("scanner",))
    clinic.request("r").appointment("09:00", "09:15", request="r")
    without = POLICY.without("rooms_and_devices")
    kinds = {row[0] for row in occupied(clinic, without)}
    assert kinds == {"session", "doctor", "patient"}


@given(tiny_worlds(always=("appointments", "rooms", "seats", "two_roles")))
def test_what_is_overfull_is_what_collides(dataset: Dataset) -> None:
    """Minute by minute, what is occupied more often than there is room for is what a repair
    calls a double booking.
    """
    for policy in (POLICY, POLICY.with_seats(Seats(overbooking=0.5))):
        snapshot = take_snapshot(dataset)
        found = {
            (row.kind, row.of, minute, frozenset(row.members))
            for row in Sweep(snapshot, policy).stretches()
            for minute in range(row.start, row.end)
        }
        assert overfull(snapshot, list(uses(snapshot, policy))) == found


def overfull(snapshot: Snapshot, rows: list[Use]) -> set[tuple[str, str, int, frozenset[str]]]:
    """What is too much, by the uses alone."""
    there: dict[tuple[str, tuple[str, ...], int], list[Use]] = defaultdict(list)
    for row in rows:
        for minute in range(row.start, row.end):
            there[row.kind, row.of, minute].append(row)
    return {
        (*named(snapshot, kind, of), minute, frozenset(row.appointment_id for row in some))
        for (kind, of, minute), some in there.items()
        if (
            len({row.home for row in some}) > 1
            if kind == "doctor"
            else 0 < some[0].room < len(some)
        )
    }


def named(snapshot: Snapshot, kind: str, of: tuple[str, ...]) -> tuple[str, str]:
    """As a conflict of a repair names it: seats are the doctor's."""
    if kind != "session":
        return kind, of[-1]
    role = snapshot.sessions.role[snapshot.index.sessions[of[0]]]
    return "doctor", snapshot.doctors.ids[int(snapshot.roles.doctor[role])]
