"""Linked visits all together or not at all."""

from __future__ import annotations

from clinic import Clinic, judged

from engine.match import match
from engine.plan import LINKED
from engine.solve.limits import Limits

FAST = Limits(deterministic=True)


def pair(cells: int, *, together: bool = True) -> Clinic:
    """Ann and Bob belong together; there are so many cells of 15 minutes."""
    clinic = Clinic().session("09:00", f"09:{15 * cells:02d}", id="s")
    return clinic.request("ann").request("bob").link("ann", "bob", all_or_none=together)


def test_both_or_none_holds_one_does_not() -> None:
    """A plan with one of the two breaks the rule; without the wish it does not."""
    assert judged(pair(2), {"ann": ("s", "09:00"), "bob": ("s", "09:15")}) == set()
    assert judged(pair(2), {}) == set()
    assert judged(pair(2), {"ann": ("s", "09:00")}) == {"linked_all_or_none"}
    assert judged(pair(2, together=False), {"ann": ("s", "09:00")}) == set()


def test_solver_places_both_or_leaves_both() -> None:
    """One cell is no use for two; proven either way."""
    for clinic, placed in ((pair(1), 0), (pair(2), 2), (pair(1, together=False), 1)):
        result = match(clinic.dataset(), limits=FAST)
        assert result.plan.is_placed.sum() == placed
        assert result.certificate.is_proven


def test_three_round_the_circle() -> None:
    """Three of three, or none: two cells leave all of them."""
    for cells, placed in ((2, 0), (3, 3)):
        clinic = Clinic().session("09:00", f"09:{15 * cells:02d}", id="s")
        clinic.request("ann").request("bob").request("cleo")
        clinic.link("ann", "bob", "cleo", all_or_none=True)
        assert match(clinic.dataset(), limits=FAST).plan.is_placed.sum() == placed


def test_two_cells_go_to_the_pair_rather_than_to_one_stranger() -> None:
    """Placing both is worth more than one of them and nobody else."""
    result = match(pair(2).request("zoe").dataset(), limits=FAST)
    assert result.plan.is_placed.sum() == 2
    assert result.certificate.is_proven


def test_who_holds_an_appointment_stands_already() -> None:
    """Ann is seen whatever happens; Bob may join her or not."""
    full = pair(1).appointment("09:00", "09:15", request="ann")
    assert match(full.dataset(), limits=FAST).certificate.is_proven
    room = pair(2).appointment("09:00", "09:15", request="ann")
    assert match(room.dataset(), limits=FAST).plan.is_placed.sum() == 1


def test_reason_names_the_link_where_another_has_no_candidate() -> None:
    """Bob has no candidate at all: Ann is not crowded out, she is bound to him."""
    clinic = pair(2)
    clinic.requests[1] = clinic.requests[1].__class__(
        id="bob", patient_id="bob", visit_type_id="visit", created=clinic.as_of, specialty="none"
    )
    result = match(clinic.dataset(), limits=FAST)
    assert not result.plan.is_placed.any()
    assert result.plan.reason[result.snapshot.index.requests["ann"]] == LINKED
