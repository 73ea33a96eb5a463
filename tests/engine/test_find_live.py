"""Finding while appointments come and go: what is refused, and what else can be asked."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from clinic import Clinic, at

from engine.arrays import Int
from engine.domain import Appointment, DailyCap, Declined, Patient, Request
from engine.errors import DatasetError, RequestError
from engine.find import Finder
from engine.found import Extras, Grouping
from engine.snapshot import Asked, Extracts, Worlds


def hour() -> Clinic:
    """A doctor with four quarters of an hour, and Ann, who asks for one."""
    return Clinic().session("09:00", "10:00").request("ann")


def starts(finder: Finder, request_id: str = "ann") -> list[str]:
    """Where a request could go."""
    return [place.where.start.strftime("%H:%M") for place in finder.find(request_id).places]


def booked(start: str, **fields: object) -> Appointment:
    """A quarter of an hour that is taken."""
    begin = at(start)
    given = {"id": "new", "role_id": "role", "start": begin, "end": begin + timedelta(minutes=15)}
    return Appointment(**(given | fields))


def test_a_place_that_is_taken_is_gone_and_is_back_when_it_is_freed() -> None:
    """The hash of what the answer rests on changes with both."""
    finder = Finder(hour().dataset())
    before = finder.find("ann")
    finder.taken(booked("09:15"))
    assert starts(finder) == ["09:00", "09:30", "09:45"]
    finder.freed("new")
    after = finder.find("ann")
    assert after.places == before.places
    assert after.dataset_hash != before.dataset_hash


def test_a_hold_ends_by_itself_when_its_time_is_over() -> None:
    """Until then it is taken; places lie in the past when time has passed them."""
    finder = Finder(hour().dataset())
    finder.taken(booked("09:15", status="held", held_until=at("07:05")))
    finder.at(at("07:04"))
    assert "09:15" not in starts(finder)
    finder.at(at("07:05"))
    assert "09:15" in starts(finder)
    finder.at(at("09:20"))
    assert starts(finder) == ["09:30", "09:45"]


def test_what_cannot_be_entered_is_refused_by_code() -> None:
    """An id that is taken, a role or request that is not there, a second place of a request."""
    finder = Finder(hour().dataset())
    finder.taken(booked("09:00", request_id="ann"))
    for row, code in (
        (booked("09:15"), "duplicate_id"),
        (booked("09:15", id="b", role_id="nobody"), "dangling_reference"),
        (booked("09:15", id="b", request_id="nobody"), "dangling_reference"),
        (booked("09:15", id="b", request_id="ann"), "two_places"),
    ):
        with pytest.raises(DatasetError) as caught:
            finder.taken(row)
        assert [problem.code for problem in caught.value.problems] == [code]
    with pytest.raises(DatasetError, match="no such appointment"):
        finder.freed("nothing")


def test_who_is_not_known_can_ask_and_can_stay() -> None:
    """A request is answered without being known; added, it can hold a place."""
    clinic = hour()
    finder = Finder(clinic.dataset())
    like = next(row for row in clinic.dataset().requests if row.id == "ann")
    request = Request(
        id="zoe", patient_id="zoe", visit_type_id=like.visit_type_id, created=like.created
    )
    zoe = Patient(id="zoe", languages=("tlh",))
    assert len(finder.find_new(request, zoe).places) == 4
    with pytest.raises(DatasetError, match="no patient with this id"):
        finder.find_new(request)
    finder.add(request, zoe)
    finder.taken(booked("09:00", request_id="zoe"))
    assert finder.find("zoe").held is not None
    assert starts(finder) == ["09:15", "09:30", "09:45"]
    with pytest.raises(RequestError, match="is known"):
        finder.find_new(request, zoe)


def test_a_request_of_a_time_without_clocks_or_of_no_class_is_refused() -> None:
    """Clocks are known for years around the dataset, and classes by the policy."""
    finder = Finder(hour().dataset())
    like = next(row for row in hour().dataset().requests if row.id == "ann")
    given = {"patient_id": "ann", "visit_type_id": like.visit_type_id, "created": like.created}
    with pytest.raises(RequestError, match="too far") as caught:
        finder.find_new(Request(id="late", latest=date(2096, 1, 1), **given))
    assert caught.value.problems[0].code == "out_of_range"
    with pytest.raises(DatasetError) as refused:
        finder.find_new(Request(id="odd", urgency="whenever", **given))
    assert refused.value.problems[0].path == "/request/urgency"


def test_a_request_that_breaks_a_check_is_refused_where_it_does() -> None:
    """All that is wrong with it and with its patient, each at its place; what is wrong with a
    patient who is known is not looked at.
    """
    clinic = hour().patient("homeless", home=None)
    finder = Finder(clinic.dataset())
    like = next(row for row in clinic.dataset().requests if row.id == "ann")
    given = {"id": "new", "visit_type_id": like.visit_type_id, "created": like.created}
    request = Request(
        patient_id="zoe",
        earliest=date(2026, 3, 3),
        latest=date(2026, 3, 2),
        declined=(Declined(doctor_id="nobody"),),
        max_travel_km=3.0,
        **given,
    )
    with pytest.raises(DatasetError) as caught:
        finder.find_new(request, Patient(id="zoe", insurance_plan_id="none"))
    assert {(row.code, row.path) for row in caught.value.problems} == {
        ("dangling_reference", "/patient/insurance_plan_id"),
        ("empty_interval", "/request/latest"),
        ("dangling_reference", "/request/declined/0/doctor_id"),
        ("max_travel_without_home", "/request/max_travel_km"),
    }
    with pytest.raises(DatasetError) as caught:
        finder.find_new(Request(patient_id="homeless", max_travel_km=3.0, **given))
    assert [row.code for row in caught.value.problems] == ["max_travel_without_home"]


def test_what_else_an_answer_holds() -> None:
    """The next place where there is none, and counts where there are fewer than asked for; each
    always, or never, on wish.
    """
    clinic = hour().session("08:00", "08:30", day=1).request("bob", latest=at("09:00"))
    finder = Finder(clinic.dataset())
    none, some = finder.find("bob", 4, Extras()), finder.find("ann", 4, Extras())
    assert none.places == () != some.places
    assert none.next_available == finder.next_available("bob") is not None
    assert none.counts == finder.counts("bob")
    assert (some.next_available, some.counts) == (None, None)
    assert finder.find("ann", 100, Extras()).counts == finder.counts("ann")
    every = finder.find("ann", 4, Extras(next_available=True, counts=True))
    assert every.next_available == every.places[0].where
    assert every.counts == finder.counts("ann")
    bare = finder.find("bob", 4, Extras(next_available=False, counts=False))
    assert bare == finder.find("bob", 4)
    assert (bare.next_available, bare.counts) == (None, None)
    by_day = Extras(Grouping("day", 2))
    assert finder.find("ann", 1, by_day).counts is None
    assert finder.find("ann", 1, Extras(Grouping("day", 3))).counts is not None


def test_who_has_a_place_is_offered_those_that_overlap_it() -> None:
    """Ann's own visit is in nobody's way but of others: it could begin earlier or later, beside
    her linked visit and within the doctor's cap of two, where Bob could not go. A find tells her
    nothing new.
    """
    clinic = Clinic().visit_type("visit", minutes=30).role("role", daily_caps=(DailyCap(limit=2),))
    clinic.session("09:00", "10:15").request("ann").request("ann-2", "ann").request("bob")
    clinic.link("ann", "ann-2", same_day=True)
    finder = Finder(clinic.dataset())
    for name, begin in (("ann", "09:15"), ("ann-2", "09:45")):
        end = at(begin) + timedelta(minutes=30)
        finder.taken(booked(begin, id=name, request_id=name, end=end))

    def offered(request: str) -> list[str]:
        minutes = (at("09:00") + timedelta(minutes=start) for start in range(0, 60, 5))
        half = timedelta(minutes=30)
        return [f"{m:%H:%M}" for m in minutes if finder.offers(request, "role", m, m + half)]

    before = finder.find("ann")
    assert offered("ann") == ["09:00", "09:15"]
    assert offered("ann-2") == ["09:45"]
    assert offered("bob") == starts(finder, "bob") == []
    assert finder.find("ann") == before
    assert finder.find("ann").held is not None


def test_the_next_available_place_is_beyond_the_window() -> None:
    """Nothing is left on the day asked for; the next place is told, by time and not by price."""
    clinic = Clinic().session("09:00", "10:00", day=2).doctor("other")
    clinic.role("other", doctor_id="other").session("08:00", "09:00", 3, role_id="other")
    clinic.request("ann", latest=at("17:00"), declined=(Declined(start=at("09:00", 2)),))
    finder = Finder(clinic.dataset())
    assert finder.find("ann").places == ()
    place = finder.next_available("ann")
    assert place is not None
    assert place.start == at("09:15", 2)
    assert Finder(Clinic().request("ann").dataset()).next_available("ann") is None


def test_counts_tell_what_every_rule_leaves() -> None:
    """Of four free places one is taken, and one lies outside the window."""
    clinic = Clinic().session("09:00", "10:00").appointment("09:00", "09:15")
    clinic.request("ann", latest=at("09:45"))
    counts = Finder(clinic.dataset()).counts("ann")
    assert counts["specialty"] == 1
    assert counts["no_session"] == 1
    assert (counts["taken"], counts["time_window"]) == (3, 2)


def test_of_several_doctors_who_changed_each_is_known_for_what_it_is() -> None:
    """The ninth doctor's day is full after a booking, the second's is not, whichever is looked at
    first.
    """
    clinic = Clinic().request("bob").request("ann")
    for number in range(9):
        clinic.doctor(f"d{number}")
        caps = (DailyCap(limit=1),)
        clinic.role(f"r{number}", doctor_id=f"d{number}", daily_caps=caps)
        clinic.session("09:00", "09:30", role_id=f"r{number}", id=f"s{number}")
    finder = Finder(clinic.dataset())
    finder.taken(booked("09:00", id="visit", request_id="bob", role_id="r7"))
    finder.taken(booked("09:00", id="block", role_id="r0"))
    for _ in range(2):
        found = finder.find("ann", 100)
        sessions = {place.where.session_id for place in found.places}
        assert sessions == {f"s{number}" for number in range(9) if number != 7}
        assert found.considered == len(found.places) == 15


def test_where_nothing_is_free_nothing_is_looked_at_closely(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Doctors whose rooms could be taken are looked at next to all that they do, unless they have
    no free time: a practice that is booked up is the first that everybody asks about. What each
    rule leaves is told all the same.
    """
    clinic = Clinic().resource("room").request("ann")
    clinic.visit_type("visit", minutes=15, resources=("room",))
    for number in range(3):
        clinic.role(f"r{number}").session("09:00", "09:15", role_id=f"r{number}", id=f"s{number}")
        clinic.appointment("09:00", "09:15", role_id=f"r{number}")
    looked: list[int] = []
    apart = Extracts.apart

    def counted(self: Extracts, asked: Asked, doctors: Int) -> Worlds:
        looked.append(len(doctors))
        return apart(self, asked, doctors)

    monkeypatch.setattr(Extracts, "apart", counted)
    found = Finder(clinic.dataset()).find("ann", extras=Extras(counts=True))
    assert not found.places
    assert found.ruled_out_by == "taken"
    assert sum(looked) == 0
