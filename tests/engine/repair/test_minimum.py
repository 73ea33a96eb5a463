"""How many must lose a place that several were told."""

from __future__ import annotations

import pytest
from clinic import Clinic
from told import ANYBODY

from engine.events.aftermath import aftermath_of
from engine.events.events import DoubleBookings
from engine.repair.minimum import Minimum, minimum_displaced
from engine.repair.movable import Movable
from engine.repair.repair import repair
from engine.snapshot import take_snapshot
from engine.solve.limits import Cancel, Clock, Limits


@pytest.fixture
def chain() -> Clinic:
    """Five visits of half an hour, a quarter of an hour apart."""
    clinic = Clinic().visit_type("visit", minutes=30).session("09:00", "12:00")
    for name, start, end in (
        ("a", "09:00", "09:30"),
        ("b", "09:15", "09:45"),
        ("c", "09:30", "10:00"),
        ("d", "09:45", "10:15"),
        ("e", "10:00", "10:30"),
    ):
        clinic.request(name).appointment(start, end, request=name)
    return clinic


def minimum(clinic: Clinic, limits: Limits, cancel: Cancel | None = None) -> Minimum:
    """What is found within limits."""
    aftermath = aftermath_of(clinic.dataset(), [DoubleBookings()], ANYBODY)
    after = take_snapshot(aftermath.dataset)
    movable = Movable.of(aftermath, after, ANYBODY)
    return minimum_displaced(after, movable, ANYBODY, limits, Clock(limits, cancel or Cancel()))


@pytest.mark.parametrize("limits", [Limits(), Limits(deterministic=True)])
def test_every_second_of_a_chain_goes(chain: Clinic, limits: Limits) -> None:
    """Of five, two."""
    found = minimum(chain, limits)
    assert (found.people, found.is_proven, found.keeps.request.tolist()) == (2, True, [0, 2, 4])


def test_nobody_contests(chain: Clinic) -> None:
    """One visit after the other: nobody goes, and no time is needed to know."""
    chain.appointments = chain.appointments[::2]
    found = minimum(chain, Limits(seconds=0.0))
    assert (found.people, found.is_proven, len(found.keeps)) == (0, True, 0)


def test_without_time_nothing_is_claimed(chain: Clinic, monkeypatch: pytest.MonkeyPatch) -> None:
    """So many are enough; that fewer are not is not said, and no plan is called proven."""
    monkeypatch.setattr("engine.solve.solution.optimal_arcs", lambda _: None)
    found = minimum(chain, Limits(seconds=0.0))
    assert found.people >= 2
    assert not found.is_proven
    assert len(found.keeps) == 5 - found.people
    cancel = Cancel()
    cancel.set()
    answer = repair(chain.dataset(), [DoubleBookings()], ANYBODY, limits=Limits(), cancel=cancel)
    assert not answer.is_proven
    assert not any(point.is_proven for point in answer.points)
