"""The snapshot as a whole, and the questions rules ask of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import ArrayLike

from engine.arrays import NONE, Bool, Int, Pairs, Ragged
from engine.domain import Dataset
from engine.errors import DatasetError
from engine.geography import great_circle_metres
from engine.problems import Problem
from engine.snapshot.caps import Cap, take_caps
from engine.snapshot.demand import (
    Patients,
    Requests,
    Wishes,
    take_patients,
    take_requests,
    take_wishes,
)
from engine.snapshot.index import MODALITIES, Index
from engine.snapshot.links import Links, take_links
from engine.snapshot.published import Places, Published, active, publish
from engine.snapshot.sessions import Sessions, take_sessions
from engine.snapshot.supply import (
    Doctors,
    Locations,
    Roles,
    VisitTypes,
    take_doctors,
    take_locations,
    take_resources,
    take_roles,
    take_visit_types,
)
from engine.snapshot.told import Told
from engine.time_grid import TimeGrid, beginning_of, end_of


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A dataset, frozen as arrays.

    Parameters
    ----------
    grid
        Instants to minutes and clocks; minute 0 is the start of the horizon.
    as_of_instant
        The instant that is now.
    as_of, horizon_end
        Minutes; ``as_of`` is rounded up.
    holidays
        Days that are no working days.
    index
        Ids and words to indices.
    plan_networks
        Row per insurance plan: its networks.
    caps
        Daily caps: how many visits of which type, in which roles.
    resources
        Pairs (location, kind): how many rooms or devices of the kind there are.
    used
        int64, shape (K,): seats of every cell that appointments take.
    told
        What those were told who may move; nobody, except in a repair.
    """

    grid: TimeGrid
    as_of_instant: datetime
    as_of: int
    horizon_end: int
    holidays: tuple[date, ...]
    index: Index
    patients: Patients
    requests: Requests
    wishes: Wishes
    doctors: Doctors
    roles: Roles
    locations: Locations
    visit_types: VisitTypes
    plan_networks: Ragged
    caps: tuple[Cap, ...]
    resources: Pairs
    links: Links
    sessions: Sessions
    published: Published
    used: Int
    told: Told

    @property
    def num_requests(self) -> int:
        """R."""
        return len(self.requests.ids)

    @property
    def num_roles(self) -> int:
        """Q."""
        return len(self.roles.ids)

    @property
    def num_sessions(self) -> int:
        """S."""
        return len(self.sessions.ids)

    @property
    def is_open(self) -> Bool:
        """bool, shape (R,): requests without an active appointment."""
        return self.published.of_request == NONE

    def metres(self, request: ArrayLike, role: ArrayLike) -> Int:
        """Distance from the patient's home to the role's place, broadcast.

        Returns
        -------
        int64
            Whole metres; -1 by video, or where either end is unknown.
        """
        patient = self.requests.patient[np.asarray(request)]
        location = self.roles.location[np.asarray(role)]
        if not len(self.locations.ids):
            return np.full(np.broadcast_shapes(patient.shape, location.shape), NONE, np.int64)
        metres = great_circle_metres(
            self.patients.latitude[patient],
            self.patients.longitude[patient],
            self.locations.latitude[location],
            self.locations.longitude[location],
        )
        return np.where(location == NONE, NONE, metres)

    def modality(self, role: ArrayLike) -> Int:
        """Index into ``MODALITIES``: by video where the role has no location."""
        by_video = self.roles.location[np.asarray(role)] == NONE
        return np.where(by_video, MODALITIES.index("video"), MODALITIES.index("in_person"))

    def knows(self, request: ArrayLike, role: ArrayLike) -> Bool:
        """Whether the patient is established with the role's doctor or practice, broadcast."""
        return self.patient_knows(self.requests.patient[np.asarray(request)], role)

    def patient_knows(self, patient: ArrayLike, role: ArrayLike) -> Bool:
        """Whether patients are established with a role's doctor or practice, broadcast."""
        roles = np.asarray(role)
        return self.patients.established.has(patient, self.roles.doctor[roles]) | (
            self.patients.established_group.has(patient, self.roles.group[roles])
        )

    def visit_minutes(self, request: ArrayLike, role: ArrayLike) -> Int:
        """Length of the visit, broadcast: the request's own with this doctor, else the
        role's, else the visit type's; the length for new patients where they are new.
        """
        requests, roles = np.asarray(request), np.asarray(role)
        visit_type, types = self.requests.visit_type[requests], self.visit_types
        known = self.knows(requests, roles)
        by_type = np.where(known, types.minutes[visit_type], types.minutes_new[visit_type])
        own_known = self.roles.minutes.get(roles, visit_type, NONE)
        own_new = self.roles.minutes_new.get(roles, visit_type, NONE)
        by_role = np.where(known, own_known, own_new)
        by_doctor = self.requests.term_minutes.get(requests, self.roles.doctor[roles], NONE)
        minutes = np.where(by_role == NONE, by_type, by_role)
        return np.where(by_doctor == NONE, minutes, by_doctor)

    def busy_told(self, request: Int) -> tuple[Int, Int]:
        """From when until when what was told keeps the doctor busy, of some requests; minutes."""
        types, visit_type = self.visit_types, self.requests.visit_type[request]
        start = self.told.start[request] - types.before[visit_type]
        return start, self.told.end[request] + types.after[visit_type]

    def session_day(self, session: ArrayLike, minute: ArrayLike) -> Int:
        """Local day, at the session's place, of minutes; days since 1970-01-01."""
        zone = self.roles.zone[self.sessions.role[np.asarray(session)]]
        return self.grid.day(zone, minute)


def take_snapshot(dataset: Dataset) -> Snapshot:
    """Freeze ``dataset`` as arrays.

    Parameters
    ----------
    dataset
        Without errors by ``engine.checks``.

    Raises
    ------
    DatasetError
        Where an id cannot be resolved: the dataset was not checked.
    """
    try:
        return _take(dataset, Index.of(dataset))
    except KeyError as error:
        message = "is referred to, but no record has this id; check the dataset first"
        raise DatasetError(
            [Problem("dangling_reference", "dataset", message, str(error))]
        ) from error


def _take(dataset: Dataset, index: Index) -> Snapshot:
    header = dataset.header
    instants = list(_instants(dataset))
    grid = TimeGrid.spanning(header.horizon.start, min(instants), max(instants), index.zones)
    sessions = take_sessions(dataset.sessions, index, grid)
    requests, visit_types = take_requests(dataset, index, grid), take_visit_types(dataset, index)
    places = Places.of(active(dataset), index, grid)
    published, used = publish(places, sessions, requests, visit_types)
    plans = dataset.insurance_plans
    return Snapshot(
        grid=grid,
        as_of_instant=header.as_of,
        as_of=grid.minutes_up(header.as_of),
        horizon_end=grid.minutes(header.horizon.end),
        holidays=header.holidays,
        index=index,
        patients=take_patients(dataset, index),
        requests=requests,
        wishes=take_wishes(dataset, index),
        doctors=take_doctors(dataset, index),
        roles=take_roles(dataset, index),
        locations=take_locations(dataset),
        visit_types=visit_types,
        plan_networks=Ragged.of([index.networks[name] for name in plan.networks] for plan in plans),
        caps=take_caps(dataset, index),
        resources=take_resources(dataset, index),
        links=take_links(dataset, index),
        sessions=sessions,
        published=published,
        used=used,
        told=Told.nothing(len(dataset.requests)),
    )


def _instants(dataset: Dataset) -> Iterator[datetime]:
    """Every instant whose clock time may be asked for."""
    yield dataset.header.as_of
    yield dataset.header.horizon.start
    yield dataset.header.horizon.end
    zone = ZoneInfo(dataset.header.time_zone)
    for request in dataset.requests:
        yield request.created
        if request.earliest is not None:
            yield beginning_of(request.earliest, zone)
        for end in (request.latest, request.see_by):
            if end is not None:
                yield end_of(end, zone)
    for session in dataset.sessions:
        yield session.start
        yield session.end
    for appointment in dataset.appointments:
        yield appointment.start
        yield appointment.end
