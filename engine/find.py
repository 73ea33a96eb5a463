"""Find: the best places for one request among what is free, at once."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cached_property
from hashlib import sha256
from heapq import heapify, heappop, heappush
from itertools import chain, islice

import numpy as np

from engine.arrays import NONE, ints
from engine.checks.asked import check_asked
from engine.domain import Appointment, Dataset, Patient, Request
from engine.errors import DatasetError, RequestError
from engine.found import Extras, Found, Group
from engine.interchange.canonical import dataset_hash, policy_hash
from engine.judging import require_places
from engine.policy import Policy
from engine.problems import Problem, one_of, shown
from engine.rules import Keyed, Objective, SelectiveWhoever
from engine.search import Search, Watch
from engine.snapshot import Asked, Book, Extracts, take_snapshot
from engine.snapshot.index import ALWAYS
from engine.snapshot.published import active
from engine.supply import Supply
from engine.time_grid import elapsed
from engine.where import Where, where_told

_IDS_COMPARED = 10_000  # more would take seconds
_CLOCKS_DAYS = 1_000
_NOTHING_ELSE = Extras(next_available=False, counts=False)


def find(
    dataset: Dataset,
    request_id: str,
    k: int = 10,
    policy: Policy | None = None,
    extras: Extras | None = None,
) -> Found:
    """Name the best ``k`` places for one request, next to what is booked.

    Who asks more than once of a dataset makes a ``Finder`` and asks that; parameters, answer
    and errors are the same.
    """
    return Finder(dataset, policy).find(request_id, k, extras)


class Finder:
    """Answers for any request where it could go, from arrays that are kept while appointments
    come and go.

    Parameters
    ----------
    dataset
        Without errors by ``engine.checks.check_dataset``.
    policy
        The default one where not given.

    Raises
    ------
    DatasetError
        The dataset was not checked, and refers to what is not there.
    PolicyError
        A request has an urgency that the policy does not know.
    """

    def __init__(self, dataset: Dataset, policy: Policy | None = None) -> None:
        self._policy = policy or Policy.default()
        self._policy.require_urgencies(dataset)
        whole = take_snapshot(dataset)
        whole = replace(whole, grid=whole.grid.widened(_CLOCKS_DAYS))
        self._header = dataset.header
        self._book = Book(whole)
        self._extracts = Extracts(self._book)
        whoever = [rule for rule in self._policy.place_rules if isinstance(rule, SelectiveWhoever)]
        self._supply = Supply(whole, self._policy.seats, whoever)
        keyed = [rule for rule in self._policy.pair_rules if isinstance(rule, Keyed)]
        self._supply.learn([rule for rule in keyed if rule.grain == "session"], whole)
        self._watch = Watch(whole, self._policy)
        self._holds = [(row.held_until, row.id) for row in active(dataset) if row.held_until]
        heapify(self._holds)
        self._dataset_hash = dataset_hash(dataset)
        self._policy_hash = policy_hash(self._policy)
        self._units = {rule.level: rule.unit for rule in self._policy.objectives}
        self._units |= {rule.name: rule.unit for rule in self._policy.objectives}
        self._lock = threading.Lock()

    def find(self, request_id: str, k: int = 10, extras: Extras | None = None) -> Found:
        """Name the best ``k`` places for one request.

        A place is a candidate that every rule of the policy admits and that no row refuses when
        it alone is placed next to the appointments: other open requests take no part. Places
        are ranked by the levels of the policy in their order, then by start, session and role.

        Where the request holds an appointment, that place stays taken and is not among the
        answers, but the patient, who would not go to both, is free. Where it is in a link,
        partners that hold appointments bind it, and partners that are open do not.

        Every place is judged by rules written a second time before it is returned.

        Parameters
        ----------
        extras
            What the answer holds beside; ``None``: nothing. With a grouping, ``k`` counts for
            nothing: the answer names the best places of every group, by the same order.

        Raises
        ------
        RequestError
            There is no such request.
        VerificationError
            The judges found a place or its values wrong: a fault of the engine.
        """
        with self._lock:
            asked = Asked.known(self._book.whole, self._request(request_id))
            return self._answer(asked, k, extras)

    def find_new(
        self,
        request: Request,
        patient: Patient | None = None,
        k: int = 10,
        extras: Extras | None = None,
    ) -> Found:
        """The same for a request that is not known, by a patient who may not be known either.

        Parameters
        ----------
        patient
            Who asks; not needed where the patient is known.

        Raises
        ------
        DatasetError
            The request or the patient breaks a check: it refers to what is not there, or to a
            class of urgency that the policy does not know, …
        RequestError
            The request is known, or speaks of a time too far away.
        VerificationError
            As ``find``.
        """
        with self._lock:
            return self._answer(self._new(request, patient), k, extras)

    def offers(
        self,
        request_id: str,
        role_id: str,
        start: datetime,
        end: datetime,
        session_id: str | None = None,
    ) -> bool:
        """Whether a place is one that a find could name, however good it is: every rule admits the
        request there, and it stands next to the appointments; next to those of others, for who
        takes it leaves the place that the request has. Where a session is named, it is in that one.

        Raises
        ------
        RequestError
            There is no such request.
        """
        with self._lock:
            whole, request = self._book.whole, self._request(request_id)
            role = whole.index.roles.get(role_id)
            if role is None:
                return False
            told = whole.grid.minutes_up(start), whole.grid.minutes_up(end)
            with self._without(int(self._book.of_request[request])):
                search = self._search(Asked.known(whole, request), self._policy)
                return search.offers(role, *told, session_id)

    def next_available(self, request_id: str) -> Where | None:
        """The earliest place from the request's ``earliest`` on, whatever its ``latest`` is and
        whatever the place costs; judged too. ``None``: there is none.

        Raises
        ------
        RequestError, VerificationError
            As ``find``.
        """
        with self._lock:
            return self._next(Asked.known(self._book.whole, self._request(request_id)))

    def counts(self, request_id: str) -> Mapping[str, int]:
        """How much every rule leaves a request, applied one after the other: roles first, then
        roles in their sessions, then places; with the stages ``no_session`` and ``taken``.

        Raises
        ------
        RequestError
            There is no such request.
        """
        with self._lock:
            asked = Asked.known(self._book.whole, self._request(request_id))
            return self._search(asked, self._policy).stages().counts(0)

    def add(self, request: Request, patient: Patient | None = None) -> None:
        """Make a new request known, and its patient if need be; errors as in ``find_new``.

        Tables of all requests are written anew: milliseconds where there are many.
        """
        with self._lock:
            self._book.admit(self._new(request, patient))
            self._note("add", request, patient)

    def taken(self, appointment: Appointment) -> None:
        """Hear of a new appointment: booked, or held from now on until its time.

        Raises
        ------
        DatasetError
            It refers to what is not there, its id is taken, or its request has a place already.
        """
        with self._lock:
            self._require_new(appointment)
            if not appointment.is_active(self._header.as_of):
                return
            index, grid = self._book.whole.index, self._book.whole.grid
            request_id, role = appointment.request_id, index.roles[appointment.role_id]
            request = NONE if request_id is None else index.requests[request_id]
            told = grid.minutes(appointment.start), grid.minutes(appointment.end)
            self._book.take(appointment.id, role, request, *told)
            if appointment.held_until is not None:
                heappush(self._holds, (appointment.held_until, appointment.id))
            self._changed(role)
            self._note("taken", appointment)

    def freed(self, appointment_id: str) -> None:
        """Hear that an appointment is no more: cancelled, moved, or a hold that was released.

        Raises
        ------
        DatasetError
            There is none with this id.
        """
        with self._lock:
            if appointment_id not in self._book:
                raise _wrong("dangling_reference", "there is no such appointment", appointment_id)
            self._free(appointment_id)

    def at(self, now: datetime) -> None:
        """Let time pass: places lie in the past, notice runs out, holds end."""
        with self._lock:
            self._header = replace(self._header, as_of=now)
            whole = self._book.whole
            self._book.whole = replace(whole, as_of_instant=now, as_of=whole.grid.minutes_up(now))
            self._supply.pass_time(self._book.whole)
            while self._holds and elapsed(now, self._holds[0][0]) <= timedelta():
                _, appointment_id = heappop(self._holds)
                if appointment_id in self._book:
                    self._free(appointment_id)
            self._note("at", now)

    def _answer(self, asked: Asked, k: int, extras: Extras | None) -> Found:
        if k < 1:
            raise ValueError(f"k {k} is below 1")
        extras = extras or _NOTHING_ELSE
        search = self._search(asked, self._policy)
        grouping = extras.grouping
        if grouping is None:
            count, ranking, best = search.best(k)
            parts, is_short = [best], len(best) < k
        else:
            count, ranking, parts = search.grouped(grouping)
            best, is_short = ranking.sorted(chain(*parts)), len(parts) < grouping.groups
        require_places(ranking, ints(best))
        places = {index: ranking.place(rank, index) for rank, index in enumerate(best, 1)}
        groups = ([places[index] for index in part] for part in parts)
        wants_counts = extras.wants_counts(is_short=is_short)
        stages = search.stages() if wants_counts or not count else None
        return Found(
            request_id=asked.requests.ids[0],
            places=tuple(places.values()),
            considered=count,
            reason=None if best else "crowded_out" if count else "no_candidate",
            ruled_out_by=None if count or stages is None else stages.last(0),
            held=self._held(asked.request),
            linked_with=self._open_partners(asked.request),
            units=self._units,
            dataset_hash=self._dataset_hash,
            policy_hash=self._policy_hash,
            groups=None if grouping is None else tuple(Group.of(grouping.by, g) for g in groups),
            next_available=self._next(asked) if extras.wants_next(is_empty=not best) else None,
            counts=stages.counts(0) if stages is not None and wants_counts else None,
        )

    def _next(self, asked: Asked) -> Where | None:
        """The earliest place of all."""
        any_end = replace(asked.requests, latest=ints([ALWAYS]))
        search = self._search(replace(asked, requests=any_end), self._by_start)
        _, ranking, best = search.best(1)
        require_places(ranking, ints(best))
        return ranking.place(1, best[0]).where if best else None

    def _search(self, asked: Asked, policy: Policy) -> Search:
        return Search(self._extracts, self._supply, self._watch, policy, asked)

    @cached_property
    def _by_start(self) -> Policy:
        """The policy by which nothing counts but waiting."""
        policy = self._policy.replace("wait", days_per_day=1.0)
        kept = [r for r in policy.rules if r.name == "wait" or not isinstance(r, Objective)]
        return replace(policy, rules=tuple(kept))

    def _request(self, request_id: str) -> int:
        """Index of a request."""
        ids = self._book.whole.index.requests
        if request_id not in ids:
            near = one_of(islice(ids, _IDS_COMPARED), request_id)
            message = f"there is no request with this id. {near}"
            problem = Problem("dangling_reference", "request_id", message, shown(request_id))
            raise RequestError([problem])
        return ids[request_id]

    def _new(self, request: Request, patient: Patient | None) -> Asked:
        """A request that is not known."""
        if request.id in self._book.whole.index.requests:
            message = "a request with this id is known: ask for it by its id"
            raise RequestError([Problem("duplicate_id", "/request/id", message, shown(request.id))])
        self._require_sound(request, patient)
        return Asked.new(self._book.whole, self._header, request, patient)

    def _require_sound(self, request: Request, patient: Patient | None) -> None:
        """Raise where a request that is not known, or its patient, breaks a check."""
        index, people = self._book.whole.index, self._book.whole.patients
        held = index.patients.get(request.patient_id)
        report = check_asked(
            self._header,
            request,
            patient if held is None else None,
            {
                "patients": index.patients.keys(),
                "doctors": index.doctors.keys(),
                "roles": index.roles.keys(),
                "locations": index.locations.keys(),
                "insurance_plans": index.insurance_plans.keys(),
                "visit_types": index.visit_types.keys(),
            },
            self._policy.urgencies.names,
        )
        has_home = held is None or not np.isnan(people.latitude[held])
        if request.max_travel_km is not None and not has_home:
            message = "the patient's home is unknown: there is nothing to measure from"
            report.error("max_travel_without_home", "/request/max_travel_km", message)
        if report.num_errors:
            raise DatasetError([row for row in report.problems if row.is_error])

    def _require_new(self, appointment: Appointment) -> None:
        """Raise unless an appointment could be entered."""
        index, request_id = self._book.whole.index, appointment.request_id
        if appointment.id in self._book:
            raise _wrong("duplicate_id", "there is such an appointment", appointment.id)
        if appointment.role_id not in index.roles:
            raise _wrong("dangling_reference", "there is no such role", appointment.role_id)
        if request_id is None:
            return
        if request_id not in index.requests:
            raise _wrong("dangling_reference", "there is no such request", request_id)
        if self._book.of_request[index.requests[request_id]] != NONE:
            raise _wrong("two_places", "the request has an appointment already", request_id)

    def _free(self, appointment_id: str) -> None:
        role = self._book.role_of(appointment_id)
        self._book.free(appointment_id)
        self._changed(role)
        self._note("freed", appointment_id)

    @contextmanager
    def _without(self, held: int) -> Iterator[None]:
        """As if an appointment (index; -1: none) were not there, for a while."""
        if held == NONE:
            yield
            return
        role, *_ = self._book.place(held)
        try:
            with self._book.without(held):
                self._changed(role)
                yield
        finally:
            self._changed(role)

    def _changed(self, role: int) -> None:
        """Appointments of a role are not what they were."""
        self._supply.renew(self._book.whole, role)
        self._watch.changed(int(self._book.whole.roles.doctor[role]))

    def _note(self, *what: object) -> None:
        """The hash of what answers rest on: of the dataset, and of every change since."""
        self._dataset_hash = sha256(f"{self._dataset_hash} {what!r}".encode()).hexdigest()

    def _held(self, request: int) -> Where | None:
        """Where a request has its appointment."""
        held = NONE if request == NONE else int(self._book.of_request[request])
        return None if held == NONE else where_told(self._book.whole, *self._book.place(held))

    def _open_partners(self, request: int) -> tuple[str, ...]:
        """Requests of its link that hold no appointment."""
        book, partners = self._book, self._extracts.partners(request)
        still_open = partners[book.of_request[partners] == NONE]
        return tuple(book.whole.requests.ids[partner] for partner in still_open.tolist())


def _wrong(code: str, message: str, value: str) -> DatasetError:
    return DatasetError([Problem(code, "appointment", message, shown(value))])
