"""A new place opens."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import field, replace
from itertools import cycle, islice
from typing import Annotated, Literal

from pydantic import Field

from engine.domain import Dataset, Doctor, Location, Resource, Role, Session, WeeklyTime
from engine.domain.fields import Count, DayOrInstant, Id, VisitLength
from engine.domain.record import record
from engine.interchange.unique_id import unique_id
from engine.problems import Report
from scenarios.changes.checking import Checker
from scenarios.changes.hours import (
    new_sessions,
    usual_cell,
    weekly_stretches,
    with_sessions,
    zone_of,
)
from scenarios.changes.specialties import below, practised
from scenarios.changes.stretch import stretch_of
from scenarios.situation import Situation


@record
class LocationOpens:
    """A new place opens, with doctors who are there already, with new ones, or with both.

    Each gets a role there with the same weekly hours. A named doctor's is a copy of its first
    role at a place (or else of its first). New doctors are like those who practise the
    specialty at a place, in turn: languages, gender, and a copy of the role. Hours at the new
    place that overlap other sessions of a doctor add nothing there: a doctor is in one place
    at a time; let another change cut those.
    """

    kind: Literal["location_opens"] = "location_opens"
    """What changes."""
    location: Location
    """The place; with coordinates, or a postal code."""
    hours: Annotated[tuple[WeeklyTime, ...], Field(min_length=1)]
    """Weekly times on the clock of the place, until the end of the horizon."""
    start: DayOrInstant | None = None
    """From here on; a plain date is its local midnight; none: now."""
    doctor_ids: tuple[Id, ...] = ()
    """Doctors (or services) who work there too."""
    new_doctors: Annotated[int, Field(strict=True, ge=0, le=1_000)] = 0
    """How many more doctors there are."""
    specialty: Id | None = None
    """What the new doctors practise; required by them."""
    cell_minutes: VisitLength | None = None
    """Length of the cells; none: what most timed sessions of the copied role have."""
    resources: dict[Id, Count] = field(default_factory=dict)
    """Rooms and devices there, by kind: how many."""

    def check(self, situation: Situation, path: str, report: Report) -> None:
        """Report a place that is there already or nowhere, unknown ids, and nobody to work."""
        checker = Checker(situation, path, report)
        self._check_place(checker)
        checker.weekly("hours", self.hours)
        checker.stretch(self.start, None)
        checker.some(doctor_ids=self.doctor_ids, new_doctors=self.new_doctors or None)
        checker.distinct("doctor_ids", self.doctor_ids)
        roles = situation.dataset.roles
        working = [who for row in roles for who in (row.doctor_id, row.service_id) if who]
        for index, who in enumerate(self.doctor_ids):
            checker.known(f"doctor_ids/{index}", who, working, "doctor or service with a role")
        self._check_new_doctors(checker)
        for role in self._copied(situation.dataset):
            if self.cell_minutes is None and usual_cell(situation.dataset, {role.id}) is None:
                message = (
                    "the copied role has no timed session to take the length of its cells from"
                )
                checker.error("missing_cell_minutes", "cell_minutes", message, role.id)

    def _check_place(self, checker: Checker) -> None:
        place = self.location
        if any(row.id == place.id for row in checker.dataset.locations):
            checker.error("duplicate_id", "location/id", "there is such a place already", place.id)
        if place.coordinates is None and place.postal_code is None:
            message = "a new place needs coordinates or a postal code"
            checker.error("missing_field", "location/coordinates", message)
        if place.coordinates is None and place.postal_code is not None:
            checker.postal_code("location/postal_code", place.postal_code)

    def _check_new_doctors(self, checker: Checker) -> None:
        codes = practised([row for row in checker.dataset.roles if _is_of_a_doctor(row)])
        checker.specialty("specialty", self.specialty, codes)
        if self.new_doctors and self.specialty is None:
            checker.error("missing_field", "specialty", "new doctors need a specialty")

    def apply(self, situation: Situation, seed: int) -> Situation:
        """The situation with the place; nothing is drawn."""
        dataset = situation.dataset
        copied = list(self._copied(dataset))
        doctors, roles = self._staff(dataset, copied)
        opened = replace(
            dataset,
            doctors=(*dataset.doctors, *doctors),
            roles=(*dataset.roles, *roles),
            locations=(*dataset.locations, self.location),
            resources=(*dataset.resources, *self._rooms(dataset)),
        )
        situation = replace(situation, dataset=opened)
        for old, new in zip(copied, roles, strict=True):
            situation = self._with_hours(situation, old, new)
        return situation

    def _staff(self, dataset: Dataset, copied: Sequence[Role]) -> tuple[list[Doctor], list[Role]]:
        """The new doctors, and the roles of all who work at the place."""
        place, known = self.location.id, {row.id: row for row in dataset.doctors}
        taken = {*known, *(row.id for row in dataset.services)}
        role_ids = {row.id for row in dataset.roles}
        doctors: list[Doctor] = []
        roles: list[Role] = []
        for number, old in enumerate(copied):
            doctor_id = old.doctor_id
            if number >= len(self.doctor_ids) and doctor_id is not None:
                like, doctor_id = known[doctor_id], unique_id(f"{place}-doctor", taken)
                doctors.append(replace(like, id=doctor_id, name="", npi=None))
            name = unique_id(f"{place}-{doctor_id or old.service_id}", role_ids)
            there = replace(old, location_id=place, time_zone=None)
            roles.append(replace(there, id=name, doctor_id=doctor_id))
        return doctors, roles

    def _copied(self, dataset: Dataset) -> Iterator[Role]:
        """The roles that those there are copies of: of the named doctors, then of the new."""
        for who in self.doctor_ids:
            theirs = [row for row in dataset.roles if who in (row.doctor_id, row.service_id)]
            yield from sorted(theirs, key=lambda row: row.location_id is None)[:1]
        of_doctors = [row for row in dataset.roles if _is_of_a_doctor(row)]
        codes = below(self.specialty, practised(of_doctors))
        alike = [row for row in of_doctors if not codes.isdisjoint(row.specialties)]
        first_of: dict[str | None, Role] = {}
        for row in alike:
            first_of.setdefault(row.doctor_id, row)
        yield from islice(cycle(first_of.values()), self.new_doctors)

    def _rooms(self, dataset: Dataset) -> Iterator[Resource]:
        taken = {row.id for row in dataset.resources}
        for kind, number in self.resources.items():
            name = unique_id(f"{self.location.id}-{kind}", taken)
            yield Resource(id=name, location_id=self.location.id, kind=kind, capacity=number)

    def _with_hours(self, situation: Situation, old: Role, new: Role) -> Situation:
        """The situation with the sessions of one role at the place."""
        dataset = situation.dataset
        horizon = dataset.header.horizon
        like = Session(
            id=new.id,
            role_id=new.id,
            start=horizon.start,
            end=horizon.end,
            cell_minutes=self.cell_minutes or usual_cell(dataset, {old.id}),
        )
        zone, stretch = zone_of(dataset, new), stretch_of(dataset, self.start, None)
        stretches = weekly_stretches(dataset, self.hours, zone, stretch)
        return with_sessions(situation, new_sessions(dataset, like, zone, stretches))


def _is_of_a_doctor(role: Role) -> bool:
    """Whether a role is a doctor's at a place."""
    return role.doctor_id is not None and role.location_id is not None
