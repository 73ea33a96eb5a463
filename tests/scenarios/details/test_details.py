"""Details of runs: bounded, and the numbers that a small world has."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from clinic import Clinic
from repairs import CLOSED, chain, ledger, mended

from engine.domain import Coordinates
from engine.match import match
from engine.result import Result
from engine.solve.limits import Limits
from scenarios.details import Details, details_of_plan, details_of_repair, size_of
from scenarios.details import travel_map as maps
from scenarios.details import use_of_time as uses
from scenarios.details.records import MAX_BINS
from scenarios.details.spreads import spread
from scenarios.runs.outcome import Outcome, outcome_bytes, read_outcome

FAST = Limits(deterministic=True)


def two_places() -> Clinic:
    """Two doctors at places ten kilometres apart; Ann lives near one, Bob by the other."""
    clinic = (
        Clinic()
        .doctor("two", name="Dr. Two")
        .location("north", name="North", coordinates=Coordinates(latitude=40.84, longitude=-73.99))
    )
    clinic.role("two", doctor_id="two", location_id="north").session("09:00", "09:30")
    clinic.session("09:00", "09:15", 1, role_id="two")
    clinic.request("ann").patient("bob", home=Coordinates(latitude=40.85, longitude=-73.99))
    return clinic.request("bob")


def matched(clinic: Clinic) -> Result:
    """The plan of a clinic."""
    return match(clinic.dataset(), limits=FAST)


def of(clinic: Clinic) -> Details:
    """Details of the plan of a clinic."""
    return details_of_plan(matched(clinic), clinic.dataset())


def test_values_are_counted_by_whole_units() -> None:
    """What is not stated is left out, and what is beyond the last bin is in it."""
    found = spread("travel_km", np.array([0.0, 0.99, 1.0, np.nan, 5_000.0]))
    assert found.counts == (2, 1, *[0] * (MAX_BINS - 2), 1)
    assert spread("travel_km", np.array([np.nan])).counts == ()


def test_the_busiest_doctors_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """One of two, with the first of two days; that there are more is said."""
    whole = of(two_places()).use
    assert whole is not None
    assert (whole.first_day, whole.num_days, whole.num_doctors) == (date(2026, 3, 2), 2, 2)
    assert [(row.id, row.name, sum(row.offered)) for row in whole.doctors] == [
        ("dr", "", 30),
        ("two", "Dr. Two", 15),
    ]
    monkeypatch.setattr(uses, "MAX_DOCTORS", 1)
    monkeypatch.setattr(uses, "MAX_DAYS", 1)
    cut = of(two_places()).use
    assert cut is not None
    assert [(row.id, row.taken, row.offered) for row in cut.doctors] == [("dr", (30,), (30,))]
    assert (cut.num_days, cut.num_doctors) == (2, 2)


def test_places_and_homes_are_kilometres_from_the_middle(monkeypatch: pytest.MonkeyPatch) -> None:
    """0.09 degrees of latitude are ten kilometres; of two homes one is enough to show."""
    found = of(two_places()).map
    assert found is not None
    assert [(row.id, row.name, row.x, row.y, row.visits) for row in found.places] == [
        ("office", "", 0.0, -5.0, 2),
        ("north", "North", 0.0, 5.0, 0),
    ]
    assert [(row.x, row.y, row.km, row.is_placed) for row in found.homes] == [
        (0.0, -5.0, 0.0, True),
        (0.0, 6.1, 11.1, True),
    ]
    monkeypatch.setattr(maps, "MAX_HOMES", 1)
    monkeypatch.setattr(maps, "MAX_PLACES", 1)
    cut = of(two_places()).map
    assert cut is not None
    assert (len(cut.homes), cut.num_homes, len(cut.places), cut.num_places) == (1, 2, 1, 2)


def test_who_has_no_place_or_no_way_is_on_the_map() -> None:
    """Ann is seen by video, Bob is not; Cy, whose home is not known, is nowhere."""
    clinic = Clinic().video_role().session("09:00", "09:15", role_id="video")
    clinic.request("ann", urgency="urgent").request("bob").patient("cy", home=None).request("cy")
    found = of(clinic).map
    assert found is not None
    assert sorted((row.km is None, row.is_placed) for row in found.homes) == [
        (True, False),
        (True, True),
    ]
    assert (found.num_homes, found.places[0].visits) == (2, 0)


def test_a_world_without_positions_has_no_map() -> None:
    """Nor has one of day sessions a use of time."""
    clinic = Clinic()
    clinic.locations = [
        clinic.locations[0].__class__(id="office", time_zone="America/New_York", state="NY")
    ]
    clinic.session("08:00", "20:00", kind="day", cell_minutes=None, capacity=3).request("ann")
    found = of(clinic)
    assert (found.map, found.use) == (None, None)


def test_a_frontier_and_a_ledger_are_kept() -> None:
    """With nobody displaced Ann has no place; with two displaced everybody has one."""
    found = mended(chain(), CLOSED, most=3)
    kept, later = details_of_repair(found, ledger(found))
    assert [(row.additional, row.unplaced, row.moved) for row in kept.points] == [
        (0, 1, 0),
        (2, 0, 3),
    ]
    assert all(row.proven for row in kept.points)
    assert (len(kept.ledger), kept.num_touched, sum(later.counts)) == (3, 3, 3)
    assert {row.outcome for row in kept.ledger} == {"moved"}
    assert kept.ledger[0].start_before < (kept.ledger[0].start_after or "")


def test_a_world_is_counted() -> None:
    """Cells seat by seat, seats of days with them; who has an appointment is not open."""
    clinic = Clinic().session(reserved_for="urgent").session(day=1, capacity=2)
    clinic.session("08:00", "20:00", 2, kind="day", cell_minutes=None, capacity=3)
    clinic.request("ann").request("bob").appointment("09:00", "09:15", request="ann")
    found = size_of(clinic.dataset())
    assert (found.requests, found.open_requests, found.doctors, found.roles) == (2, 1, 1, 1)
    assert (found.sessions, found.cells, found.reserved_cells) == (3, 4 + 8 + 3, 4)


def test_details_are_read_back() -> None:
    """Equal bytes again, and no more of them than is bounded."""
    outcome = Outcome(key="k", rows=(), proven=True, stopped="proven", details=of(two_places()))
    raw = outcome_bytes(outcome)
    assert read_outcome(raw, "file") == outcome
    assert len(raw) < 2_000
