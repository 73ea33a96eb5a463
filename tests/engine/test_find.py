"""Finding, by hand: just inside and just outside of what is booked, and the words around it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import product
from typing import Any

import pytest
from clinic import Clinic, at

from engine.domain import Coordinates, DailyCap, DoctorWish, Service, Wishes
from engine.errors import PolicyError, RequestError, VerificationError
from engine.find import Finder, find
from engine.found import Found
from engine.policy import Policy
from engine.seats import Seats
from engine.verify import slot_capacity, wait
from engine.verify.violation import Violation

UPTOWN = Coordinates(latitude=40.84, longitude=-73.99)
"""10 km north of the centre: 20 minutes at 40 km/h over 1.3 times the distance."""


def places(clinic: Clinic, request: str = "ann", k: int = 10, **more: Any) -> list[str]:
    """``session HH:MM`` of the places found, the best first."""
    return told(find(clinic.dataset(), request, k, **more))


def told(found: Found) -> list[str]:
    """``session HH:MM`` of the places found."""
    return [f"{p.where.session_id} {p.where.start:%H:%M}" for p in found.places]


def hour(**more: Any) -> Clinic:
    """A clinic with one session from nine to ten, and Ann who asks."""
    return Clinic().session("09:00", "10:00", **more).request("ann")


def test_places_are_sorted_by_the_levels() -> None:
    """Who is late at one place goes to another first, however inconvenient that is."""
    clinic = Clinic().session("09:00", "09:15", id="late", day=3).doctor("other")
    clinic.role("other", doctor_id="other").session("09:00", "09:15", id="soon", role_id="other")
    wishes = Wishes(doctors=(DoctorWish(doctor_id="dr", days=9.0),))
    clinic.request("ann", urgency="urgent", wishes=wishes)
    found = find(clinic.dataset(), "ann")
    assert told(found) == ["soon 09:00", "late 09:00"]
    soon, late = found.places
    assert (soon.values["lateness"], late.values["lateness"]) == (0, 2)
    assert soon.contributions["wait"] == 375
    assert soon.values["inconvenience"] == sum(
        soon.contributions[name] for name in ("wait", "other_doctor")
    )
    assert found.units["wait"] == found.units["inconvenience"] == "milli-days"


def test_what_a_find_names_is_offered_and_nothing_else() -> None:
    """Every place of the answer, for as long as the visit takes; not one that is taken, outside of
    the request's window, with somebody who sees only children, or shorter.
    """
    clinic = hour().appointment("09:00", "09:15").session("09:00", "10:00", day=3, id="late")
    clinic.doctor("other").role("other", doctor_id="other", age_max=17)
    clinic.session("09:00", "10:00", id="elsewhere", role_id="other")
    clinic.requests[0] = replace(clinic.requests[0], latest=at("23:00"))
    finder = Finder(clinic.dataset())
    named = {place.where.start for place in finder.find("ann", 100).places}
    assert sorted(named) == [at("09:15"), at("09:30"), at("09:45")]
    for role, start, day, minutes in product(("role", "other"), range(0, 60, 5), (0, 3), (10, 15)):
        begin = at("09:00", day) + timedelta(minutes=start)
        is_named = role == "role" and minutes == 15 and begin in named
        end = begin + timedelta(minutes=minutes)
        assert finder.offers("ann", role, begin, end) == is_named, (role, begin, minutes)
    assert not finder.offers("ann", "nobody", at("09:15"), at("09:30"))
    with pytest.raises(RequestError):
        finder.offers("nobody", "role", at("09:15"), at("09:30"))


def test_the_session_that_is_named_is_the_one_that_is_offered() -> None:
    """Of two day sessions at one time the one that offers the visit; unnamed, any of them."""
    clinic = Clinic().visit_type("scan").request("ann")
    for name, types in (("any", ()), ("scans", ("scan",))):
        day = {"kind": "day", "cell_minutes": None, "visit_type_ids": types}
        clinic.session("08:00", "16:00", id=name, **day)
    clinic.session("09:00", "10:00", id="timed", day=1)
    finder = Finder(clinic.dataset())
    day, quarter = (at("08:00"), at("16:00")), (at("09:00", 1), at("09:15", 1))
    for name, times, is_offered in (
        (None, day, True), ("any", day, True), ("scans", day, False), ("timed", day, False),
        ("nothing", day, False), ("timed", quarter, True), ("any", quarter, False),
    ):  # fmt: skip
        assert finder.offers("ann", "role", *times, name) is is_offered, (name, times)


def test_ties_are_settled_by_start_and_then_by_session() -> None:
    """Without prices every place costs the same: the earlier comes first, of two at one time
    that with the lesser id, however the records stand.
    """
    policy = Policy.default().without("wait")
    clinic = Clinic().doctor("other").role("other", doctor_id="other")
    clinic.session("09:00", "09:30", id="z").session("09:00", "09:15", id="a", role_id="other")
    clinic.request("ann")
    assert places(clinic, policy=policy) == ["a 09:00", "z 09:00", "z 09:15"]
    clinic.sessions.reverse()
    assert places(clinic, policy=policy) == ["a 09:00", "z 09:00", "z 09:15"]


def test_more_than_there_is_gives_what_there_is() -> None:
    """Four cells are four places, whether four or any number are asked for; one is the best."""
    clinic = hour()
    all_four = ["s1 09:00", "s1 09:15", "s1 09:30", "s1 09:45"]
    assert places(clinic, k=4) == places(clinic, k=10**30) == all_four
    assert places(clinic, k=1) == all_four[:1]
    with pytest.raises(ValueError, match="k 0 is below 1"):
        places(clinic, k=0)


def test_many_candidates_are_all_tried() -> None:
    """More places than are tried at once come out in order, none twice."""
    clinic = Clinic().request("ann")
    for day in range(5):
        clinic.session("08:00", "18:00", day=day)
    found = find(clinic.dataset(), "ann", 1_000)
    starts = [place.where.start for place in found.places]
    assert len(starts) == found.considered == 200
    assert starts == sorted(set(starts))


def test_other_open_requests_take_no_part() -> None:
    """Ten others want the same hour; each is told of all of it."""
    clinic = hour()
    for number in range(10):
        clinic.request(f"other-{number}", urgency="emergent")
    assert len(places(clinic)) == len(places(clinic, "other-7")) == 4


@pytest.mark.parametrize(("capacity", "expected"), [(1, 3), (2, 4)])
def test_a_booked_cell_is_taken_unless_it_has_another_seat(capacity: int, expected: int) -> None:
    """An appointment takes one seat of its cell."""
    clinic = hour(capacity=capacity).request("bob").appointment("09:15", "09:30", request="bob")
    assert len(places(clinic)) == expected


def test_overbooking_adds_a_seat_to_every_second_cell() -> None:
    """Of two booked cells the first has a seat more."""
    clinic = Clinic().session("09:00", "09:30").request("ann")
    clinic.appointment("09:00", "09:15").appointment("09:15", "09:30")
    assert places(clinic) == []
    policy = Policy.default().with_seats(Seats(overbooking=0.5))
    assert places(clinic, policy=policy) == ["s1 09:00"]


@pytest.mark.parametrize(("limit", "expected"), [(1, ["s2 09:00"]), (2, ["s1 09:30", "s2 09:00"])])
def test_a_daily_cap_counts_what_is_booked(limit: int, expected: list[str]) -> None:
    """With one visit booked that day, a cap of one leaves the next day alone."""
    clinic = Clinic().role("role", daily_caps=(DailyCap(limit=limit, per="doctor"),))
    clinic.session("09:30", "09:45").session("09:00", "09:15", day=1)
    clinic.role("second").session("14:00", "15:00", role_id="second", visit_type_ids=("other",))
    clinic.visit_type("other").request("bob", visit_type_id="other").request("ann")
    clinic.appointment("14:00", "14:15", request="bob", role_id="second")
    assert places(clinic) == expected


@pytest.mark.parametrize(("rooms", "expected"), [(1, ["s1 09:15"]), (2, ["s1 09:00", "s1 09:15"])])
def test_a_room_held_by_another_doctor_is_held(rooms: int, expected: list[str]) -> None:
    """A visit of a doctor whom the request cannot see holds the only room."""
    clinic = Clinic().visit_type("visit", resources=("room",)).resource("room", capacity=rooms)
    clinic.doctor("other").role("closed", doctor_id="other", accepts_new="none")
    clinic.session("09:00", "09:30").session("09:00", "09:30", role_id="closed")
    clinic.request("bob").appointment("09:00", "09:15", request="bob", role_id="closed")
    assert places(clinic.request("ann")) == expected


def test_a_doctor_is_in_one_place() -> None:
    """A visit by video keeps the doctor from the office at that time; a service may be at two."""
    clinic = hour().video_role(accepts_new="none").session("09:00", "10:00", role_id="video")
    clinic.request("bob").appointment("09:15", "09:45", request="bob", role_id="video")
    assert places(clinic) == ["s1 09:00", "s1 09:45"]
    clinic.services.append(Service(id="chair"))
    for role in ("role", "video"):
        kept = next(row for row in clinic.roles if row.id == role)
        more = {"service_id": "chair", "accepts_new": kept.accepts_new}
        where = {"location_id": kept.location_id, "time_zone": kept.time_zone}
        clinic.role(role, **more, **where, licensed_states=kept.licensed_states)
    assert len(places(clinic)) == 4


def test_a_patient_is_in_one_place() -> None:
    """Another appointment of the patient, with a doctor who does not take the request, binds."""
    clinic = hour().doctor("other").role("closed", doctor_id="other", accepts_new="none")
    clinic.session("09:00", "10:00", role_id="closed").request("ann-2", "ann")
    clinic.appointment("09:20", "09:35", request="ann-2", role_id="closed")
    assert places(clinic) == ["s1 09:00", "s1 09:45"]


@pytest.mark.parametrize(("end", "expected"), [("09:10", ["s1 09:30", "s1 09:45"]), ("09:11", 1)])
def test_the_way_from_another_appointment_takes_time(end: str, expected: Any) -> None:
    """20 minutes from uptown: there until 9:10 is time enough for 9:30, until 9:11 is not."""
    clinic = hour().location("uptown", coordinates=UPTOWN).doctor("other")
    clinic.role("closed", doctor_id="other", location_id="uptown", accepts_new="none")
    clinic.request("ann-2", "ann").appointment("08:45", end, request="ann-2", role_id="closed")
    found = places(clinic)
    assert found == (expected if isinstance(expected, list) else ["s1 09:45"])


def test_reserved_cells_wait_for_the_urgent() -> None:
    """A session kept for urgent patients is nobody else's until it is released."""
    clinic = Clinic().session("09:00", "09:15", day=4, reserved_for="urgent").request("ann")
    assert places(clinic) == []
    assert places(clinic.request("bob", urgency="urgent"), "bob") == ["s1 09:00"]


def test_a_day_session_has_seats_and_its_own_hours() -> None:
    """One seat of two is booked: the place is the session's, from its start to its end."""
    clinic = Clinic().session("08:00", "12:00", kind="day", cell_minutes=None, capacity=2)
    clinic.request("ann").request("bob").appointment("08:00", "12:00", request="bob")
    (place,) = find(clinic.dataset(), "ann").places
    assert (place.where.start, place.where.end) == (at("08:00"), at("12:00"))
    clinic.request("cid").appointment("08:00", "12:00", request="cid")
    assert places(clinic) == []


def test_holds_count_until_they_end() -> None:
    """A hold that has run out leaves its place free."""
    clinic = Clinic(as_of=at("08:00")).session("09:00", "09:15").request("ann").request("bob")
    until = at("08:00") + timedelta(minutes=1)
    clinic.appointment("09:00", "09:15", request="bob", status="held", held_until=until)
    assert places(clinic) == []
    clinic.appointments.clear()
    clinic.appointment("09:00", "09:15", request="bob", status="held", held_until=at("08:00"))
    assert places(clinic) == ["s1 09:00"]


def test_without_a_place_the_answer_says_why() -> None:
    """The last rule that took a candidate away is named, as in a match."""
    clinic = hour().request("bob").appointment("09:00", "10:00", request="bob")
    found = find(clinic.dataset(), "ann")
    assert (found.places, found.considered) == ((), 0)
    assert (found.reason, found.ruled_out_by) == ("no_candidate", "taken")
    clinic.role("role", genders_served=("male",))
    assert find(clinic.dataset(), "ann").ruled_out_by == "gender"
    assert find(Clinic().request("ann").dataset(), "ann").ruled_out_by == "no_session"


def test_a_gap_that_only_a_third_visit_could_close_leaves_no_room() -> None:
    """In any order a candidate far from the partner's visit may stand in a match, where the
    third could come between; alone it stands only near.
    """
    clinic = hour().session("11:00", "11:15").request("bob").request("cid")
    clinic.doctor("other").role("other", doctor_id="other", accepts_new="none")
    clinic.appointment("08:00", "08:45", request="bob", role_id="other")
    clinic.link("ann", "bob", "cid", max_gap_minutes=30)
    found = find(clinic.dataset(), "ann")
    assert told(found) == ["s1 09:00", "s1 09:15"]
    assert (found.considered, found.linked_with) == (5, ("cid",))
    clinic.sessions = clinic.sessions[1:]
    found = find(clinic.dataset(), "ann")
    assert (found.reason, found.ruled_out_by, found.considered) == ("crowded_out", None, 1)


def test_partners_bind_by_their_appointments_and_are_named_while_open() -> None:
    """All or none asks nothing of one request; the order counts next to a partner's visit."""
    clinic = hour().request("bob").link("bob", "ann", all_or_none=True, ordered=True)
    found = find(clinic.dataset(), "ann")
    assert found.is_linked
    assert found.linked_with == ("bob",)
    assert len(found.places) == 4
    clinic.appointment("09:15", "09:30", request="bob")
    found = find(clinic.dataset(), "ann")
    assert not found.is_linked
    assert told(found) == ["s1 09:30", "s1 09:45"]


def test_neighbours_in_a_link_are_those_of_the_whole_link() -> None:
    """A largest gap is between neighbours in the list: with an open one between them, two
    visits may lie farther apart.
    """
    clinic = hour().request("bob").request("cid").appointment("08:00", "08:15", request="cid")
    clinic.link("cid", "bob", "ann", ordered=True, max_gap_minutes=0)
    assert len(places(clinic)) == 4
    clinic.links.clear()
    assert places(clinic.link("cid", "ann", ordered=True, max_gap_minutes=45)) == ["s1 09:00"]


def test_a_held_place_stays_taken_and_the_patient_is_free() -> None:
    """Other places are offered next to the own one, also at its time with another doctor, and
    as if the visit there still counted for its day.
    """
    clinic = hour().doctor("other").role("other", doctor_id="other")
    clinic.session("09:00", "09:30", role_id="other").appointment("09:00", "09:15", request="ann")
    found = find(clinic.dataset(), "ann", 20)
    assert found.held is not None
    assert (found.held.session_id, found.held.start) == ("s1", at("09:00"))
    assert told(found) == ["s2 09:00", "s1 09:15", "s2 09:15", "s1 09:30", "s1 09:45"]
    clinic.role("role", daily_caps=(DailyCap(limit=1),))
    assert places(clinic) == ["s2 09:00", "s2 09:15"]


def test_families_and_practices_are_known_in_an_extract() -> None:
    """A doctor who takes relatives alone takes Ann for her brother's sake, and not Bob."""
    clinic = Clinic().role("role", accepts_new="family").session("09:00", "09:15")
    clinic.patient("carl", family_id="F", established_with=("dr",))
    clinic.patient("ann", family_id="F").request("ann").patient("bob", family_id="G").request("bob")
    finder = Finder(clinic.dataset())
    assert told(finder.find("ann")) == ["s1 09:00"]
    assert finder.find("bob").ruled_out_by == "new_patients"


def test_the_load_counts_where_the_policy_asks_for_it() -> None:
    """Of two doctors at one price, the idle one comes first."""
    policy = Policy.default().replace("load_spread", steps_per_doctor=4)
    clinic = Clinic().doctor("a-busy").role("busy", doctor_id="a-busy")
    clinic.session("09:00", "10:00", id="a", role_id="busy").session("09:00", "10:00", id="b")
    clinic.appointment("09:30", "10:00", role_id="busy").request("ann", latest=at("09:15"))
    found = find(clinic.dataset(), "ann", policy=policy)
    assert told(found) == ["b 09:00", "a 09:00"]
    assert [place.values["load"] for place in found.places] == [1, 3]
    assert [place.contributions["load_spread"] for place in found.places] == [1, 3]
    assert places(clinic) == ["a 09:00", "b 09:00"]


def test_a_request_that_is_not_there_is_refused_with_ids_like_it() -> None:
    """The mistake has a code, the id as it was given, and names that are near."""
    finder = Finder(hour().request("annabel").dataset())
    with pytest.raises(RequestError, match="Maybe one of: ann, annabel") as caught:
        finder.find("anna")
    (problem,) = caught.value.problems
    assert (problem.code, problem.path, problem.value) == (
        "dangling_reference",
        "request_id",
        "'anna'",
    )
    for odd in ("", "\ud800", "\x00", "a" * 100_000):
        with pytest.raises(RequestError) as caught:
            finder.find(odd)
        assert caught.value.problems[0].sentence().isprintable()


def test_an_urgency_without_a_class_is_refused() -> None:
    """As in a match, before anything is looked for."""
    clinic = hour().request("bob", urgency="whenever")
    with pytest.raises(PolicyError, match="whenever"):
        find(clinic.dataset(), "ann")


def test_a_place_that_a_judge_refuses_does_not_leave(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rules and judges that disagree are a fault of ours, and no answer."""

    def refuse(rule: Any, _snapshot: Any, plan: Any) -> list[Violation]:
        return [Violation(rule.name, "here", ("ann",))] if plan.is_placed.any() else []

    monkeypatch.setattr(slot_capacity, "violations", refuse)
    with pytest.raises(VerificationError, match="slot_capacity refuses: here"):
        places(hour())


def test_a_price_that_a_judge_counts_otherwise_does_not_leave(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Nor does a place at another price."""
    honest = wait.contributions
    monkeypatch.setattr(wait, "contributions", lambda *given: honest(*given) + 1)
    with pytest.raises(VerificationError, match="by the judges"):
        places(hour())


def test_an_empty_dataset_has_no_request() -> None:
    """Blocks alone, nobody who asks."""
    clinic = Clinic().session().appointment("09:00", "09:15")
    with pytest.raises(RequestError):
        find(clinic.dataset(), "ann")
