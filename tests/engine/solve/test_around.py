"""Places around cells: caps that fields keep, and what a seat of a day costs who is left out."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from clinic import Clinic, at
from fields import always, by_cpsat, few, single, uncoupled

from engine.domain import DailyCap, Dataset
from engine.policy import Policy
from engine.snapshot import take_snapshot
from engine.solve.around import Around
from engine.solve.fields import solve_fields, stand_together
from engine.solve.problem import Problem


def with_caps() -> Policy:
    """The room of cells and daily caps, nothing else."""
    return uncoupled("daily_cap")


def capped(dataset: Dataset, *caps: DailyCap) -> Dataset:
    """Every role has these caps."""
    return replace(dataset, roles=tuple(replace(r, daily_caps=caps) for r in dataset.roles))


BY_DOCTOR = DailyCap(limit=2, per="doctor")
BY_ROLE = DailyCap(limit=1, per="role")


@pytest.mark.parametrize("caps", [(BY_DOCTOR,), (BY_ROLE, BY_DOCTOR)])
@pytest.mark.parametrize("tightness", ["tight", "loose"])
def test_fields_keep_caps_with_few_candidates_listed(
    tightness: str, caps: tuple[DailyCap, ...]
) -> None:
    """Caps of doctors, and of roles within them, break the assignment; the network grows to the
    values of CP-SAT, and the fields are the answer.
    """
    dataset, policy = capped(single(tightness, 1, 40), *caps), with_caps()
    problem = few(dataset, policy)
    found = solve_fields(problem, 1, always)
    assert sum(len(field.requests) for field in found) == len(problem.requests)
    assert stand_together(problem, found)
    values = tuple(np.sum([field.values for field in found], axis=0).tolist())
    assert values == by_cpsat(dataset, policy)
    assert values > by_cpsat(dataset, uncoupled())


def test_a_seat_of_a_cell_that_nobody_lists_costs_what_its_day_costs() -> None:
    """Two cells lie in a day, one beside it; of those without listed candidates, each has the
    price of what is around it alone.
    """
    own = Around(np.array([1]), np.array([1]), np.array([0, 0, 1, 1]))
    listed = np.array([0, 2])
    assert own.prices(listed, np.array([7, 2, 5])).tolist() == [7, 5, 2, 0]
    assert own.prices(listed, np.array([7, 2])).tolist() == [7, 0, 2, 0]


def around(clinic: Clinic) -> Around:
    """What lies around the cells of a clinic."""
    return Around.of(clinic.snapshot(), with_caps())


def test_a_cap_of_one_type_holds_cells_that_take_no_other() -> None:
    """Of two sessions with a cap on checks, one takes checks alone: its cells are in the cap."""
    clinic = Clinic().role("role", daily_caps=(DailyCap(limit=1, visit_type_id="check"),))
    clinic.visit_type("check").visit_type("talk").request("ann", visit_type_id="check")
    clinic.session("09:00", "09:30", visit_type_ids=("check",))
    clinic.session("10:00", "10:30", visit_type_ids=("check", "talk"))
    found = around(clinic)
    assert found.seats.tolist() == [1]
    assert found.of_cell.tolist() == [0, 0, 1, 1]


def test_a_cell_that_reaches_into_the_next_day_is_in_no_cap() -> None:
    """A visit there may begin on either day, and count for another day's cap."""
    clinic = Clinic().role("role", daily_caps=(DailyCap(limit=1),)).request("ann")
    clinic.session("23:30", "23:45")
    clinic.sessions.append(
        replace(clinic.sessions[0], id="late", start=at("23:55"), end=at("00:10", 1))
    )
    found = around(clinic)
    assert found.of_cell.tolist() == [0, len(found.seats)]


def test_what_appointments_take_of_a_day_is_gone() -> None:
    """Of a cap of three, with two visits that day, one seat is left."""
    clinic = Clinic().role("role", daily_caps=(DailyCap(limit=3),)).session("09:00", "10:00")
    for name, start, end in (("bob", "09:00", "09:15"), ("cho", "09:15", "09:30")):
        clinic.request(name).appointment(start, end, request=name)
    assert around(clinic.request("ann")).seats.tolist() == [1]


def test_caps_that_cross_are_left_to_the_matrix() -> None:
    """The doctor's checks over two roles, and all visits of one: neither holds the other."""
    clinic = Clinic().visit_type("check").visit_type("talk").request("ann", visit_type_id="check")
    checks = DailyCap(limit=2, visit_type_id="check", per="doctor")
    clinic.role("role", daily_caps=(checks, DailyCap(limit=3))).role("second")
    clinic.session("09:00", "09:30", visit_type_ids=("check",)).session("10:00", "10:30")
    clinic.session("11:00", "11:30", role_id="second", visit_type_ids=("check",))
    assert around(clinic).seats.tolist() == []
    clinic.role("role", daily_caps=(checks,))
    assert around(clinic).of_cell.tolist() == [0, 0, 1, 1, 0, 0]


def test_who_may_keep_a_place_is_bound_by_no_cap() -> None:
    """In a repair a told place stays whatever the cap says now, so there is nothing around."""
    dataset = capped(single("tight", 1, 20), BY_DOCTOR)
    problem = few(dataset, with_caps())
    assert len(problem.around.seats)
    kept = Problem(
        take_snapshot(dataset), with_caps(), kept=problem.listed.candidates.where(np.arange(1))
    )
    assert len(kept.around.seats) == 0
