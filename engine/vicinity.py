"""A part of a dataset that is enough to ask about one request that it does not hold.

To make arrays of a whole dataset takes seconds where it is large. For one request only a few
doctors matter, and of the rest only what meets them: their sessions and appointments, those of
the patient, and, where rooms or devices are needed, appointments at the same places.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import replace
from typing import Any, TypeVar

import numpy as np

from engine.domain import Appointment, Dataset, Patient, Request, Session
from engine.eligible import eligible_roles
from engine.policy import Policy
from engine.snapshot import take_snapshot

T = TypeVar("T")
K = TypeVar("K", bound=Hashable)

_ONE = np.zeros(1, np.int64)


class Vicinities:
    """A dataset, and the lists by which parts are taken out of it.

    Parameters
    ----------
    dataset
        Without errors by ``engine.checks.check_dataset``.
    """

    def __init__(self, dataset: Dataset) -> None:
        self.dataset = dataset
        self._patients = {row.id: row for row in dataset.patients}
        self._requests = {row.id: row for row in dataset.requests}
        self._visit_types = {row.id: row for row in dataset.visit_types}
        self._relatives = _grouped(dataset.patients, lambda row: row.family_id)
        self._sessions: Mapping[str, list[Session]] = _grouped(
            dataset.sessions, lambda row: row.role_id
        )
        now = dataset.header.as_of
        told = [row for row in dataset.appointments if row.is_active(now)]
        self._of_role = _grouped(told, lambda row: row.role_id)
        self._of_patient = _grouped(
            (row for row in told if row.request_id is not None),
            lambda row: self._requests[row.request_id or ""].patient_id,
        )

    def patient(self, patient_id: str) -> Patient | None:
        """The patient of that id, if there is one."""
        return self._patients.get(patient_id)

    def request(self, request_id: str) -> Request | None:
        """The request of that id, if there is one."""
        return self._requests.get(request_id)

    def holds_place(self, request_id: str) -> bool:
        """Whether a request of that id has an appointment."""
        request = self._requests.get(request_id)
        places = [] if request is None else self._of_patient.get(request.patient_id, [])
        return any(row.request_id == request_id for row in places)

    def without_times(self, request: Request, patient: Patient) -> Dataset:
        """The dataset with one request alone, and nothing of when anybody is there.

        Parameters
        ----------
        request, patient
            What is asked, and by whom; the dataset may know neither.
        """
        relatives = self._relatives.get(patient.family_id, []) if patient.family_id else []
        others = (row for row in relatives if row.id != patient.id)
        return replace(
            self.dataset,
            patients=(patient, *others),
            requests=(request,),
            links=(),
            sessions=(),
            appointments=(),
        )

    def around(self, request: Request, patient: Patient, policy: Policy) -> Dataset:
        """The part of the dataset that matters for one request, with that request in it.

        Parameters
        ----------
        request, patient
            As in ``without_times``, which is without errors.
        policy
            Its rules between requests and roles say which doctors matter.
        """
        bare = self.without_times(request, patient)
        snapshot = take_snapshot(bare)
        doctors = np.unique(snapshot.roles.doctor[eligible_roles(snapshot, policy, _ONE)])
        roles = np.flatnonzero(np.isin(snapshot.roles.doctor, doctors)).tolist()
        role_ids = [bare.roles[role].id for role in roles]
        told = self._told(request, patient, role_ids)
        holders = {row.request_id: self._requests[row.request_id] for row in told if row.request_id}
        people = {row.patient_id: self._patients[row.patient_id] for row in holders.values()}
        known = {row.id for row in bare.patients}
        return replace(
            bare,
            patients=(*bare.patients, *(row for name, row in people.items() if name not in known)),
            requests=(request, *holders.values()),
            sessions=tuple(row for name in role_ids for row in self._sessions.get(name, ())),
            appointments=tuple(told),
        )

    def _told(self, request: Request, patient: Patient, role_ids: list[str]) -> list[Appointment]:
        """Appointments that can matter."""
        roles = dict.fromkeys(role_ids)
        if self._visit_types[request.visit_type_id].resources:
            places = {row.location_id for row in self.dataset.roles if row.id in roles} - {None}
            near = (row.id for row in self.dataset.roles if row.location_id in places)
            roles |= dict.fromkeys(near)
        found = [row for name in roles for row in self._of_role.get(name, ())]
        found += self._of_patient.get(patient.id, ())
        return list({row.id: row for row in found}.values())


def _grouped(rows: Iterable[T], key: Callable[[T], K]) -> dict[K, list[T]]:
    """Rows by what they have in common."""
    groups: dict[Any, list[T]] = defaultdict(list)
    for row in rows:
        groups[key(row)].append(row)
    return dict(groups)
