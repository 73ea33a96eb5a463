"""Plans as appointments."""

from __future__ import annotations

from clinic import Clinic, at

from engine.checks import check_dataset
from engine.interchange.booked import booked, two_places
from engine.interchange.dataset import read_document, write_document
from engine.match import match


def test_places_of_a_plan_become_appointments() -> None:
    """The request holds its place afterwards; an id that is taken gets a number behind it."""
    clinic = Clinic().session().request("r1").appointment("09:00", "09:30", id="r1")
    dataset = clinic.dataset()
    result = match(dataset)
    after = booked(dataset, result.snapshot, result.plan)
    made = after.appointments[1]
    assert (made.id, made.request_id, made.role_id) == ("r1-2", "r1", "role")
    assert (made.start, made.source) == (at("09:30"), "plan")
    assert not check_dataset(after).num_errors
    assert match(after).plan.state.tolist() == [2]


def test_the_longest_ids_stay_ids() -> None:
    """What is made of a plan is written and read again, however long the ids are."""
    long = "r" * 200
    dataset = Clinic().session().request(long).appointment("09:00", "09:30", id=long).dataset()
    result = match(dataset)
    after = booked(dataset, result.snapshot, result.plan)
    assert read_document(write_document(after))[0] == after


def test_a_second_place_is_found() -> None:
    """The plan places a request that holds an appointment by now; one that keeps it is fine."""
    clinic = Clinic().session().request("r1").request("r2")
    clinic.appointment("09:00", "09:15", request="r2")
    result = match(clinic.dataset())
    assert two_places(result.snapshot, result.plan, "plan") == []
    clinic.appointment("09:45", "10:00", request="r1")
    (problem,) = two_places(clinic.snapshot(), result.plan, "plan")
    assert (problem.code, problem.path, problem.value) == ("two_places", "plan", "'r1'")
