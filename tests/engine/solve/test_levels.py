"""Bounds speak of plans no worse above: where a plan gets worse there, they are dropped."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
from brute_force import optimum
from clinic import Clinic
from matrices import two_with_one_place

from engine.domain import Dataset, DoctorTerm, DoctorWish, Wishes
from engine.errors import SolverDisagreementError
from engine.match import match
from engine.solve.bounds import carried_bounds, first_rise
from engine.solve.levels import look_again
from engine.solve.limits import Limits
from engine.solve.solution import Solution

STARTS = ("09:00", "11:24", "13:48", "16:12")
ENDS = ("09:15", "11:39", "14:03", "16:27")


def late_or_alone(price: float, order: tuple[int, ...]) -> Dataset:
    """Ann is on time on Monday with a doctor she does not wish, or late on Wednesday with the
    one she does; Bob has Monday or nothing. The first plan found places Ann on Monday, the
    best one both: one person more, and two days late.
    """
    clinic = Clinic().doctor("other").role("other", doctor_id="other")
    clinic.session("09:00", "09:15", id="mon")
    for number in order:
        clinic.session(STARTS[number], ENDS[number], 2, f"wed{number}", role_id="other")
    wish = Wishes(doctors=(DoctorWish(doctor_id="other"),))
    clinic.request("ann", urgency="emergent", wishes=wish)
    clinic.request(
        "bob",
        wishes=Wishes(doctors=(DoctorWish(doctor_id="dr"),)),
        insists_on=("doctors",),
        doctor_terms=(DoctorTerm(doctor_id="dr", days=price),),
    )
    return clinic.dataset()


@pytest.mark.parametrize("price", [0.0, 2.325])
@pytest.mark.parametrize("order", [(0,), *list(permutations(range(4)))[::7]])
def test_bounds_of_a_plan_left_behind_prove_nothing(price: float, order: tuple[int, ...]) -> None:
    """What is proven is what brute force finds, though levels in between got worse."""
    dataset = late_or_alone(price, order)
    certificate = match(dataset, limits=Limits(deterministic=True)).certificate
    assert certificate.is_proven
    assert tuple(level.value for level in certificate.levels) == optimum(dataset)


def test_bounds_are_kept_down_to_the_first_level_that_rose() -> None:
    """Better at level 0 and worse at level 2: bounds of levels 0 to 2 stay, that of 3 goes."""
    old = Solution(np.zeros(0, bool), np.array([5, 4, 3, 9]), np.array([4, 4, 2, 9]), "cpsat")
    values, simple = np.array([4, 4, 6, 5]), np.array([0, 1, 1, 1])
    assert first_rise(old.values, values) == 2
    assert carried_bounds(old, values, simple).tolist() == [4, 4, 2, 1]


def test_a_second_look_that_beats_its_bounds_is_no_answer() -> None:
    """Twice seven is said to be proven, and eight are enough: one of the two is wrong."""
    matrix = two_with_one_place(1)
    plan = np.zeros(matrix.num_columns, np.bool_)
    plan[[0, 2]] = True
    values = matrix.values(plan)
    with pytest.raises(SolverDisagreementError):
        look_again(matrix, Solution(plan, values, values, "linear"))


def test_a_second_look_keeps_the_bounds_of_what_it_betters() -> None:
    """One of two goes where it is cheaper, the other could as well; the bound of both holds."""
    matrix = two_with_one_place(1)
    plan = np.zeros(matrix.num_columns, np.bool_)
    plan[[0, 2]] = True
    found = look_again(matrix, Solution(plan, matrix.values(plan), np.array([0, 8]), "linear"))
    assert (found.values.tolist(), found.bounds.tolist()) == ([0, 9], [0, 8])
