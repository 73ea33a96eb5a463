"""Rolling runs of a clinic small enough to follow by hand."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from clinic import ZONE, Clinic, at

from engine.domain import Patient
from engine.errors import DatasetError, DisruptionError
from engine.events.events import DoctorAbsent, LocationClosed
from engine.interchange.validation import read_record
from engine.policy import Policy
from engine.problems import Report
from scenarios.rolling import Day, History, Journey, NoShowFrom, RollingSpec, simulate
from scenarios.situation import Situation


def run(clinic: Clinic, seed: int = 1, **spec: Any) -> History:
    """A rolling run by the default policy; three days unless said otherwise."""
    known = {"days": 3} | spec
    return simulate(Situation(clinic.dataset(), Policy.default()), RollingSpec(**known), seed)


def way(history: History, request: str) -> Journey:
    """The journey of a request."""
    return next(row for row in history.journeys if row.request_id == request)


def utc(clock: str, day: int = 0) -> datetime:
    """A clock time of the clinic in UTC."""
    return at(clock, day).astimezone(UTC)


def hours(day: int) -> Clinic:
    """A clinic with an hour of four cells on each of so many days."""
    clinic = Clinic()
    for number in range(day):
        clinic.session("09:00", "10:00", day=number, id=f"s{number}")
    return clinic


def test_who_asks_by_day_is_matched_at_night() -> None:
    """Asked at eight, told a place the next morning, seen at nine."""
    history = run(hours(3).request("ann", created=at("08:00")))
    assert way(history, "ann") == Journey(
        request_id="ann",
        patient_id="ann",
        urgency="routine",
        groups=(
            *("specialty=any", "insurance_plan=self-pay", "area=under 5 km", "age=unknown"),
            "language=unknown",
        ),
        asked=utc("08:00"),
        ready=utc("08:00"),
        state="served",
        placed_on=utc("00:00", 1),
        role_id="role",
        start=utc("09:00", 1),
        ended_on=utc("09:15", 1),
        days_late=0,
    )
    assert way(history, "ann").days_waited == pytest.approx(25 / 24)


def test_a_copy_belongs_where_its_original_does() -> None:
    """Everybody who comes in is a copy of Ann: of her plan, age, language and area."""
    born = date(1990, 5, 1)
    clinic = hours(1).patient("ann", birth_date=born, languages=("es",)).request("ann")
    history = run(clinic, requests_per_day=5.0)
    assert len(history.journeys) > 1
    assert {row.groups for row in history.journeys} == {
        (
            *("specialty=any", "insurance_plan=self-pay", "area=under 5 km", "age=18-39"),
            "language=es",
        )
    }


def test_without_matches_at_night_who_asks_is_placed_at_once() -> None:
    """Asked at eight, seen at nine; asked at nine past ten minutes, seen at the next cell."""
    clinic = hours(1).request("ann", created=at("08:00")).request("bob", created=at("09:10"))
    history = run(clinic, nightly_match=False)
    assert way(history, "ann").start == utc("09:00")
    assert way(history, "bob").start == utc("09:15")
    assert way(history, "bob").placed_on == utc("09:10")


def test_who_finds_nothing_tries_again_every_morning() -> None:
    """The window of one day holds no place when she asks; the next morning's does."""
    clinic = hours(2).request("ann", created=at("11:00"))
    history = run(clinic, nightly_match=False, window_days=1)
    assert [day.waiting for day in history.days] == [1, 0, 0]
    assert way(history, "ann").placed_on == utc("00:00", 1)


def test_days_say_what_happened() -> None:
    """One waits from the beginning and is served on the first day, one asks on it; half an hour
    of three is used.
    """
    clinic = hours(3).request("ann").request("bob", created=at("08:00"))
    days: list[Day] = []
    situation = Situation(clinic.dataset(), Policy.default())
    history = simulate(situation, RollingSpec(days=2), 1, days.append)
    assert tuple(days) == history.days
    first, second = history.days
    assert (first.arrived, first.placed, first.served, first.waiting, first.booked) == (
        2,
        1,
        1,
        1,
        0,
    )
    assert (second.date, second.begins) == (date(2026, 3, 3), utc("00:00", 1))
    assert [day.utilisation for day in days] == [0.25, 0.25]
    assert all(day.is_proven for day in days)
    assert history.states["served"] == 2
    assert history.days_waited(1).tolist() == []
    assert len(history.days_waited()) == 2


def test_a_day_without_sessions_has_no_utilisation() -> None:
    """Nothing was open: nothing can be said."""
    assert run(Clinic(), days=1).days[0].utilisation is None


def test_appointments_of_the_dataset_are_kept_and_held() -> None:
    """Who has a place from before is there from the beginning; a block takes minutes."""
    clinic = hours(1).request("ann").appointment("09:30", "09:45", request="ann")
    clinic.appointment("09:00", "09:15")
    history = run(clinic, days=1)
    assert way(history, "ann").state == "served"
    assert way(history, "ann").placed_on is None
    assert history.days[0].placed == 1
    assert history.days[0].open_minutes == 45


def test_a_visit_that_is_over_takes_no_part() -> None:
    """Nor does its request, which would have to be placed anew."""
    clinic = Clinic(as_of=at("12:00")).session().request("ann")
    history = run(clinic.appointment("09:00", "09:15", request="ann"))
    assert history.journeys == ()


def test_the_first_day_begins_where_the_dataset_does() -> None:
    """At noon of Monday: what was free in the morning is gone, Tuesday is the second day."""
    clinic = Clinic(as_of=at("12:00")).session().session(day=1).request("ann")
    history = run(clinic)
    assert way(history, "ann").start == utc("09:00", 1)
    assert [day.served for day in history.days] == [0, 1, 0]


def test_nobody_comes() -> None:
    """With a share of one every visit is missed, and its place is lost."""
    history = run(hours(2).request("ann"), no_show=1.0)
    assert way(history, "ann").state == "no_show"
    assert way(history, "ann").days_waited is None
    assert history.days[0].visit_minutes == 15


@pytest.mark.parametrize(
    ("days", "state"), [(0.3, "no_show"), (0.4, "served")], ids=["long ago", "lately"]
)
def test_those_told_long_ago_stay_away(days: float, state: str) -> None:
    """Told nine hours before, 0.375 days: a share that applies from 0.3 days on, or from 0.4."""
    shares = (NoShowFrom(days=days, share=1.0),)
    assert way(run(hours(1).request("ann"), no_show_by_lead=shares), "ann").state == state


def test_a_cancelled_place_is_free_for_others() -> None:
    """Everybody cancels: the only place is taken by one, and then by the other."""
    clinic = Clinic().session("20:00", "20:15").request("ann", created=at("00:00"))
    clinic.request("bob", created=at("19:59"))
    history = run(clinic, nightly_match=False, patient_cancels=1.0, days=1)
    assert way(history, "ann").state == way(history, "bob").state == "withdrawn"
    assert history.days[0].cancelled == 2
    assert way(history, "bob").start == utc("20:00")


def test_patience_ends() -> None:
    """Nobody can see her: she waits for two days, and on the morning of the third she is gone."""
    history = run(Clinic().request("ann"), patience_days=2.0)
    assert [day.waiting for day in history.days] == [1, 1, 0]
    assert [day.gave_up for day in history.days] == [0, 0, 1]
    assert way(history, "ann").state == "withdrawn"


def test_requests_expire_after_their_last_day() -> None:
    """Tuesday was the last day; on Wednesday morning nobody waits any more."""
    history = run(Clinic().request("ann", latest=date(2026, 3, 3)))
    assert [day.waiting for day in history.days] == [1, 1, 0]
    assert way(history, "ann").state == "expired"


def test_a_hold_that_runs_out_waits_again() -> None:
    """Held until Monday noon: on Tuesday morning the request is matched like any other."""
    clinic = hours(3).request("ann", created=at("00:00"))
    clinic.appointment("09:45", "10:00", 2, "ann", status="held", held_until=at("12:00"))
    history = run(clinic)
    assert history.days[1].lost == 1
    assert way(history, "ann").start == utc("09:00", 1)


def test_reserved_places_are_released_as_days_pass() -> None:
    """A session is kept for the urgent until two days before it."""
    clinic = Clinic().session(day=4, reserved_for="urgent").request("ann")
    history = run(clinic, days=6)
    assert way(history, "ann").placed_on == utc("00:00", 3)


def test_an_absence_moves_those_who_had_a_place() -> None:
    """The doctor is away on Wednesday, known on its morning: who had a place there goes to
    Thursday, and who cannot waits again.
    """
    clinic = hours(4)
    clinic.request("ann", earliest=date(2026, 3, 4)).request(
        "bob", earliest=date(2026, 3, 4), latest=date(2026, 3, 4)
    )
    away = DoctorAbsent(doctor_id="dr", start=at("00:00", 2), end=at("00:00", 3))
    history = run(clinic, days=4, absences=(away,))
    assert way(history, "ann").start == utc("09:00", 3)
    assert way(history, "ann").times_moved == 1
    assert way(history, "bob").state == "expired"
    assert [day.moved for day in history.days] == [0, 0, 1, 0]
    assert [day.lost for day in history.days] == [0, 0, 1, 0]
    assert [day.open_minutes for day in history.days] == [60, 60, 0, 60]


def test_an_absence_is_known_before_it_begins() -> None:
    """With a day's notice nobody is told a place on Wednesday after Tuesday's morning."""
    clinic = hours(4).request("ann", earliest=date(2026, 3, 4))
    closed = LocationClosed(location_id="office", start=at("00:00", 2), end=at("00:00", 3))
    history = run(clinic, absences=(closed,), notice_days=1)
    assert [day.moved for day in history.days] == [0, 1, 0]


def test_who_is_pinned_to_a_place_that_is_gone_waits_again() -> None:
    """Nobody moves the appointment, and it cannot be held."""
    clinic = hours(2).request("ann", created=at("00:00"))
    clinic.appointment("09:00", "09:15", request="ann", pinned=True)
    away = DoctorAbsent(doctor_id="dr", start=at("00:00"), end=at("00:00", 1))
    history = run(clinic, absences=(away,))
    assert history.days[0].lost == 1
    assert way(history, "ann").start == utc("09:00", 1)


@pytest.mark.parametrize("nightly_match", [True, False])
def test_requests_of_a_link_are_matched_together(nightly_match: bool) -> None:
    """Both on one day, whether or not others are found a place at once."""
    clinic = Clinic().session("09:00", "09:15").session("09:00", "09:30", day=1)
    clinic.request("ann").request("bob", patient="ann").link(
        "ann", "bob", all_or_none=True, same_day=True
    )
    history = run(clinic, nightly_match=nightly_match)
    assert {row.start for row in history.journeys} == {utc("09:00", 1), utc("09:15", 1)}


def test_copies_are_made_of_the_requests_of_the_dataset() -> None:
    """With new ids, at minutes of the hours in which people ask, dates as much later."""
    clinic = hours(10).request("ann", latest=date(2026, 3, 3), urgency="soon")
    history = run(
        clinic, requests_per_day=3.0, starts_empty=True, asks_between=("08:00", "08:30"), days=5
    )
    assert len(history.journeys) > 5
    assert {row.urgency for row in history.journeys} == {"soon"}
    assert len({row.patient_id for row in history.journeys}) == len(history.journeys)
    assert all(
        13 * 60 <= row.asked.hour * 60 + row.asked.minute < 13 * 60 + 30 for row in history.journeys
    )
    assert history.states["served"] > 5


def test_leads_and_weekdays_shape_the_demand() -> None:
    """Nobody asks but on Tuesdays, for a visit from two days later on."""
    clinic = hours(10).request("ann")
    history = run(
        clinic,
        requests_per_day=5.0,
        weekdays=(0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0),
        lead_days=(2.0,),
        starts_empty=True,
        days=6,
    )
    assert {row.asked.astimezone(ZONE).date() for row in history.journeys} == {date(2026, 3, 3)}
    assert {row.ready for row in history.journeys} == {utc("00:00", 3)}


def test_a_seed_gives_the_same_history() -> None:
    """And another seed another one."""
    spec: dict[str, Any] = {
        "requests_per_day": 4.0,
        "no_show": 0.2,
        "patient_cancels": 0.2,
        "days": 6,
    }
    clinic = hours(10).request("ann")
    assert run(clinic, 1, **spec) == run(clinic, 1, **spec)
    assert run(clinic, 1, **spec) != run(clinic, 2, **spec)


def test_policies_meet_the_same_patients() -> None:
    """Under one seed who asks, and when, is the same whatever is decided."""
    clinic = hours(10).request("ann")
    one, other = (
        run(clinic, requests_per_day=4.0, patient_cancels=0.3, nightly_match=nightly, days=5)
        for nightly in (True, False)
    )
    assert [(row.request_id, row.asked) for row in one.journeys] == [
        (row.request_id, row.asked) for row in other.journeys
    ]


def test_nothing_to_copy_is_said() -> None:
    """Requests are to be drawn, and the dataset has none."""
    with pytest.raises(DatasetError, match="copied from"):
        run(Clinic().session(), requests_per_day=1.0)


def test_an_absence_of_nobody_is_said() -> None:
    """Before a day has passed."""
    away = DoctorAbsent(doctor_id="nobody", start=at("00:00"), end=at("00:00", 1))
    with pytest.raises(DisruptionError, match="absences/0/doctor_id"):
        run(Clinic(), absences=(away,))


@pytest.mark.parametrize(
    "wrong",
    [
        {"days": 0},
        {"requests_per_day": -1.0},
        {"no_show": 1.1},
        {"weekdays": (1.0, 1.0)},
        {"asks_between": ("10:00", "10:00")},
        {"window_days": 0},
        {"max_additional": -1},
    ],
    ids=lambda wrong: next(iter(wrong)),
)
def test_parameters_outside_their_limits_are_refused(wrong: dict[str, Any]) -> None:
    """With the name of the one that is."""
    report = Report()
    assert read_record(RollingSpec, {"days": 1} | wrong, "/run", report) is None
    assert [row.path.split("/")[2] for row in report.problems] == list(wrong)


def test_relatives_stay_known() -> None:
    """A practice that takes families of its patients takes one whose relative has no request."""
    clinic = Clinic().role("role", accepts_new="family", group_id="practice").session()
    clinic.patients.append(
        Patient(id="mother", family_id="f", established_with=("practice",), state="NY")
    )
    clinic.patient("ann", family_id="f").request("ann")
    assert way(run(clinic), "ann").state == "served"


def test_sessions_may_come_again() -> None:
    """One Monday in the dataset, and who asks afterwards is seen on the next."""
    clinic = hours(1).request("ann", created=at("12:00"))
    assert way(run(clinic, days=9), "ann").state == "waiting"
    history = run(clinic, days=9, repeats_sessions=True)
    assert way(history, "ann").start == utc("09:00", 7)
