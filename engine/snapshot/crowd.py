"""The people of some worlds: who asks, who holds appointments, who is related or linked."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from engine.arrays import NONE, Int, Pairs, Ragged, frozen, ints, rows_joined, rows_taken
from engine.snapshot.asked import Asked
from engine.snapshot.book import Book
from engine.snapshot.demand import Patients, Requests, Wishes
from engine.snapshot.kept import Kept, columns_taken
from engine.snapshot.published import Published
from engine.snapshot.refusals import Refusal
from engine.snapshot.snapshot import Snapshot

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

T = TypeVar("T", bound="DataclassInstance")


@dataclass(frozen=True, slots=True)
class Crowd:
    """Requests and patients of some worlds.

    First come the copies of the request asked about, and of its patient, one for each world; at
    the end, where it holds an appointment, further copies that hold that: its place is taken, and
    the patient is free.

    Parameters
    ----------
    asked
        Who asks.
    num_worlds
        Number of worlds.
    others
        Other requests.
    world, person_world
        int64, shapes (R,) and (P,): world of every request, and of every patient.
    requests, wishes, patients
        Tables.
    """

    asked: Asked
    num_worlds: int
    others: Kept
    world: Int
    person_world: Int
    requests: Requests
    wishes: Wishes
    patients: Patients

    def request_at(self, world: Int, request: Int) -> Int:
        """Who holds, in each world, the appointments of some requests; -1: nobody."""
        found = self.others.at(world, request)
        found = np.where(found == NONE, NONE, self.num_worlds + found)
        copy = self.num_worlds + len(self.others) + world
        return np.where((request == self.asked.request) & (request != NONE), copy, found)

    def partner_at(self, world: Int, request: Int) -> Int:
        """Index of each request of a link in each world: of the one asked about, the open one."""
        found = self.num_worlds + self.others.at(world, request)
        return np.where(request == self.asked.request, world, found)

    def among(self, doctors: Kept, locations: Kept, roles: Kept) -> Crowd:
        """The same with other indices of doctors, locations and roles."""
        requests, wishes, world = self.requests, self.wishes, self.world
        return replace(
            self,
            requests=replace(
                requests,
                term_minutes=columns_taken(requests.term_minutes, world, doctors),
                term_prices=columns_taken(requests.term_prices, world, doctors),
                declined=tuple(
                    _refusals(rows, one, doctors, locations, roles) if rows else rows
                    for one, rows in zip(world.tolist(), requests.declined, strict=True)
                ),
            ),
            wishes=replace(
                wishes,
                doctors=columns_taken(wishes.doctors, world, doctors),
                doctor_prices=columns_taken(wishes.doctor_prices, world, doctors),
                locations=columns_taken(wishes.locations, world, locations),
            ),
            patients=replace(
                self.patients,
                established=columns_taken(self.patients.established, self.person_world, doctors),
            ),
        )


def crowd_of(
    book: Book, asked: Asked, num_worlds: int, partners: Int, world: Int, saying: Published
) -> Crowd:
    """Everybody who matters beside some appointments.

    Parameters
    ----------
    partners
        int64: requests that the one asked about is linked with.
    world, saying
        Appointments, and the world of each.
    """
    whole, worlds = book.whole, np.arange(num_worlds)
    is_held = asked.request != NONE and book.of_request[asked.request] != NONE
    holds = (saying.request != NONE) & (saying.request != asked.request)
    others = Kept.of(
        np.concatenate([world[holds], np.repeat(worlds, len(partners))]),
        np.concatenate([saying.request[holds], np.tile(partners, num_worlds)]),
    )
    owner = whole.requests.patient[others.row]
    family = int(asked.patients.family[0])
    relatives = book.relatives(family)
    relatives = relatives[relatives != asked.patient]
    is_other = owner != asked.patient
    people = Kept.of(
        np.concatenate([others.world[is_other], np.repeat(worlds, len(relatives))]),
        np.concatenate([owner[is_other], np.tile(relatives, num_worlds)]),
    )
    patient = np.where(is_other, num_worlds + people.at(others.world, owner), others.world)
    copies = worlds if is_held else worlds[:0]
    requests = replace(_several(asked.requests, num_worlds), patient=worlds)
    wishes, patients = _several(asked.wishes, num_worlds), _several(asked.patients, num_worlds)
    if len(others):
        requests = rows_joined(requests, replace(_others(whole, others.row), patient=patient))
        wishes = rows_joined(wishes, _no_wishes(whole, len(others)))
    if len(people):
        patients = rows_joined(patients, people.taken(whole.patients))
    if is_held:
        patient = len(patients.ids) + worlds
        holders = replace(_several(asked.requests, num_worlds), patient=patient)
        requests = rows_joined(requests, holders)
        wishes = rows_joined(wishes, _several(asked.wishes, num_worlds))
        patients = rows_joined(patients, _several(asked.patients, num_worlds))
    person_world = np.concatenate([worlds, people.world, copies])
    own = (patients.family == family) & (family != NONE)
    return Crowd(
        asked=asked,
        num_worlds=num_worlds,
        others=others,
        world=np.concatenate([worlds, others.world, copies]),
        person_world=person_world,
        requests=requests,
        wishes=wishes,
        patients=replace(patients, family=frozen(np.where(own, person_world, NONE))),
    )


def _several(table: T, number: int) -> T:
    """The one row of a table, so many times."""
    return table if number == 1 else rows_taken(table, np.zeros(number, np.int64))


def _others(whole: Snapshot, row: Int) -> Requests:
    """Requests that ask nothing; of them only counts what they hold."""
    requests, size = whole.requests, len(row)
    return replace(
        requests,
        ids=tuple(requests.ids[r] for r in row.tolist()),
        **{
            name: getattr(requests, name)[row]
            for name in (
                "visit_type",
                "urgency",
                "code",
                "ready",
                "earliest",
                "latest",
                "see_by",
                "max_travel_metres",
            )
        },
        term_minutes=_no_pairs(requests.term_minutes),
        term_prices=_no_pairs(requests.term_prices),
        declined=((),) * size,
    )


def _no_wishes(whole: Snapshot, size: int) -> Wishes:
    """Wishes of requests that wish for nothing."""
    wishes = whole.wishes
    nothing, none = np.full(size, NONE, np.int64), np.zeros(size, np.int64)
    return Wishes(
        gender=nothing,
        language=nothing,
        modality=nothing,
        times=Ragged(np.zeros(size + 1, np.int64), none[:0]),
        doctors=_no_pairs(wishes.doctors),
        doctor_prices=_no_pairs(wishes.doctor_prices),
        num_doctors=none,
        locations=_no_pairs(wishes.locations),
        num_locations=none,
        insists_on=np.zeros((size, wishes.insists_on.shape[1]), np.bool_),
    )


def _no_pairs(pairs: Pairs) -> Pairs:
    return Pairs(pairs.key[:0], pairs.value[:0], pairs.width)


def _refusals(
    rows: tuple[Refusal, ...], world: int, doctors: Kept, locations: Kept, roles: Kept
) -> tuple[Refusal, ...]:
    """What is declined in a world, by the indices there; of what is not there, nothing."""
    found = []
    for row in rows:
        stated = (row.doctor, row.location, row.role)
        new = tuple(
            int(table.at(np.int64(world), ints([one]))[0])
            for table, one in zip((doctors, locations, roles), stated, strict=True)
        )
        if all(one == NONE or there != NONE for one, there in zip(stated, new, strict=True)):
            found.append(replace(row, doctor=new[0], location=new[1], role=new[2]))
    return tuple(found)
