"""Chains of single cells: the same frontier as without them, sooner."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest
from clinic import Clinic, at
from repairs import matched

from engine.domain import Dataset, DoctorWish, Wishes
from engine.events.events import DoctorAbsent
from engine.policy import Policy
from engine.repair.chains import Chains
from engine.repair.extent import Extent
from engine.repair.repair import repair
from engine.solve.limits import Limits

LIMITS = Limits(deterministic=True)


def absences(dataset: Dataset, count: int) -> list[DoctorAbsent]:
    """A week without the busiest doctors, one event each."""
    doctor_of = {role.id: role.doctor_id for role in dataset.roles}
    busy = Counter(doctor_of[row.role_id] for row in dataset.appointments)
    start = dataset.header.horizon.start
    return [
        DoctorAbsent(doctor_id=doctor, start=start, end=start + timedelta(days=7))
        for doctor, _ in busy.most_common(count)
        if doctor is not None
    ]


@pytest.mark.parametrize("depth", [None, 1])
def test_chains_find_what_a_search_among_all_finds(
    depth: int | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Values on every level are the same, proven by flow and by what takes anything; also where
    only those may be displaced who are in the way at once.
    """
    dataset = matched("single-tight-150x20x10-s1")
    num_displaced = 0
    for event in absences(dataset, 2):
        found = []
        for uses_chains in (True, False):
            with monkeypatch.context() as patch:
                if not uses_chains:
                    patch.setattr(Chains, "within", lambda *_: None)
                answer = repair(dataset, [event], Policy.default(), Extent(3, depth), LIMITS)
            assert all(point.is_proven for point in answer.points)
            found.append([[level.value for level in p.certificate.levels] for p in answer.points])
            if uses_chains:
                assert {path for p in answer.points for path in p.certificate.paths} == {"flow"}
                num_displaced += answer.points[-1].additional
        assert found[0] == found[1]
    assert num_displaced > 0


def chain_of_three() -> Clinic:
    """Each of three patients insists on two doctors: the one told, and the next."""
    clinic = Clinic()
    for name in ("ann", "ben", "cat", "dan"):
        clinic.doctor(name).role(f"role-{name}", doctor_id=name)
        clinic.session("09:00", "09:15", day=3, role_id=f"role-{name}")
    for name, following in (("ann", "ben"), ("ben", "cat"), ("cat", "dan")):
        wishes = Wishes(doctors=(DoctorWish(doctor_id=name), DoctorWish(doctor_id=following)))
        clinic.request(f"of-{name}", wishes=wishes, insists_on=("doctors",))
        clinic.appointment("09:00", "09:15", 3, f"of-{name}", role_id=f"role-{name}")
    return clinic


def test_only_the_whole_chain_helps() -> None:
    """One more displaced places nobody, two place all; the second is two steps away."""
    clinic = chain_of_three()
    ann_is_out = DoctorAbsent(doctor_id="ann", start=at("00:00", 3), end=at("00:00", 4))
    for most, depth, expected in (
        (0, None, [(0, 1)]),
        (1, None, [(0, 1)]),
        (2, None, [(0, 1), (2, 0)]),
        (5, None, [(0, 1), (2, 0)]),
        (5, 1, [(0, 1)]),
        (5, 2, [(0, 1), (2, 0)]),
    ):
        extent = Extent(max_additional=most, depth=depth)
        answer = repair(clinic.dataset(), [ann_is_out], extent=extent, limits=LIMITS)
        assert [(p.additional, sum(p.unplaced)) for p in answer.points] == expected
        assert all(p.is_proven and p.certificate.paths == {"flow": 1} for p in answer.points)
