"""Finding while appointments come and go, against a finder that is built anew."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st
from worlds import tiny_worlds

from engine.domain import Appointment, Dataset, Patient, Request
from engine.find import Finder
from engine.found import Found
from engine.policy import Policy
from engine.search import Watch

ALL = 1_000
Policies = st.sampled_from([Policy.default(), Policy.default().replace("load_spread")])
FEW = settings(max_examples=25)


def said(found: Found) -> Found:
    """An answer without the name of what it rests on."""
    return replace(found, dataset_hash="")


class Desk:
    """A finder, and the dataset as it should know it."""

    def __init__(self, dataset: Dataset, policy: Policy) -> None:
        self.dataset = dataset
        self.policy = policy
        self.finder = Finder(dataset, policy)
        self.number = 0

    def next_id(self, kind: str) -> str:
        """A name that is new."""
        self.number += 1
        return f"{kind}-{self.number}"

    def active(self) -> list[Appointment]:
        """Appointments that count."""
        return [row for row in self.dataset.appointments if row.is_active(self.now)]

    @property
    def now(self) -> datetime:
        """As of when."""
        return self.dataset.header.as_of

    def take(self, row: Appointment) -> None:
        """Enter an appointment."""
        self.finder.taken(row)
        self.dataset = replace(self.dataset, appointments=(*self.dataset.appointments, row))

    def book(self, data: st.DataObject) -> None:
        """Take a place that is found for a request, if there is one; perhaps hold it only."""
        request = data.draw(st.sampled_from(self.dataset.requests))
        found = self.finder.find(request.id, 20)
        if found.held is not None or not found.places:
            return
        where = data.draw(st.sampled_from(found.places)).where
        minutes = data.draw(st.sampled_from([None, 5, 60]))
        until = None if minutes is None else self.now + timedelta(minutes=minutes)
        self.take(
            Appointment(
                id=self.next_id("booked"),
                request_id=request.id,
                role_id=where.role_id,
                start=where.start,
                end=where.end,
                status="booked" if until is None else "held",
                held_until=until,
            )
        )

    def block(self, data: st.DataObject) -> None:
        """Take time that no request holds: a session, or some of it, or what lies beside it."""
        session = data.draw(st.sampled_from(self.dataset.sessions))
        shift, length = data.draw(st.sampled_from([-10, 0, 15])), data.draw(st.integers(1, 40))
        start = session.start + timedelta(minutes=shift)
        end = start + timedelta(minutes=length)
        if session.kind == "day":
            start, end = session.start, session.end
        row = Appointment(id=self.next_id("block"), role_id=session.role_id, start=start, end=end)
        self.take(row)

    def free(self, data: st.DataObject) -> None:
        """Cancel an appointment, if there is one."""
        if self.active():
            gone = data.draw(st.sampled_from(self.active()))
            self.finder.freed(gone.id)
            kept = tuple(row for row in self.dataset.appointments if row is not gone)
            self.dataset = replace(self.dataset, appointments=kept)

    def wait(self, data: st.DataObject) -> None:
        """Let time pass."""
        minutes = data.draw(st.sampled_from([1, 30, 300, 2_000]))
        now = self.now + timedelta(minutes=minutes)
        self.finder.at(now)
        self.dataset = replace(self.dataset, header=replace(self.dataset.header, as_of=now))

    def ask(self, data: st.DataObject) -> None:
        """Ask for a request that is new, perhaps of a new patient; perhaps it stays."""
        request, patient = self.stranger(data)
        new = patient.id not in {row.id for row in self.dataset.patients}
        more = replace(
            self.dataset,
            requests=(*self.dataset.requests, request),
            patients=(*self.dataset.patients, patient) if new else self.dataset.patients,
        )
        given_patient = patient if new else None
        found = self.finder.find_new(request, given_patient, ALL)
        assert said(found) == said(Finder(more, self.policy).find(request.id, ALL))
        if data.draw(st.booleans()):
            self.finder.add(request, given_patient)
            self.dataset = more

    def stranger(self, data: st.DataObject) -> tuple[Request, Patient]:
        """A request like one that is there, and its patient, perhaps with words of their own."""
        like = data.draw(st.sampled_from(self.dataset.requests))
        patient = next(row for row in self.dataset.patients if row.id == like.patient_id)
        if data.draw(st.booleans()):
            words = data.draw(st.sampled_from([(), ("tlh",)]))
            languages = (*patient.languages, *words)
            patient = replace(patient, id=self.next_id("patient"), languages=languages)
        code = data.draw(st.sampled_from([like.specialty, "20", "strange"]))
        asked = replace(like, id=self.next_id("asked"), patient_id=patient.id, specialty=code)
        return asked, patient

    def look(self, data: st.DataObject) -> None:
        """Ask whether places are offered to who has one: those that a finder built anew names
        without that appointment, for as long as the visit takes, and no others.
        """
        holder = data.draw(st.sampled_from(self.dataset.requests)).id
        kept = tuple(row for row in self.dataset.appointments if row.request_id != holder)
        anew = Finder(replace(self.dataset, appointments=kept), self.policy).find(holder, ALL)
        named = {(row.where.role_id, row.where.start, row.where.end) for row in anew.places}
        for session in self.dataset.sessions:
            own = {(start, end) for role, start, end in named if role == session.role_id}
            begin, step = session.start, timedelta(minutes=session.cell_minutes or 15)
            for start, end in {*own, (begin, begin + step), (begin + step, begin + 2 * step)}:
                is_offered = self.finder.offers(holder, session.role_id, start, end)
                assert is_offered == ((start, end) in own), (session.role_id, start, end)

    def agrees(self) -> None:
        """Every request is answered as by a finder that is built anew."""
        anew = Finder(self.dataset, self.policy)
        for request in self.dataset.requests:
            assert said(self.finder.find(request.id, ALL)) == said(anew.find(request.id, ALL))


@FEW
@given(tiny_worlds(max_requests=4), Policies, st.data())
def test_after_any_changes_answers_are_those_of_a_finder_built_anew(
    dataset: Dataset, policy: Policy, data: st.DataObject
) -> None:
    """Appointments booked, held, blocked and freed, time that passes, requests that are new."""
    desk = Desk(dataset, policy)
    steps = (desk.book, desk.block, desk.free, desk.wait, desk.ask, desk.look)
    for step in data.draw(st.lists(st.sampled_from(steps), max_size=5)):
        step(data)
    desk.agrees()


@FEW
@given(tiny_worlds(max_requests=3, always=("caps", "day_session", "appointments")), st.data())
def test_the_same_where_days_are_full_and_seats_have_no_time(
    dataset: Dataset, data: st.DataObject
) -> None:
    """Caps that are reached, and seats in day sessions at one time, are found out anew."""
    desk = Desk(dataset, Policy.default())
    steps = (desk.book, desk.block, desk.free, desk.look)
    for step in data.draw(st.lists(st.sampled_from(steps), max_size=6)):
        step(data)
        desk.finder.find(dataset.requests[0].id)
    desk.agrees()


@FEW
@given(tiny_worlds(max_requests=4, always=("appointments",)), Policies, st.data())
def test_who_has_a_place_is_offered_what_is_left_without_it(
    dataset: Dataset, policy: Policy, data: st.DataObject
) -> None:
    """And after such a look every answer is what it was before."""
    desk = Desk(dataset, policy)
    desk.book(data)
    before = [desk.finder.find(row.id, ALL) for row in dataset.requests]
    desk.look(data)
    assert before == [desk.finder.find(row.id, ALL) for row in dataset.requests]


@FEW
@given(tiny_worlds(max_requests=5), Policies)
def test_a_closer_look_sees_the_same(dataset: Dataset, policy: Policy) -> None:
    """Whether a doctor's places are known by tables, or looked at next to all that the doctor
    does, changes no answer.
    """
    finder, close = Finder(dataset, policy), Finder(dataset, policy)
    close._watch.is_watched[:] = True
    assert isinstance(close._watch, Watch)
    for request in dataset.requests:
        assert finder.find(request.id, ALL) == close.find(request.id, ALL)
        assert finder.find(request.id, 2) == close.find(request.id, 2)
