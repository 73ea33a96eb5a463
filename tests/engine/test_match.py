"""Match as a whole: classics with known optima, daylight saving, determinism, verification."""

from __future__ import annotations

import itertools
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest
from clinic import ZONE, Clinic, at

from engine import match as match_module
from engine.domain import Dataset, DoctorTerm
from engine.errors import PolicyError, VerificationError
from engine.interchange.dataset import dataset_from, write_document
from engine.interchange.plan_file import plan_rows, row_content
from engine.match import match
from engine.policy import Policy
from engine.result import Result
from engine.solve.limits import Cancel, Limits
from scenarios.world import WorldSpec, generate_world

FAST = Limits(deterministic=True)
PRICES_ONLY = Policy.default().replace("wait", days_per_day=0.0)


def value(result: Result, level: str) -> int:
    """Value of a level."""
    return next(row.value for row in result.certificate.levels if row.name == level)


def through_json(dataset: Dataset) -> Dataset:
    """The dataset as a user would have typed it: written as JSON and read again."""
    import json

    read, _ = dataset_from(json.loads(write_document(dataset)))
    return read


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_assignment_problem(seed: int) -> None:
    """N doctors with one slot each, n requests with a price per doctor: the optimum of the
    assignment problem, as found by trying every permutation.
    """
    n, rng = 6, np.random.default_rng(seed)
    prices = rng.integers(0, 30, (n, n))
    clinic = Clinic()
    for doctor in range(n):
        clinic.doctor(f"d{doctor}").role(f"d{doctor}", doctor_id=f"d{doctor}")
        clinic.session("09:00", "09:15", role_id=f"d{doctor}")
    for row in range(n):
        terms = (DoctorTerm(doctor_id=f"d{d}", days=float(prices[row, d])) for d in range(n))
        clinic.request(f"r{row}", doctor_terms=tuple(terms))
    result = match(through_json(clinic.dataset()), PRICES_ONLY, FAST)
    best = min(sum(prices[range(n), list(p)]) for p in itertools.permutations(range(n)))
    assert result.certificate.is_proven
    assert value(result, "inconvenience") == 1000 * best


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_generalised_assignment_problem(seed: int) -> None:
    """Doctors with a session of b minutes; minutes and price of every request differ by
    doctor: the optimum of the generalised assignment problem, by brute force.
    """
    rng, jobs, agents, budget = np.random.default_rng(seed), 6, 2, 60
    minutes, prices = rng.integers(10, 26, (jobs, agents)), rng.integers(1, 20, (jobs, agents))
    clinic = Clinic()
    for agent in range(agents):
        clinic.doctor(f"d{agent}").role(f"d{agent}", doctor_id=f"d{agent}")
        clinic.session("09:00", "10:00", role_id=f"d{agent}", cell_minutes=1)
    for job in range(jobs):
        terms = tuple(
            DoctorTerm(doctor_id=f"d{a}", minutes=int(minutes[job, a]), days=float(prices[job, a]))
            for a in range(agents)
        )
        clinic.request(f"r{job}", doctor_terms=terms)
    result = match(through_json(clinic.dataset()), PRICES_ONLY, FAST)
    best = (jobs + 1, 0)
    for choice in itertools.product(range(agents + 1), repeat=jobs):
        placed = [(job, agent) for job, agent in enumerate(choice) if agent < agents]
        load = [sum(minutes[j, a] for j, a in placed if a == agent) for agent in range(agents)]
        if all(amount <= budget for amount in load):
            cost = sum(int(prices[j, a]) for j, a in placed)
            best = min(best, (jobs - len(placed), cost))
    assert result.certificate.is_proven
    assert (value(result, "unplaced_routine"), value(result, "inconvenience")) == (
        best[0],
        1000 * best[1],
    )


def test_price_and_length_of_a_doctor_are_the_requests_own() -> None:
    """A hand-made case: the cheap doctor takes twice as long, so only one fits there."""
    clinic = Clinic().doctor("slow").role("slow", doctor_id="slow")
    clinic.session("09:00", "09:30", role_id="slow", id="s").session("09:00", "09:30", id="f")
    terms = (
        DoctorTerm(doctor_id="slow", minutes=30, days=1.0),
        DoctorTerm(doctor_id="dr", days=4.0),
    )
    clinic.request("ann", doctor_terms=terms).request("bob", doctor_terms=terms)
    result = match(clinic.dataset(), PRICES_ONLY, FAST)
    assert value(result, "inconvenience") == 5000


def test_nothing_moves_by_an_hour_over_a_daylight_saving_night() -> None:
    """Told times after 8 March 2026 are those of the sessions, to the minute, in the plan
    and in the occupied time, on either side of the night and in it.
    """
    clinic = Clinic()
    clinic.session("09:00", "09:15", day=5, id="before").session(
        "09:00", "09:15", day=7, id="after"
    )
    night = datetime(2026, 3, 8, 6, 30, tzinfo=UTC)  # 01:30 local; half an hour later it is 03:00
    clinic.session(id="night")
    clinic.sessions[-1] = replace(clinic.sessions[-1], start=night, end=night + timedelta(hours=1))
    clinic.visit_type("hour", minutes=60)
    clinic.request("a", earliest=at("00:00", 5), latest=at("12:00", 5))
    clinic.request("b", earliest=at("00:00", 7))
    clinic.request("n", visit_type_id="hour")
    clinic.request("kept").appointment("10:00", "10:15", day=7, request="kept")
    result = match(through_json(clinic.dataset()), limits=FAST)
    rows = {row.request_id: row for row in plan_rows(result)}
    assert rows["a"].start == datetime(2026, 3, 7, 9, 0, tzinfo=ZONE)
    assert rows["b"].start is not None
    assert rows["b"].start.isoformat() == "2026-03-09T09:00:00-04:00"
    assert rows["n"].start is not None
    assert rows["n"].end is not None
    assert rows["n"].start.isoformat() == "2026-03-08T01:30:00-05:00"
    assert rows["n"].end.isoformat() == "2026-03-08T03:30:00-04:00"
    assert rows["kept"].start is not None
    assert rows["kept"].start.isoformat() == "2026-03-09T10:00:00-04:00"


def plan_bytes(result: Result) -> str:
    """Rows of the plan, as written."""
    return repr([row_content(row) for row in plan_rows(result)])


def test_deterministic_mode_gives_the_same_plan_to_the_byte() -> None:
    """The same seed gives the same rows, however many components run side by side, also
    where the work limit cuts the search short.
    """
    dataset = generate_world(WorldSpec(requests=120, doctors=20, days=5, seed=3))
    limits = Limits(deterministic=True, deterministic_seconds=1.5, workers=1)
    first = match(dataset, limits=limits)
    for workers in (1, 4):
        again = match(dataset, limits=replace(limits, workers=workers))
        assert plan_bytes(again) == plan_bytes(first)
        assert again.certificate.levels == first.certificate.levels


def test_a_callers_executor_gives_the_same_plan() -> None:
    """Components solved in other processes give the same plan, to the byte."""
    dataset = generate_world(WorldSpec(requests=60, doctors=15, days=5, seed=4))
    here = match(dataset, limits=FAST)
    with ProcessPoolExecutor(2) as executor:
        there = match(dataset, limits=FAST, executor=executor)
    assert plan_bytes(there) == plan_bytes(here)


def test_no_time_at_all_still_gives_a_verified_plan_with_bounds() -> None:
    """With a limit of zero seconds the greedy plan comes back, bounded and honest."""
    dataset = generate_world(WorldSpec(requests=120, doctors=20, days=5, seed=3))
    hasty = match(dataset, limits=Limits(seconds=0.0))
    patient = match(dataset, limits=Limits(seconds=60.0))
    assert hasty.certificate.stopped == "time_limit"
    assert not hasty.certificate.is_proven
    for quick, best in zip(hasty.certificate.levels, patient.certificate.levels, strict=True):
        assert quick.bound <= quick.value
        if best.status == "proven":
            assert quick.bound <= best.value or quick.status == "open"


def test_cancelling_returns_the_best_so_far() -> None:
    """Asked to stop at the first sign of progress, a match answers within a second."""
    cancel = Cancel()
    dataset = generate_world(WorldSpec(requests=400, doctors=40, days=10, seed=2))
    asked: list[float] = []

    def stop(_progress: Any) -> None:
        if not cancel.is_set():
            asked.append(time.monotonic())
            cancel.set()

    result = match(dataset, limits=Limits(seconds=60.0), cancel=cancel, on_progress=stop)
    assert result.certificate.stopped == "cancelled"
    assert time.monotonic() - asked[0] < 15.0  # where the machine has other work


def test_progress_tells_values_and_bounds() -> None:
    """Incumbent and bound of every level are told, the bound never above the incumbent."""
    told: list[Any] = []
    dataset = generate_world(WorldSpec(requests=80, doctors=15, days=5, seed=5))
    result = match(dataset, limits=Limits(seconds=20.0), on_progress=told.append)
    assert told
    assert all((progress.bounds <= progress.values).all() for progress in told)
    assert told[-1].values.tolist() == [level.value for level in result.certificate.levels]


def test_request_that_nobody_can_serve_is_an_outcome() -> None:
    """No doctor of the specialty: unplaced, with the reason and the rule, and no error."""
    clinic = Clinic().role("role", specialties=("208000000X",)).session()
    clinic.request("ann", specialty="207K00000X").request("bob")
    result = match(clinic.dataset(), limits=FAST)
    row = next(iter(plan_rows(result)))
    assert (row.state, row.reason, row.ruled_out_by) == ("unplaced", "no_candidate", "specialty")
    assert result.certificate.is_proven


def test_crowded_out_is_told_from_no_candidate() -> None:
    """Two requests for one cell: one is placed, the other crowded out."""
    clinic = Clinic().session("09:00", "09:15").request("ann").request("bob")
    result = match(clinic.dataset(), limits=FAST)
    assert result.num_crowded_out == 1
    assert result.num_no_candidate == 0


def test_dataset_without_requests_gives_an_empty_plan() -> None:
    """Nothing to place is placed, and proven."""
    result = match(Clinic().session().dataset(), limits=FAST)
    assert list(plan_rows(result)) == []
    assert result.certificate.is_proven


def test_unknown_urgency_is_refused() -> None:
    """A class that the policy does not have cannot be ranked."""
    clinic = Clinic().session().request("ann", urgency="whenever")
    with pytest.raises(PolicyError, match="whenever"):
        match(clinic.dataset(), limits=FAST)


def test_a_wrong_value_from_the_solver_never_leaves_the_engine(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A solver that miscounts is caught by the judges."""
    true_solve = match_module.solve

    def lying(*args: Any, **more: Any) -> Any:
        solved = true_solve(*args, **more)
        return replace(solved, values=solved.values + np.eye(6, dtype=np.int64)[5])

    monkeypatch.setattr(match_module, "solve", lying)
    with pytest.raises(VerificationError, match="the judges"):
        match(Clinic().session().request("ann").dataset(), limits=FAST)


def test_an_overlapping_answer_never_leaves_the_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    """A solver that puts two visits into one cell is caught by the judges."""
    true_solve = match_module.solve

    def lying(*args: Any, **more: Any) -> Any:
        solved = true_solve(*args, **more)
        taken = solved.taken.where(np.arange(len(solved.taken)))
        for name in ("start", "end", "first_cell"):
            getattr(taken, name)[:] = getattr(taken, name)[0]
        return replace(solved, taken=taken)

    monkeypatch.setattr(match_module, "solve", lying)
    with pytest.raises(VerificationError, match="slot_capacity"):
        match(Clinic().session().request("ann").request("bob").dataset(), limits=FAST)
