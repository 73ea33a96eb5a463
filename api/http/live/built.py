"""An index as it was made, which hears of what comes and goes since."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from heapq import heapify, heappop, heappush

from api.http.asking import LiveFindRequest
from api.store.errors import StoreError
from api.store.following import News, news, whole
from api.store.placing import Place
from api.store.store import Store
from engine.domain import Appointment, Dataset, Patient, Request
from engine.errors import InvalidInputError, RequestError
from engine.find import Finder
from engine.found import Found
from engine.problems import Problem, shown
from engine.time_grid import elapsed

MOST_FOLLOWED = 500
"""Changes, after those of one look, that are taken over one by one, some 2 ms each."""

_MINUTE = timedelta(minutes=1)


class Built:
    """The best places for the requests of a dataset, with the appointments of a store.

    Holds end by the database's clock: the finder knows of no time at which they do.

    Parameters
    ----------
    store
        Whose changes are heard of.
    dataset
        As it was made of.
    sequence
        The last change that the dataset has.
    now
        The database's clock then.
    since
        By how much the time in its world is later than that.
    """

    def __init__(
        self, store: Store, dataset: Dataset, sequence: int, now: datetime, since: timedelta
    ) -> None:
        self._store = store
        self._since = since
        self._sequence = sequence
        active = [row for row in dataset.appointments if row.is_active(now)]
        self._ends = {row.id: _end(row) for row in active}
        self._holds = [(end, id) for id, end in self._ends.items() if end is not None]
        heapify(self._holds)
        self._requests = {row.id for row in dataset.requests}
        self._patients = {row.id for row in dataset.patients}
        self._is_whole = True
        if since:
            dataset = replace(dataset, header=replace(dataset.header, as_of=now + since))
        self._now = dataset.header.as_of
        rows = tuple(_as_booked(row) for row in active)
        self._finder = Finder(replace(dataset, appointments=rows), store.policy)

    @classmethod
    def of(cls, store: Store, since: timedelta) -> Built:
        """Make one of what a store holds now.

        Raises
        ------
        StoreError
            It holds no dataset.
        """
        world = whole(store)
        if world.dataset is None:
            where = store.database.where
            raise StoreError([Problem("empty_store", where, "it holds no dataset")])
        return cls(store, world.dataset, world.sequence, world.now, since)

    def find(self, request_id: str, k: int) -> Found:
        """The best places for a request."""
        return self._finder.find(request_id, k)

    def answer(self, asked: LiveFindRequest) -> Found:
        """What is asked for, of a request that is known or of one that comes along."""
        k, extras, patient = asked.num_places, asked.extras, asked.patient
        if asked.request is None:
            return self._finder.find(asked.request_id or "", k, extras)
        if patient is not None and patient.id in self._patients:
            message = "the store has this patient"
            raise RequestError([Problem("duplicate_id", "/patient/id", message, shown(patient.id))])
        return self._finder.find_new(asked.request, patient, k, extras)

    def offers(self, request_id: str, place: Place) -> bool:
        """Whether a request may go to a place, which nobody else has."""
        where = place.role_id, place.start, place.end, place.session_id
        return self._finder.offers(request_id, *where)

    def follow(self) -> bool:
        """Hear of every change since; whether it could take all of them over.

        Of very many it hears nothing: it is made anew sooner, and nobody waits meanwhile.
        """
        found = news(self._store, self._sequence)
        if found.left > MOST_FOLLOWED:
            return False
        self._take_over(found)
        while found.left:
            found = news(self._store, self._sequence)
            self._take_over(found)
        self._end_holds(found.now)
        self._let_pass(found.now + self._since)
        return self._is_whole

    def _take_over(self, found: News) -> None:
        """Take changes over."""
        try:
            self._hear(found)
        except BaseException:
            self._is_whole = False  # nobody knows how much of it was heard
            raise
        finally:
            self._sequence = found.sequence

    def _hear(self, found: News) -> None:
        self._is_whole &= all(self._is_nothing(kind, id) for kind, id in found.others)
        for id in found.appointments:
            self._free(id)
        for request, patient in found.requests:
            self._add(request, patient)
        for row in found.appointments.values():
            if row is not None and row.is_active(found.now):
                self._take(row)

    def _is_nothing(self, kind: str, id: str) -> bool:
        """Whether a change does not matter: who never asked comes with the first request."""
        return kind == "patients" and id not in self._patients

    def _add(self, request: Request, patient: Patient) -> None:
        if request.id in self._requests:
            self._is_whole = False
            return
        is_known = patient.id in self._patients
        self._try(lambda: self._finder.add(request, None if is_known else patient))
        self._requests.add(request.id)
        self._patients.add(patient.id)

    def _take(self, row: Appointment) -> None:
        if self._try(lambda: self._finder.taken(_as_booked(row))):
            end = self._ends[row.id] = _end(row)
            if end is not None:
                heappush(self._holds, (end, row.id))

    def _free(self, id: str) -> None:
        if id in self._ends:
            del self._ends[id]
            self._finder.freed(id)

    def _try(self, hear: Callable[[], None]) -> bool:
        """Whether the finder could take something over: it may be of what it does not know."""
        try:
            hear()
        except InvalidInputError:
            self._is_whole = False
            return False
        return True

    def _end_holds(self, now: datetime) -> None:
        while self._holds and elapsed(now, self._holds[0][0]) <= timedelta():
            end, id = heappop(self._holds)
            if self._ends.get(id) == end:  # else it was booked
                self._free(id)

    def _let_pass(self, now: datetime) -> None:
        """Let whole minutes pass; never backwards."""
        if now - self._now >= _MINUTE:
            self._now = now
            self._finder.at(now)


def _end(row: Appointment) -> datetime | None:
    """When it is over, if it is a hold."""
    return row.held_until if row.status == "held" else None


def _as_booked(row: Appointment) -> Appointment:
    return replace(row, status="booked", held_until=None) if row.status == "held" else row
