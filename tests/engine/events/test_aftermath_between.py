"""Two datasets compared: whose place is not there any more."""

from __future__ import annotations

from dataclasses import replace

import pytest
from clinic import Clinic, at

from engine.checks import check_dataset
from engine.domain import Dataset, InsurancePlan
from engine.events.aftermath import Aftermath, aftermath_between
from engine.policy import Policy

POLICY = Policy.default()


@pytest.fixture
def morning() -> Clinic:
    """A session from 9:00 to 12:00 with visits at 9:00, 10:00 and 11:00."""
    clinic = Clinic().session("09:00", "12:00", id="s")
    for name, start, end in (
        ("a", "09:00", "09:15"),
        ("b", "10:00", "10:15"),
        ("c", "11:00", "11:15"),
    ):
        clinic.request(name).appointment(start, end, request=name, id=name)
    return clinic


def between(before: Dataset, after: Dataset) -> Aftermath:
    """What became of it; the world that comes out is a dataset without errors."""
    found = aftermath_between(before, after, POLICY)
    assert check_dataset(found.dataset).num_errors == 0
    return found


def forced(found: Aftermath) -> list[tuple[str, str, str]]:
    """Who is forced, why, and by what."""
    return [(row.appointment_id, row.reason, row.detail) for row in found.forced]


def test_nothing_happened(morning: Clinic) -> None:
    """Nobody is forced, nobody collides."""
    dataset = morning.dataset()
    assert between(dataset, dataset) == Aftermath(dataset, (), (), ())


def test_session_gone_or_too_short(morning: Clinic) -> None:
    """Who reaches behind the end of what is left is forced; who ends with it is not."""
    before = morning.dataset()
    morning.sessions = []
    gone = between(before, morning.dataset())
    assert forced(gone) == [(name, "no_session", "s") for name in "abc"]
    for end, who in (("11:15", []), ("11:10", [("c", "no_session", "s")])):
        morning.sessions = []
        morning.session("09:00", end, id="s", cell_minutes=5)
        assert forced(between(before, morning.dataset())) == who


def test_session_without_seats_is_no_session(morning: Clinic) -> None:
    """A capacity of 0 closes it."""
    before = morning.dataset()
    after = replace(before, sessions=(replace(before.sessions[0], capacity=0),))
    assert forced(between(before, after)) == [(name, "no_session", "s") for name in "abc"]


def test_second_block_in_the_same_place_is_new() -> None:
    """Of two seats one was blocked; a block more leaves the patient none, under whatever ids."""
    clinic = Clinic().session("09:00", "12:00", id="s", capacity=2)
    clinic.request("a").appointment("09:00", "09:15", request="a", id="a")
    clinic.appointment("09:00", "09:15", id="lunch")
    before = clinic.dataset()
    old = before.appointments[1]
    for ids, culprits in ((("x",), []), (("x", "y"), ["y"]), (("more", "lunch"), ["more"])):
        blocks = tuple(replace(old, id=name) for name in ids)
        after = replace(before, appointments=(before.appointments[0], *blocks))
        assert forced(between(before, after)) == [("a", "taken", name) for name in culprits]


def test_session_under_another_name_is_the_same_place(morning: Clinic) -> None:
    """Places are compared, not ids."""
    before = morning.dataset()
    after = replace(before, sessions=(replace(before.sessions[0], id="another"),))
    assert forced(between(before, after)) == []


def test_new_block_takes_a_place(morning: Clinic) -> None:
    """With one seat, who is there is forced; a block that was there before does nothing."""
    morning.appointment("09:00", "09:15", id="old")
    before = morning.dataset()
    morning.appointment("10:00", "10:15", id="new")
    found = between(before, morning.dataset())
    assert forced(found) == [("b", "taken", "new")]
    assert [row.rule for row in found.prior] == ["slot_capacity"]


def test_missing_appointment_is_put_back(morning: Clinic) -> None:
    """Its request is still there and holds nothing; who moved or cancelled is not forced."""
    before = morning.dataset()
    a, b, _ = before.appointments
    after = replace(
        before,
        requests=before.requests[:2],
        appointments=(replace(b, start=at("11:30"), end=at("11:45")),),
    )
    found = between(before, after)
    assert forced(found) == [("a", "missing", "")]
    assert a in found.dataset.appointments
    assert [row.start for row in found.dataset.appointments] == [at("11:30"), at("09:00")]


def test_missing_appointment_brings_its_role_back(morning: Clinic) -> None:
    """A doctor who left is still who the patient was told of."""
    before = morning.dataset()
    morning.doctor("left").role("left", doctor_id="left").location("hill")
    morning.roles[-1] = replace(morning.roles[-1], location_id="hill")
    morning.request("d").appointment("15:00", "15:15", request="d", id="d", role_id="left")
    with_four = morning.dataset()
    after = replace(before, requests=with_four.requests, patients=with_four.patients)
    found = between(with_four, after)
    assert forced(found) == [("d", "missing", "")]
    assert {row.id for row in found.dataset.doctors} == {"dr", "left"}
    assert {row.id for row in found.dataset.locations} == {"office", "hill"}


def test_newly_refused_is_forced_and_rules_for_new_places_are_not_asked(morning: Clinic) -> None:
    """The network is gone: forced. The role takes nobody new, and needs a week's notice: no."""
    morning.plans = [InsurancePlan(id="P", networks=("N",))]
    morning.patient("a", insurance_plan_id="P")
    morning.role("role", networks=("N",), accepts_self_pay=True)
    before = morning.dataset()
    morning.role("role", networks=("N",), accepts_self_pay=True, accepts_new="none")
    morning.roles[-1] = replace(morning.roles[-1], min_notice_minutes=10_080)
    assert forced(between(before, morning.dataset())) == []
    morning.role("role", networks=("M",), accepts_self_pay=True)
    assert forced(between(before, morning.dataset())) == [("a", "refused", "network")]


def test_new_collision_is_contested_and_an_old_one_is_not(morning: Clinic) -> None:
    """Somebody was booked over c; a and its double were there before."""
    morning.request("a2").appointment("09:00", "09:15", request="a2", id="a2")
    before = morning.dataset()
    morning.request("c2").appointment("11:00", "11:15", request="c2", id="c2")
    found = between(before, morning.dataset())
    assert [row.appointment_ids for row in found.clusters] == [("c", "c2")]
    assert [row.where for row in found.prior] == ["s at 2026-03-02T09:00:00-05:00"]


def test_capacity_that_shrinks_is_contested() -> None:
    """Three of three seats, then two."""
    clinic = Clinic().session(id="s", capacity=3)
    for name in "abc":
        clinic.request(name).appointment("09:00", "09:15", request=name, id=name)
    before = clinic.dataset()
    after = replace(before, sessions=(replace(before.sessions[0], capacity=2),))
    found = between(before, after)
    assert [row.appointment_ids for row in found.clusters] == [("a", "b", "c")]
    assert found.forced == ()


def test_who_is_over_or_lapsed_by_now_is_not_judged(morning: Clinic) -> None:
    """At 10:05, a has been, and the hold on c has run out."""
    morning.appointments[2] = replace(
        morning.appointments[2], status="held", held_until=at("09:30")
    )
    before = morning.dataset()
    after = replace(before, header=replace(before.header, as_of=at("10:05")), sessions=())
    assert forced(between(before, after)) == [("b", "no_session", "s")]


def test_horizon_may_begin_elsewhere(morning: Clinic) -> None:
    """Collisions are compared as instants, whatever each dataset counts from."""
    morning.request("a2").appointment("09:00", "09:15", request="a2", id="a2")
    before = morning.dataset()
    horizon = replace(before.header.horizon, start=at("06:00", -1))
    after = replace(before, header=replace(before.header, horizon=horizon))
    assert between(before, after).clusters == ()


def test_seat_of_a_day_follows_its_session() -> None:
    """Shortened, it is a seat of what is left; gone, it is gone."""
    clinic = Clinic().session("08:00", "17:00", id="day", kind="day", cell_minutes=None, capacity=2)
    clinic.request("a").appointment("08:00", "17:00", request="a", id="a")
    before = clinic.dataset()
    after = replace(before, sessions=(replace(before.sessions[0], end=at("12:00")),))
    found = between(before, after)
    assert forced(found) == []
    assert found.dataset.appointments[0].end == at("12:00")
    assert forced(between(before, replace(before, sessions=()))) == [("a", "no_session", "day")]


def test_collision_that_has_grown_is_new() -> None:
    """Three of two seats were one too many; of one seat they are two too many."""
    clinic = Clinic().session(id="s", capacity=2)
    for name in "abc":
        clinic.request(name).appointment("09:00", "09:15", request=name, id=name)
    before = clinic.dataset()
    after = replace(before, sessions=(replace(before.sessions[0], capacity=1),))
    assert between(before, before).clusters == ()
    assert [row.appointment_ids for row in between(before, after).clusters] == [("a", "b", "c")]
