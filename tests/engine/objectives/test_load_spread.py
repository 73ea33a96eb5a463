"""Work spread over the doctors."""

from __future__ import annotations

import numpy as np
from clinic import Clinic

from engine.match import match
from engine.policy import DEFAULT_RULES, Policy
from engine.result import Result
from engine.solve.limits import Limits

FAST = Limits(deterministic=True)
SPREAD = Policy.default().without("wait").replace("load_spread", steps_per_doctor=4)


def two_doctors(requests: int) -> Clinic:
    """Two doctors with four cells each, at the same hours; nobody minds whom they see."""
    clinic = Clinic().doctor("other").role("other", doctor_id="other")
    clinic.session(id="a").session(id="b", role_id="other")
    for number in range(requests):
        clinic.request(f"r{number}")
    return clinic


def visits_of(result: Result) -> list[int]:
    """Number of visits of each doctor."""
    role = result.plan.role[result.plan.is_placed]
    doctor = result.snapshot.roles.doctor[role]
    return np.bincount(doctor, minlength=2).tolist()


def load(result: Result) -> int:
    """Value of the level."""
    return next(level.value for level in result.certificate.levels if level.name == "load")


def test_off_by_default() -> None:
    """Nobody asked for it."""
    assert "load_spread" not in DEFAULT_RULES
    assert "load" not in Policy.default().levels


def test_visits_go_where_less_is_taken() -> None:
    """Four visits, two each: steps 1 + 2 and 1 + 2; all with one would be 1 + 2 + 3 + 4."""
    result = match(two_doctors(4).dataset(), SPREAD, FAST)
    assert visits_of(result) == [2, 2]
    assert load(result) == 6
    assert result.certificate.is_proven


def test_appointments_count_as_load() -> None:
    """One doctor is half taken by a block: three visits go to the other, or to make it even."""
    clinic = two_doctors(2).appointment("09:00", "09:30")
    result = match(clinic.dataset(), SPREAD, FAST)
    assert visits_of(result) == [0, 2]
    assert load(result) == 3


def test_full_doctors_restrict_nothing() -> None:
    """Eight visits for eight cells are placed, whatever they cost; nine leave one out."""
    assert load(match(two_doctors(8).dataset(), SPREAD, FAST)) == 20
    assert match(two_doctors(9).dataset(), SPREAD, FAST).plan.is_placed.sum() == 8


def test_levels_above_come_first() -> None:
    """With waiting priced, the visits are as early as can be, however they are spread."""
    policy = Policy.default().replace("load_spread", steps_per_doctor=4)
    clinic = two_doctors(3)
    clinic.sessions[1] = clinic.sessions[1].__class__(
        id="b",
        role_id="other",
        start=clinic.sessions[0].start.replace(day=3),
        end=clinic.sessions[0].end.replace(day=3),
        cell_minutes=15,
    )
    assert visits_of(match(clinic.dataset(), policy, FAST)) == [3, 0]
