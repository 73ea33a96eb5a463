"""Linked visits one after the other."""

from __future__ import annotations

from typing import Any

import pytest
from clinic import Clinic, judged, starts

from engine.match import match
from engine.solve.limits import Limits

FAST = Limits(deterministic=True)


def scan_and_talk(**link: Any) -> Clinic:
    """A scan and a talk, with a doctor each, all week long."""
    clinic = Clinic().doctor("other").role("other", doctor_id="other")
    clinic.visit_type("scan", minutes=15).visit_type("talk", minutes=15)
    for day in range(4):
        clinic.session("09:00", "10:00", day, f"scan{day}", visit_type_ids=("scan",))
        clinic.session("09:00", "10:00", day, f"talk{day}", role_id="other")
    clinic.request("scan", "ann", visit_type_id="scan")
    clinic.request("talk", "ann", visit_type_id="talk")
    return clinic.link("scan", "talk", **link)


@pytest.mark.parametrize(
    ("link", "scan", "talk", "holds"),
    [
        ({"ordered": True}, "09:00", "09:15", True),
        ({"ordered": True}, "09:30", "09:15", False),
        ({"ordered": True, "min_gap_minutes": 30}, "09:00", "09:45", True),
        ({"ordered": True, "min_gap_minutes": 31}, "09:00", "09:45", False),
        ({"min_gap_minutes": 30}, "09:45", "09:00", True),
        ({"min_gap_minutes": 31}, "09:45", "09:00", False),
        ({"max_gap_minutes": 30}, "09:45", "09:00", True),
    ],
)
def test_minutes_between(link: dict[str, Any], scan: str, talk: str, *, holds: bool) -> None:
    """Just long enough, and a minute too short; in order and in any order."""
    broken = judged(scan_and_talk(**link), {"scan": ("scan0", scan), "talk": ("talk0", talk)})
    assert broken == (set() if holds else {"linked_order"})


@pytest.mark.parametrize(
    ("link", "scan", "talk", "holds"),
    [
        ({"ordered": True, "min_gap_days": 2}, 0, 2, True),
        ({"ordered": True, "min_gap_days": 2}, 0, 1, False),
        ({"ordered": True, "min_gap_days": 2}, 2, 0, False),
        ({"min_gap_days": 2}, 2, 0, True),
        ({"min_gap_days": 2}, 1, 0, False),
    ],
)
def test_days_between(link: dict[str, Any], scan: int, talk: int, *, holds: bool) -> None:
    """Local days count, whatever the hour."""
    places = {"scan": (f"scan{scan}", "09:45"), "talk": (f"talk{talk}", "09:00")}
    assert judged(scan_and_talk(**link), places) == (set() if holds else {"linked_order"})


def test_day_session_knows_days_alone() -> None:
    """A seat on Tuesday may follow a scan on Tuesday, and no talk on Monday follows it."""
    clinic = scan_and_talk(ordered=True)
    clinic.session("08:00", "20:00", 1, "d", kind="day", cell_minutes=None, role_id="other")
    assert judged(clinic, {"scan": ("scan1", "09:45"), "talk": ("d", "")}) == set()
    assert judged(clinic, {"scan": ("scan2", "09:00"), "talk": ("d", "")}) == {"linked_order"}


def test_one_alone_is_free() -> None:
    """Where one is left unplaced, nothing is asked of the other."""
    assert judged(scan_and_talk(ordered=True), {"talk": ("talk0", "09:00")}) == set()


def test_appointment_settles_what_may_follow() -> None:
    """The scan is booked for 9:30: the talk begins at 9:45 at the earliest."""
    clinic = scan_and_talk(ordered=True).appointment("09:30", "09:45", request="scan")
    assert starts(clinic, "talk")[0] == "talk0 09:45"


def test_third_of_a_list_follows_the_first_though_the_second_is_missing() -> None:
    """Order holds between any two that are placed."""
    clinic = scan_and_talk(ordered=True).request("end", "ann", visit_type_id="talk")
    clinic.links[0] = clinic.links[0].__class__(
        id="l", request_ids=("scan", "talk", "end"), ordered=True
    )
    places = {"scan": ("scan0", "09:45"), "end": ("talk0", "09:00")}
    assert judged(clinic, places) == {"linked_order"}


def test_solver_finds_the_first_pair_that_fits() -> None:
    """Scan on Monday, talk two days later, proven."""
    result = match(scan_and_talk(ordered=True, min_gap_days=2).dataset(), limits=FAST)
    ids = [result.snapshot.sessions.ids[s] for s in result.plan.session.tolist()]
    assert ids == ["scan0", "talk2"]
    assert result.certificate.is_proven


def test_too_long_a_gap_leaves_one_unplaced() -> None:
    """Four days between do not fit into four days: one of the two is placed."""
    result = match(scan_and_talk(ordered=True, min_gap_days=4).dataset(), limits=FAST)
    assert result.plan.is_placed.sum() == 1
    assert result.certificate.is_proven
