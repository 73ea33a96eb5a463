"""No more visits in a cell than it has seats."""

from __future__ import annotations

from clinic import Clinic, at, judged, starts

from engine.match import match
from engine.solve.limits import Limits

FAST = Limits(deterministic=True)


def test_two_in_one_seat_is_refused_two_in_two_seats_is_not() -> None:
    """As many as there are seats, and not one more."""
    clinic = Clinic().session(id="s").request("ann").request("bob")
    together = {"ann": ("s", "09:00"), "bob": ("s", "09:00")}
    assert judged(clinic, together) == {"slot_capacity"}
    clinic.sessions.clear()
    assert judged(clinic.session(id="s", capacity=2), together) == set()


def test_visits_touch_but_do_not_share_cells() -> None:
    """A visit of two cells leaves the third free, and only the third."""
    clinic = Clinic().visit_type("long", minutes=25).session(id="s", end="09:45")
    clinic.request("ann", visit_type_id="long").request("bob")
    assert judged(clinic, {"ann": ("s", "09:00"), "bob": ("s", "09:30")}) == set()
    assert judged(clinic, {"ann": ("s", "09:00"), "bob": ("s", "09:15")}) == {"slot_capacity"}


def test_time_before_and_after_is_occupied() -> None:
    """Minutes before and after a visit take cells too; what is told is the visit."""
    clinic = Clinic().visit_type("visit", minutes=15, minutes_before=5, minutes_after=10)
    clinic.session(id="s").request("ann").request("bob")
    assert starts(clinic, "ann") == ["s 09:05", "s 09:20", "s 09:35"]
    assert judged(clinic, {"ann": ("s", "09:05"), "bob": ("s", "09:35")}) == set()
    assert judged(clinic, {"ann": ("s", "09:05"), "bob": ("s", "09:20")}) == {"slot_capacity"}


def test_appointments_and_blocks_take_their_cells() -> None:
    """What is published or blocked is not offered, also off the grid."""
    clinic = Clinic().session(id="s").request("ann").request("bob")
    clinic.appointment("09:10", "09:20", request="bob")
    assert starts(clinic, "ann") == ["s 09:30", "s 09:45"]
    assert judged(clinic, {"ann": ("s", "09:15")}) == {"slot_capacity"}


def test_expired_hold_takes_nothing() -> None:
    """A hold counts until the instant it ends."""
    clinic = Clinic().session(id="s", end="09:15").request("ann").request("bob")
    clinic.appointment("09:00", "09:15", request="bob", status="held", held_until=clinic.as_of)
    assert starts(clinic, "ann") == ["s 09:00"]
    clinic.appointments.clear()
    later = clinic.as_of.replace(minute=1)
    clinic.appointment("09:00", "09:15", request="bob", status="held", held_until=later)
    assert starts(clinic, "ann") == []


def test_overfull_cell_stays_and_takes_nobody_else() -> None:
    """Two appointments in one seat are a violation before us: nobody new joins them."""
    clinic = Clinic().session(id="s", end="09:30").request("ann").request("bob").request("cleo")
    clinic.appointment("09:00", "09:15", request="bob").appointment(
        "09:00", "09:15", request="cleo"
    )
    result = match(clinic.dataset(), limits=FAST)
    assert [violation.rule for violation in result.prior] == ["slot_capacity"]
    assert starts(clinic, "ann") == ["s 09:15"]
    assert judged(clinic, {"ann": ("s", "09:00")}) == {"slot_capacity"}


def test_day_session_has_one_seat_per_visit_of_any_length() -> None:
    """Three seats a day take three visits, however long; the fourth is left."""
    clinic = Clinic().visit_type("visit", minutes=700)
    clinic.session("08:00", "20:00", kind="day", cell_minutes=None, capacity=3, id="d")
    for name in ("ann", "bob", "cleo", "dan"):
        clinic.request(name)
    result = match(clinic.dataset(), limits=FAST)
    assert result.plan.is_placed.sum() == 3
    assert result.num_crowded_out == 1
    everybody = dict.fromkeys(("ann", "bob", "cleo", "dan"), ("d", ""))
    assert judged(clinic, everybody) == {"slot_capacity"}


def test_seat_of_a_day_is_taken_by_an_appointment_as_long_as_the_day() -> None:
    """An appointment as long as a day session is one of its seats; a timed one is not."""
    clinic = Clinic().session("08:00", "20:00", kind="day", cell_minutes=None, capacity=1, id="d")
    clinic.session("09:00", "09:30", id="t").request("ann").request("bob")
    clinic.appointment("08:00", "20:00", request="bob")
    assert starts(clinic, "ann") == ["t 09:00", "t 09:15"]
    clinic.appointments.clear()
    clinic.appointment("09:00", "09:15", request="bob")
    assert starts(clinic, "ann") == ["d 08:00", "t 09:15"]


def test_feasible_with_much_fixed() -> None:
    """A session packed to the last cell by visits of three lengths is feasible."""
    clinic = Clinic().visit_type("two", minutes=30).visit_type("three", minutes=45)
    clinic.session("09:00", "11:00", id="s").appointment("09:30", "09:45")
    clinic.request("ann", visit_type_id="three").request("bob", visit_type_id="two")
    clinic.request("cleo").request("dan")
    result = match(clinic.dataset(), limits=FAST)
    assert result.plan.is_placed.all()
    assert result.certificate.is_proven


def test_appointment_takes_one_seat_of_several_day_sessions() -> None:
    """A whole day booked takes a seat where its type of visit is offered, and there alone."""
    clinic = Clinic().visit_type("vaccination").visit_type("check")
    for kind in ("check", "vaccination"):
        clinic.session(
            "09:00", "17:00", kind="day", cell_minutes=None, id=kind, visit_type_ids=(kind,)
        )
    clinic.request("ann", visit_type_id="vaccination").request("bob", visit_type_id="check")
    clinic.appointment("09:00", "17:00", request="ann")
    assert clinic.snapshot().used.tolist() == [0, 1]
    assert starts(clinic, "bob") == ["check 09:00"]


def test_order_of_sessions_does_not_decide_where_an_appointment_is() -> None:
    """Of two sessions of a role at one time, the appointment is at home in the first by id."""
    found = set()
    for order in (("a", "b"), ("b", "a")):
        clinic = Clinic().video_role("role2").request("ann").request("bob")
        for name in order:
            clinic.session("09:00", "09:15", id=name, capacity={"a": 1, "b": 5}[name])
        clinic.appointment("09:00", "09:15", request="ann")
        found.add(tuple(sorted(starts(clinic, "bob"))))
    assert len(found) == 1


def test_nothing_is_occupied_before_now() -> None:
    """A visit whose preparation would have begun already is no candidate."""
    clinic = Clinic(as_of=at("09:10")).visit_type("visit", minutes=15, minutes_before=15)
    clinic.session("09:00", "10:00").request("ann")
    assert starts(clinic, "ann") == ["s1 09:30", "s1 09:45"]
