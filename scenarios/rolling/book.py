"""The book: who waits, who holds which place, and what became of everybody."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from itertools import chain
from zoneinfo import ZoneInfo

from engine.domain import Appointment, Dataset, Interval, Request
from engine.interchange.unique_id import unique_id
from engine.time_grid import beginning_of
from scenarios.measures.grouping import groups_by
from scenarios.rolling.arrivals import Arrival
from scenarios.rolling.history import COUNTED, Journey, State
from scenarios.rolling.sessions import Sessions


class Book:
    """State of a rolling run, as a dataset whose ``as_of`` moves on.

    It holds the requests that wait or have a place, and nothing of those that are done with but
    their journeys. A visit stays in it until the doctor is free again.

    Attributes
    ----------
    journeys
        By request, in the order in which they arrived.
    place_of
        By request, its appointment.
    since
        By request, since when the patient could come and waits for a place; UTC.
    """

    def __init__(self, dataset: Dataset, *, starts_empty: bool) -> None:
        header = dataset.header
        self._base = dataset
        self._groups_of = groups_by(dataset)
        self._zone = ZoneInfo(header.time_zone)
        self._kept = {row.id for row in dataset.patients if row.family_id is not None}
        self._patients = {row.id: row for row in dataset.patients}
        self._requests: dict[str, Request] = {}
        self._appointments = {
            row.id: row
            for row in dataset.appointments
            if row.is_active(header.as_of) and row.end.astimezone(UTC) > header.as_of
        }
        self._appointment_ids = {row.id for row in dataset.appointments}
        self._live_of_patient: Counter[str] = Counter()
        self.sessions = Sessions(dataset.sessions)
        self.journeys: dict[str, Journey] = {}
        self.place_of: dict[str, str] = {}
        self.since: dict[str, datetime] = {}
        self._counts: Counter[str] = Counter()
        self._linked = {name for link in dataset.links for name in link.request_ids}
        self._keep_patients_of(self._first_requests(starts_empty=starts_empty))

    def _first_requests(self, *, starts_empty: bool) -> list[Request]:
        """Requests of the dataset that take part: not those whose visit is over."""
        held = {row.request_id for row in self._appointments.values()}
        now = self._base.header.as_of
        told = (row for row in self._base.appointments if row.is_active(now))
        over = {row.request_id for row in told} - held
        return [
            row
            for row in self._base.requests
            if row.id in held or not (row.id in over or starts_empty)
        ]

    def _keep_patients_of(self, requests: Sequence[Request]) -> None:
        self.first = tuple(requests)
        used = {row.patient_id for row in requests} | self._kept
        self._patients = {name: row for name, row in self._patients.items() if name in used}

    def arrives(self, arrival: Arrival) -> None:
        """A request is made, or was made before the run; where it has a place, it keeps it."""
        row, asked = arrival.request, arrival.asked
        self._patients.setdefault(arrival.patient.id, arrival.patient)
        self._requests[row.id] = row
        self._live_of_patient[row.patient_id] += 1
        ready = asked
        if row.earliest is not None:
            ready = max(asked, beginning_of(row.earliest, self._zone).astimezone(UTC))
        self.since[row.id] = ready
        self.journeys[row.id] = Journey(
            row.id, row.patient_id, row.urgency, self._groups_of(row, arrival.patient), asked, ready
        )
        self._counts["arrived"] += 1

    def takes_up(self) -> None:
        """Requests of the dataset that hold an appointment have a place from the beginning."""
        for place in self._appointments.values():
            if place.request_id is not None:
                self._holds(place)
                self._counts["placed"] += 1

    def _holds(self, place: Appointment, told_on: datetime | None = None, moves: int = 0) -> None:
        name = place.request_id or ""
        journey = self.journeys[name]
        self.place_of[name] = place.id
        self.journeys[name] = replace(
            journey,
            state="placed",
            placed_on=journey.placed_on or told_on,
            role_id=place.role_id,
            start=place.start.astimezone(UTC),
            times_moved=journey.times_moved + moves,
        )

    def new_id(self, request_id: str) -> str:
        """An id for the appointment of a request, if it gets one."""
        is_free = request_id not in self._appointment_ids
        return request_id if is_free else unique_id(request_id, self._appointment_ids)

    def place(self, place: Appointment, now: datetime) -> None:
        """Who waited has a place."""
        self._appointments[place.id] = place
        self._appointment_ids.add(place.id)
        self._holds(place, now.astimezone(UTC))
        self._counts["placed"] += 1

    def move(self, place: Appointment) -> None:
        """Who had a place has another."""
        self._appointments[place.id] = place
        self._holds(place, moves=1)
        self._counts["moved"] += 1

    def lose(self, request_id: str, now: datetime) -> None:
        """Who had a place waits again."""
        self.since[request_id] = now.astimezone(UTC)
        del self._appointments[self.place_of.pop(request_id)]
        self.journeys[request_id] = replace(self.journeys[request_id], state="waiting")
        self._counts["lost"] += 1

    def end(self, request_id: str, state: State, now: datetime, counted: str) -> None:
        """A request reaches its end; ``counted`` says where in ``Day``."""
        place_id = self.place_of.pop(request_id, None)
        if place_id is not None:
            del self._appointments[place_id]
        patient_id = self._requests.pop(request_id).patient_id
        self._live_of_patient[patient_id] -= 1
        if not self._live_of_patient[patient_id] and patient_id not in self._kept:
            del self._patients[patient_id]
        ended = replace(self.journeys[request_id], state=state, ended_on=now.astimezone(UTC))
        self.journeys[request_id] = ended
        self._counts[counted] += 1

    def taken_note(self) -> dict[str, int]:
        """What happened since the last time, by the fields of ``Day``."""
        noted = {name: self._counts[name] for name in COUNTED}
        self._counts.clear()
        return noted

    def is_linked(self, request_id: str) -> bool:
        """Whether a request belongs together with others."""
        return request_id in self._linked

    def request(self, request_id: str) -> Request | None:
        """A request that waits or has a place; ``None`` where it is done with."""
        return self._requests.get(request_id)

    def appointment(self, request_id: str) -> Appointment | None:
        """Where a request has its place."""
        place_id = self.place_of.get(request_id)
        return None if place_id is None else self._appointments[place_id]

    @property
    def live(self) -> Iterable[str]:
        """Requests that wait or have a place."""
        return self._requests.keys()

    @property
    def appointments(self) -> Iterable[Appointment]:
        """Places and blocks."""
        return self._appointments.values()

    def waiting(self, *, linked: bool | None = None) -> list[Request]:
        """Requests without a place, by when they were made; if asked, of links or of none."""
        found = [
            row
            for name, row in self._requests.items()
            if name not in self.place_of and linked in (None, name in self._linked)
        ]
        return sorted(found, key=lambda row: self.journeys[row.id].asked)

    def forget_blocks(self, now: datetime) -> None:
        """Leave out blocks that are over."""
        over = [
            row.id
            for row in self._appointments.values()
            if row.request_id is None and row.end.astimezone(UTC) <= now
        ]
        for name in over:
            del self._appointments[name]

    def mended(self, after: Dataset) -> None:
        """Take over the sessions that an event left, and how often patients were moved."""
        self.sessions = Sessions(after.sessions)
        self._patients = {row.id: row for row in after.patients}

    def dataset(
        self,
        now: datetime,
        until: datetime,
        asked: Sequence[Arrival] = (),
        *,
        whole: bool = False,
        only: Iterable[Request] | None = None,
    ) -> Dataset:
        """How things are at some instant.

        Parameters
        ----------
        now, until
            Places are given between the two.
        asked
            Requests that will be made meanwhile.
        whole
            With sessions and blocks that begin later than that.
        only
            Of the requests without a place, these; by default all.
        """
        new = [row.request for row in asked]
        chosen = None if only is None else {row.id for row in only}
        requests = [
            row
            for name, row in self._requests.items()
            if chosen is None or name in self.place_of or name in chosen
        ]
        there = {row.id for row in chain(requests, new)}
        sessions = self.sessions.left(now) if whole else self.sessions.between(now, until)
        places = self._appointments.values()
        patients = self._patients | {row.patient.id: row.patient for row in asked}
        return replace(
            self._base,
            header=replace(self._base.header, as_of=now, horizon=Interval(start=now, end=until)),
            patients=tuple(patients.values()),
            requests=(*requests, *new),
            links=tuple(row for row in self._base.links if there.issuperset(row.request_ids)),
            sessions=sessions,
            appointments=tuple(
                row
                for row in places
                if whole or row.request_id is not None or row.start.astimezone(UTC) < until
            ),
        )
