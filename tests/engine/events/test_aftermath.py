"""Events and their aftermath: who is forced, who collides, what is left."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC

import pytest
from clinic import Clinic, at

from engine.domain import InsurancePlan, Service
from engine.errors import DisruptionError, PolicyError
from engine.events.aftermath import Aftermath, aftermath_of
from engine.events.events import (
    Disruption,
    DoctorAbsent,
    DoubleBookings,
    LocationClosed,
    PlanLeavesNetwork,
    SessionClosed,
    SessionShortened,
    TakenElsewhere,
    VisitRunsLonger,
    VisitTypeDropped,
)
from engine.policy import Policy

POLICY = Policy.default()


def morning(*clocks: str, **more: object) -> Clinic:
    """A session from 9:00 to 12:00, with a visit of fifteen minutes at each of the times."""
    clinic = Clinic().session("09:00", "12:00", id="s", **more)
    for number, start in enumerate(clocks):
        hour, minute = (int(part) for part in start.split(":"))
        end = f"{hour + (minute + 15) // 60:02d}:{(minute + 15) % 60:02d}"
        clinic.request(f"r{number}").appointment(start, end, request=f"r{number}", id=f"a{number}")
    return clinic


def after(clinic: Clinic, *events: Disruption, policy: Policy = POLICY) -> Aftermath:
    """What the events leave behind."""
    return aftermath_of(clinic.dataset(), events, policy)


def forced(found: Aftermath) -> dict[str, str]:
    """Who is forced, and why."""
    return {row.appointment_id: row.reason for row in found.forced}


def contested(found: Aftermath) -> list[tuple[str, ...]]:
    """Who collides with whom."""
    return [cluster.appointment_ids for cluster in found.clusters]


def sessions(found: Aftermath) -> list[str]:
    """What is left of the sessions: id and clock."""
    return [f"{row.id} {row.start:%H:%M}-{row.end:%H:%M}" for row in found.dataset.sessions]


def absent(start: str, end: str, doctor: str = "dr") -> DoctorAbsent:
    """The doctor is away on Monday."""
    return DoctorAbsent(doctor_id=doctor, start=at(start), end=at(end))


def test_absence_forces_whom_it_touches_and_nobody_else() -> None:
    """What ends as the absence begins, and what begins as it ends, stays."""
    found = after(morning("09:45", "10:00", "10:45", "11:00"), absent("10:00", "11:00"))
    assert forced(found) == {"a1": "no_session", "a2": "no_session"}
    assert {row.detail for row in found.forced} == {"s"}
    assert {row.event for row in found.forced} == {0}
    assert sessions(found) == ["s 09:00-10:00", "s-2 11:00-12:00"]
    assert len(found.dataset.appointments) == 4
    assert (found.clusters, found.prior, found.stuck, found.warnings) == ((), (), (), ())


def test_cells_that_an_absence_touches_are_gone() -> None:
    """Whoever is done before it begins stays all the same."""
    clinic = morning("09:00").request("b")
    clinic.appointment("09:45", "09:50", request="b", id="b")
    found = after(clinic, absent("09:50", "10:20"))
    assert forced(found) == {}
    assert sessions(found) == ["s 09:00-09:45", "s-2 10:30-12:00"]


def test_minutes_after_a_visit_reach_into_an_absence() -> None:
    """The doctor is busy with it until they are over."""
    clinic = morning("09:00", "09:45").visit_type("visit", minutes_after=5)
    assert forced(after(clinic, absent("10:00", "10:15"))) == {"a1": "no_session"}


def test_absence_reaches_every_role_and_what_lies_outside_of_sessions() -> None:
    """Video on the clock of another zone, and a visit after hours."""
    clinic = morning("09:00").video_role(time_zone="America/Los_Angeles")
    clinic.session("13:00", "14:00", id="v", role_id="video")
    clinic.request("b").appointment("13:15", "13:30", request="b", id="b", role_id="video")
    clinic.request("c").appointment("18:00", "18:15", request="c", id="c")
    start, end = at("13:20").astimezone(UTC), at("19:00").astimezone(UTC)
    found = after(clinic, DoctorAbsent(doctor_id="dr", start=start, end=end))
    assert forced(found) == {"b": "no_session", "c": "no_session"}
    assert [row.detail for row in found.forced] == ["v", ""]
    assert sessions(found) == ["s 09:00-12:00", "v 13:00-13:15"]


def test_event_that_touches_nothing_is_a_warning() -> None:
    """An absence in the evening changes nothing."""
    clinic = morning("09:00")
    found = after(clinic, absent("20:00", "21:00"))
    assert [(row.code, row.path) for row in found.warnings] == [("nothing_touched", "/0")]
    assert found.dataset == clinic.dataset()


def test_one_seat_taken_elsewhere_forces_whom_it_overlaps() -> None:
    """A block is added; the neighbours stay."""
    clinic = morning("09:45", "10:00", "10:15")
    event = TakenElsewhere(role_id="role", start=at("10:00"), end=at("10:15"))
    found = after(clinic, event)
    assert forced(found) == {"a1": "taken"}
    block = found.dataset.appointments[-1]
    assert found.forced[0].detail == block.id == "taken-elsewhere"
    assert (block.request_id, block.start, block.end) == (None, at("10:00"), at("10:15"))


@pytest.mark.parametrize(("seats", "collide"), [(4, []), (3, [("a0", "a1", "a2")])])
def test_of_several_seats_one_is_gone(seats: int, collide: list[tuple[str, ...]]) -> None:
    """Three visits fit into three seats of four; three are contested where two are left."""
    clinic = morning("10:00", "10:00", "10:00", "11:00", capacity=seats)
    found = after(clinic, TakenElsewhere(doctor_id="dr", start=at("10:00"), end=at("10:15")))
    assert forced(found) == {}
    assert contested(found) == collide


def test_doctor_taken_elsewhere_is_taken_in_every_role() -> None:
    """A block in each session, so that none of them has two."""
    clinic = morning("11:45").video_role().session("13:00", "14:00", id="v", role_id="video")
    clinic.request("b").appointment("13:00", "13:15", request="b", id="b", role_id="video")
    clinic.request("c").appointment("12:15", "12:30", request="c", id="c", role_id="video")
    found = after(clinic, TakenElsewhere(doctor_id="dr", start=at("11:45"), end=at("14:00")))
    assert forced(found) == {"a0": "taken", "b": "taken", "c": "taken"}
    blocks = [row for row in found.dataset.appointments if row.request_id is None]
    assert [(row.role_id, f"{row.start:%H:%M}") for row in blocks] == [
        ("role", "11:45"),
        ("video", "13:00"),
        ("role", "12:00"),
    ]


def test_double_bookings_are_contested_only_when_asked_for() -> None:
    """Two visits at nine: broken before, and mended by the event that says so."""
    clinic = morning("09:00", "09:00", "10:00")
    asked = after(clinic, DoubleBookings())
    assert contested(asked) == [("a0", "a1")]
    assert asked.prior == ()
    left = after(clinic, absent("10:00", "10:15"))
    assert contested(left) == []
    assert [(row.rule, row.excess) for row in left.prior] == [("slot_capacity", 1)]


def test_first_reason_stays() -> None:
    """Taken, then absent: taken it is."""
    taken = TakenElsewhere(role_id="role", start=at("10:00"), end=at("10:15"))
    away = absent("09:30", "11:00")
    clinic = morning("09:30", "10:00")
    assert forced(after(clinic, taken, away)) == {"a0": "no_session", "a1": "taken"}
    assert forced(after(clinic, away, taken)) == {"a0": "no_session", "a1": "no_session"}
    assert [row.event for row in after(clinic, taken, away).forced] == [1, 0]


def test_session_closed_and_shortened() -> None:
    """Closed: all of it. Shortened: what no longer fits; ids are those of before."""
    clinic = morning("09:00", "09:45", "11:45")
    assert forced(after(clinic, SessionClosed(session_id="s"))).keys() == {"a0", "a1", "a2"}
    short = SessionShortened(session_id="s", start=at("09:15"), end=at("11:50"))
    found = after(clinic, short)
    assert forced(found) == {"a0": "no_session", "a2": "no_session"}
    assert sessions(found) == ["s 09:15-11:45"]
    both = after(clinic, absent("10:00", "11:00"), SessionClosed(session_id="s"))
    assert both.dataset.sessions == ()
    assert len(both.forced) == 3


def test_location_closed_spares_who_is_seen_by_video() -> None:
    """The doctor is at home, and on the screen."""
    clinic = morning("09:00").video_role().session("09:30", "10:00", id="v", role_id="video")
    clinic.request("b").appointment("09:30", "09:45", request="b", id="b", role_id="video")
    event = LocationClosed(location_id="office", start=at("00:00"), end=at("23:00"))
    assert forced(after(clinic, event)) == {"a0": "no_session"}


def test_plan_leaves_network() -> None:
    """Forced is who was paid for, and is no longer; with the rule's name."""
    clinic = morning("09:00", "09:15", "09:30").role("role", networks=("N",))
    clinic.plans = [
        InsurancePlan(id="P", networks=("N",)),
        InsurancePlan(id="Q", networks=("N", "M")),
        InsurancePlan(id="R", networks=("M",)),
    ]
    for name, plan in (("r0", "P"), ("r1", "Q"), ("r2", "R")):
        clinic.patient(name, insurance_plan_id=plan)
    found = after(clinic, PlanLeavesNetwork(insurance_plan_id="P", network="N"))
    assert [(row.appointment_id, row.reason, row.detail) for row in found.forced] == [
        ("a0", "refused", "network")
    ]
    nothing = after(clinic, PlanLeavesNetwork(insurance_plan_id="R", network="N"))
    assert [row.code for row in nothing.warnings] == ["nothing_touched"]


def test_visit_type_dropped() -> None:
    """Who comes for it is forced; a session that offers nothing else is gone."""
    clinic = morning("09:00").visit_type("check").session("13:00", "14:00", id="t")
    clinic.session("15:00", "16:00", id="only", visit_type_ids=("visit",))
    clinic.session("17:00", "18:00", id="not", visit_type_ids=("check",))
    for number, (start, end) in enumerate((("15:00", "15:15"), ("17:00", "17:15"))):
        clinic.request(f"v{number}").appointment(start, end, request=f"v{number}", id=f"v{number}")
    clinic.request("c", visit_type_id="check").appointment("13:00", "13:15", request="c", id="c")
    found = after(clinic, VisitTypeDropped(visit_type_id="visit", doctor_id="dr"))
    assert forced(found) == {"a0": "refused", "v0": "refused"}
    assert {row.id: row.visit_type_ids for row in found.dataset.sessions} == {
        "s": ("check",),
        "t": ("check",),
        "not": ("check",),
    }


def test_visit_that_runs_longer_forces_whom_it_reaches() -> None:
    """The next patient of the doctor, and the patient's own next visit; it stays itself."""
    clinic = morning("09:00", "09:15", "09:30")
    clinic.doctor("else").role("other", doctor_id="else")
    clinic.session("09:00", "10:00", id="o", role_id="other")
    clinic.request("mine", "r0").appointment(
        "09:15", "09:30", request="mine", id="mine", role_id="other"
    )
    found = after(clinic, VisitRunsLonger(appointment_id="a0", end=at("09:30")))
    assert forced(found) == {"a1": "taken", "mine": "taken"}
    assert {row.detail for row in found.forced} == {"a0"}
    longer = found.dataset.appointments[0]
    assert (longer.end, longer.pinned) == (at("09:30"), True)


def test_pinned_appointment_that_is_impossible_is_stuck() -> None:
    """It is forced, and said to be stuck; nothing is raised."""
    clinic = morning("09:00")
    clinic.request("p").appointment("10:00", "10:15", request="p", id="p", pinned=True)
    found = after(clinic, absent("09:00", "12:00"))
    assert [row.appointment_id for row in found.stuck] == ["p"]
    assert forced(found).keys() == {"a0", "p"}


def test_everything_wrong_is_found_in_one_pass() -> None:
    """Unknown ids, an empty interval, a naive instant, a remainder outside: each with its path."""
    with pytest.raises(DisruptionError) as raised:
        after(
            morning(),
            absent("10:00", "10:00", "nobody"),
            SessionShortened(session_id="s", start=at("13:00"), end=at("14:00")),
            DoctorAbsent(doctor_id="dr", start=at("09:00").replace(tzinfo=None), end=at("10:00")),
            TakenElsewhere(start=at("09:00"), end=at("10:00")),
            VisitRunsLonger(appointment_id="none", end=at("10:00")),
        )
    assert [(row.code, row.path) for row in raised.value.problems] == [
        ("dangling_reference", "/0/doctor_id"),
        ("empty_interval", "/0/end"),
        ("nothing_remains", "/1/start"),
        ("bad_instant", "/2/start"),
        ("not_exactly_one", "/3/role_id"),
        ("dangling_reference", "/4/appointment_id"),
    ]


def test_absence_in_a_night_that_skips_an_hour() -> None:
    """At 3:00 the clock has skipped an hour: who is done stays, who comes is forced."""
    clinic = Clinic().session("01:00", "04:00", 6, id="s")
    for name, start, end in (("a", "01:45", "03:00"), ("b", "03:00", "03:15")):
        clinic.request(name).appointment(start, end, 6, request=name, id=name)
    away = DoctorAbsent(doctor_id="dr", start=at("03:00", 6), end=at("03:30", 6))
    assert forced(after(clinic, away)) == {"b": "no_session"}


def open_day(**more: object) -> Clinic:
    """Seats from eight to five without a told time; ann has one, bob comes at ten."""
    clinic = Clinic(**more)
    clinic.session("08:00", "17:00", id="day", kind="day", cell_minutes=None, capacity=3)
    clinic.request("ann").appointment("08:00", "17:00", request="ann", id="ann")
    return clinic.request("bob").appointment("10:00", "10:15", request="bob", id="bob")


def test_day_session_stays_until_nothing_of_it_is_left() -> None:
    """Half a day away: ann can come in the other half, bob was told ten. Both halves: gone."""
    half = after(open_day(), absent("08:00", "12:00"))
    assert forced(half) == {"bob": "no_session"}
    assert sessions(half) == ["day 08:00-17:00"]
    whole = after(open_day(), absent("08:00", "12:00"), absent("12:00", "18:00"))
    assert forced(whole) == {"ann": "no_session", "bob": "no_session"}
    assert [row.event for row in whole.forced] == [1, 0]
    assert whole.dataset.sessions == ()
    assert forced(after(open_day(as_of=at("12:00")), absent("12:00", "17:00"))) == {
        "ann": "no_session"
    }


def test_day_session_that_is_shortened_keeps_its_seats() -> None:
    """Ann's is a seat in what remains, and so is a block; bob's ten o'clock does not remain."""
    short = SessionShortened(session_id="day", start=at("11:00"), end=at("20:00"))
    clinic = open_day().appointment("08:00", "17:00", id="block")
    clinic.video_role().session("12:00", "13:00", id="v", role_id="video").request("c")
    clinic.appointment("12:00", "12:15", request="c", id="c", role_id="video")
    found = after(clinic, short)
    assert contested(found) == []
    assert forced(found) == {"bob": "no_session"}
    assert sessions(found) == ["day 11:00-17:00", "v 12:00-13:00"]
    ann = found.dataset.appointments[0]
    assert (ann.start, ann.end) == (at("11:00"), at("17:00"))
    closed = after(open_day(), short, SessionClosed(session_id="day"))
    assert forced(closed).keys() == {"ann", "bob"}


def test_seat_of_a_day_that_is_taken_elsewhere() -> None:
    """Of three seats one is gone, for which there was room; of two, it is contested."""
    event = TakenElsewhere(doctor_id="dr", start=at("15:00"), end=at("16:00"))
    assert contested(after(open_day(), event)) == []
    clinic = open_day()
    clinic.sessions = []
    clinic.session("08:00", "17:00", id="day", kind="day", cell_minutes=None, capacity=2)
    assert contested(after(clinic, event)) == [("ann", "bob")]


def test_who_shared_a_session_does_not_collide_beside_a_cut() -> None:
    """Two of two seats, done at 9:50; the rest of their cell is lost, and nothing else."""
    clinic = Clinic().session("09:00", "10:00", id="s", capacity=2)
    for name in "ab":
        clinic.request(name).appointment("09:45", "09:50", request=name, id=name)
    found = after(clinic, absent("09:55", "10:00"))
    assert (forced(found), contested(found)) == ({}, [])
    assert sessions(found) == ["s 09:00-09:45"]


def test_who_is_over_or_lapsed_is_not_forced() -> None:
    """At 9:15, the first visit has been, and the hold on the second is over."""
    clinic = morning("09:00", "10:00", "11:00")
    clinic.as_of = at("09:15")
    clinic.appointments[1] = replace(clinic.appointments[1], status="held", held_until=at("09:10"))
    assert forced(after(clinic, absent("08:00", "12:00"))) == {"a2": "no_session"}


def test_block_on_a_block_forces_nobody_who_had_no_room_before() -> None:
    """Ann stood on a block already: nothing new has made her place impossible."""
    clinic = morning("10:00").appointment("10:00", "10:15", id="old")
    event = TakenElsewhere(role_id="role", start=at("10:00"), end=at("10:15"))
    assert forced(after(clinic, event)) == {}


def test_service_that_is_taken_elsewhere_loses_a_seat_in_every_role() -> None:
    """It may be in several places, and is in none of them now."""
    clinic = Clinic()
    clinic.services = [Service(id="chair")]
    for name in ("one", "two"):
        clinic.role(name, service_id="chair").session(id=name, role_id=name).request(name)
        clinic.appointment("09:00", "09:15", request=name, id=name, role_id=name)
    event = TakenElsewhere(doctor_id="chair", start=at("09:00"), end=at("10:00"))
    assert forced(after(clinic, event)) == {"one": "taken", "two": "taken"}


def test_video_at_the_same_hour_is_taken_with_the_office() -> None:
    """A doctor who is busy elsewhere is in neither place."""
    clinic = morning("10:00").video_role().session("10:00", "11:00", id="v", role_id="video")
    clinic.request("b").appointment("10:30", "10:45", request="b", id="b", role_id="video")
    event = TakenElsewhere(role_id="role", start=at("10:00"), end=at("11:00"))
    assert forced(after(clinic, event)) == {"a0": "taken", "b": "taken"}


def test_visit_that_runs_longer_is_forced_by_what_comes_later() -> None:
    """It stays whatever it meets, until the doctor leaves; then it is stuck."""
    longer = VisitRunsLonger(appointment_id="a0", end=at("09:40"))
    found = after(morning("09:00"), longer, absent("09:30", "10:00"))
    assert [row.appointment_id for row in found.stuck] == ["a0"]
    next_one = VisitRunsLonger(appointment_id="a1", end=at("09:50"))
    found = after(morning("09:00", "09:30"), longer, next_one)
    assert forced(found) == {"a1": "taken"}
    assert [row.path for row in found.warnings] == ["/1"]


def test_visit_that_runs_no_longer_touches_nothing() -> None:
    """Nor does a doctor without roles, nor a place that nobody works at."""
    clinic = morning("09:00").doctor("idle").location("empty")
    found = after(
        clinic,
        VisitRunsLonger(appointment_id="a0", end=at("09:15")),
        TakenElsewhere(doctor_id="idle", start=at("09:00"), end=at("10:00")),
        LocationClosed(location_id="empty", start=at("09:00"), end=at("10:00")),
        TakenElsewhere(role_id="role", start=at("20:00"), end=at("21:00")),
        VisitTypeDropped(visit_type_id="visit", doctor_id="idle"),
    )
    assert [row.path for row in found.warnings] == [f"/{number}" for number in range(5)]
    assert found.dataset == clinic.dataset()


def test_type_that_no_rule_asks_for_forces_nobody() -> None:
    """Without the rule, sessions stop to offer it, and who comes for it comes."""
    clinic = morning("09:00").visit_type("check")
    event = VisitTypeDropped(visit_type_id="visit", role_id="role")
    found = after(clinic, event, policy=POLICY.without("visit_type"))
    assert forced(found) == {}
    assert found.dataset.sessions[0].visit_type_ids == ("check",)


def test_urgency_that_the_policy_does_not_know_is_refused() -> None:
    """As in a match."""
    clinic = morning("09:00").request("x", urgency="whenever")
    with pytest.raises(PolicyError):
        after(clinic, DoubleBookings())


def test_those_in_what_was_broken_are_named() -> None:
    """Two at nine, and two who share a cell without meeting: neither is mended here."""
    clinic = morning("09:00", "09:00", "11:00")
    for name, start, end in (("x", "10:00", "10:05"), ("y", "10:10", "10:15")):
        clinic.request(name).appointment(start, end, request=name, id=name)
    found = after(clinic, absent("11:00", "12:00"))
    assert found.in_prior == ("a0", "a1", "x", "y")
    assert [row.excess for row in found.prior] == [1, 1]
    mended = after(clinic, DoubleBookings())
    assert mended.in_prior == ("x", "y")


def test_block_in_the_office_forces_nobody_whom_one_kept_off_the_screen_before() -> None:
    """The doctor could not be on the screen at ten already."""
    clinic = morning().appointment("10:00", "10:15", id="old").video_role()
    clinic.session("10:00", "11:00", id="v", role_id="video").request("b")
    clinic.appointment("10:00", "10:15", request="b", id="b", role_id="video")
    event = TakenElsewhere(role_id="role", start=at("10:00"), end=at("10:15"))
    assert forced(after(clinic, event)) == {}
