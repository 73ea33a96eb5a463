"""The plan as a table for people."""

from __future__ import annotations

import csv

from clinic import Clinic, at, plan_of

from engine.domain import Dataset, Service, Session
from engine.interchange.csv_tables import plan_table
from engine.match import match
from engine.plan import Plan
from engine.snapshot import Snapshot, take_snapshot


def rows(dataset: Dataset, snapshot: Snapshot, plan: Plan) -> list[list[str]]:
    """Rows of the table, without the names of its columns."""
    text = plan_table(dataset, snapshot, plan).decode("utf-8-sig")
    header, *found = csv.reader(text.splitlines())
    assert ",".join(header) == "request,patient,state,day,start,end,doctor,place,reason"
    return found


def test_visits_stand_in_the_order_of_time_on_the_clock_of_their_place() -> None:
    """Who holds a place already stands among them; who has none comes last, with the reason."""
    clinic = Clinic(services=[Service(id="chair", name="Chair")]).doctor("dr", name="Ames")
    clinic.location("west", name="=West", time_zone="America/Chicago").doctor("other", name="Ames")
    clinic.role("far", doctor_id="other", location_id="west").role("chair", service_id="chair")
    clinic.video_role().session("09:00", "09:15").session("09:00", "09:15", role_id="far")
    clinic.session("10:00", "10:15", role_id="video").request("late").request("r2", "ann")
    clinic.request("r3", "ann").request("r4", "bob").request("kept").request("old", max_travel_km=0)
    clinic.appointment("10:30", "10:45", request="kept", role_id="chair")
    dataset = clinic.dataset()
    snapshot = take_snapshot(dataset)
    plan = plan_of(snapshot, {"late": ("s3", "10:00"), "r2": ("s1", "09:00")})
    index = snapshot.index.requests["r4"]
    far = plan_of(snapshot, {"r4": ("s2", "08:00")})
    for name in ("state", "reason", "role", "session", "start", "end"):
        getattr(plan, name)[index] = getattr(far, name)[index]
    plan.reason[snapshot.index.requests["r3"]] = 2
    plan.reason[snapshot.index.requests["old"]] = 1
    assert rows(dataset, snapshot, plan) == [
        ["r2", "ann", "placed", "2026-03-02", "09:00", "09:15", "Ames (dr)", "office", ""],
        ["r4", "bob", "placed", "2026-03-02", "08:00", "08:15", "Ames (other)", "'=West", ""],
        ["late", "late", "placed", "2026-03-02", "10:00", "10:15", "Ames (dr)", "by video", ""],
        ["kept", "kept", "kept", "2026-03-02", "10:30", "10:45", "Chair", "office", ""],
        ["r3", "ann", "unplaced", "", "", "", "", "", "crowded out"],
        ["old", "old", "unplaced", "", "", "", "", "", "no candidate"],
    ]


def test_a_visit_over_midnight_ends_with_its_day() -> None:
    """The end is never read as a time of the day of the start."""
    clinic = Clinic().visit_type("visit", minutes=30).request("r1")
    clinic.sessions.append(
        Session(id="s1", role_id="role", cell_minutes=30, start=at("23:45"), end=at("00:15", 1))
    )
    dataset = clinic.dataset()
    result = match(dataset)
    (row,) = rows(dataset, result.snapshot, result.plan)
    assert row[3:6] == ["2026-03-02", "23:45", "2026-03-03 00:15"]
