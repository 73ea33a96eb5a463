"""Whom a repair can reach: how far chains of people go."""

from __future__ import annotations

import numpy as np
from clinic import Clinic, at
from told import ANYBODY

from engine.events.events import DoubleBookings, SessionClosed
from engine.repair.extent import Extent
from engine.repair.reach import Reach
from engine.repair.repair import repair
from engine.solve.limits import Limits

FAST = Limits(deterministic=True, workers=1)


def chain(second: str) -> Clinic:
    """Fay loses her place and fits in at Ann's alone; Ann would go where ``second`` is."""
    clinic = Clinic().doctor("d2").doctor("d3")
    clinic.role("role", specialties=("S", "F")).role("q3", doctor_id="d3", specialties=("F",))
    clinic.role("q2", doctor_id="d2", specialties=("T", "S"))
    clinic.session("09:00", "09:15", id="s").session("09:00", "09:15", id="lost", role_id="q3")
    clinic.session("10:00", "10:15", id="t", role_id="q2")
    clinic.session("11:00", "11:15", id="free", role_id="q2")
    clinic.request("a", "ann", specialty="S", latest=at("10:15"))
    clinic.request("b", second, specialty="T").request("f", specialty="F", latest=at("09:15"))
    clinic.appointment("09:00", "09:15", request="a")
    clinic.appointment("10:00", "10:15", request="b", role_id="q2")
    return clinic.appointment("09:00", "09:15", request="f", role_id="q3")


def reached(clinic: Clinic, depth: int, contested: tuple[str, ...] = ()) -> set[str]:
    """Requests that chains from Fay reach, of Ann and of Bob."""
    snapshot = clinic.snapshot()
    index, published = snapshot.index.requests, snapshot.published
    bystanders = np.sort(published.of_request[[index["a"], index["b"]]])
    must = np.array([index["f"], *(index[name] for name in contested)])
    found = Reach(snapshot, ANYBODY, bystanders).within(must, depth, must[1:])
    return {snapshot.requests.ids[r] for r in published.request[found].tolist()}


def test_each_step_reaches_one_person_further() -> None:
    """Nobody, Ann, and with her Bob."""
    assert reached(chain("bob"), 0) == set()
    assert reached(chain("bob"), 1) == {"a"}
    assert reached(chain("bob"), 2) == {"a", "b"}


def test_all_visits_of_a_person_are_one_step() -> None:
    """Both are Ann's: whoever displaces her once may displace her twice."""
    assert reached(chain("ann"), 1) == {"a", "b"}


def test_people_who_contest_a_place_cost_no_step() -> None:
    """Ann contests another place: her visits may be moved from the start."""
    clinic = chain("bob").request("c", "ann").session("14:00", "14:15", id="u")
    clinic.appointment("14:00", "14:15", request="c")
    assert reached(clinic, 0, contested=("c",)) == {"a"}


def points(clinic: Clinic, most: int, *events: object) -> list[tuple[int, int]]:
    """People displaced, and people left without a place, of every point; all are proven."""
    found = repair(clinic.dataset(), events, ANYBODY, Extent(max_additional=most), FAST)  # type: ignore[arg-type]
    assert all(point.is_proven for point in found.points)
    return [(point.additional, sum(point.unplaced)) for point in found.points]


def test_one_person_twice_is_one_person_displaced() -> None:
    """One may be displaced, and has two visits to be moved: Fay gets a place. If they are two
    people, two must be allowed.
    """
    lost = SessionClosed(session_id="lost")
    assert points(chain("ann"), 0, lost) == [(0, 1)]
    assert points(chain("ann"), 1, lost) == [(0, 1), (1, 0)]
    assert points(chain("bob"), 1, lost) == [(0, 1)]
    assert points(chain("bob"), 2, lost) == [(0, 1), (2, 0)]


def test_who_must_lose_a_place_may_be_moved_elsewhere_too() -> None:
    """Ann or Bob must go from nine o'clock; if it is Ann, her other visit can make room for Fay,
    and nobody else is displaced.
    """
    clinic = Clinic().doctor("d2").doctor("d3")
    clinic.role("q2", doctor_id="d2", specialties=("S",))
    clinic.role("q3", doctor_id="d3", specialties=("S",))
    clinic.session("09:00", "09:15").session("15:00", "15:15")
    clinic.session("12:00", "12:30", role_id="q2")
    clinic.session("09:00", "09:15", id="lost", role_id="q3")
    for name in ("ann", "bob"):
        clinic.request(name).appointment("09:00", "09:15", request=name)
    clinic.request("o", "ann", specialty="S")
    clinic.appointment("12:00", "12:15", request="o", role_id="q2")
    clinic.request("f", specialty="S", latest=at("12:15"))
    clinic.appointment("09:00", "09:15", request="f", role_id="q3")
    assert points(clinic, 0, DoubleBookings(), SessionClosed(session_id="lost")) == [(0, 0)]
