"""Small snapshots out of a large one: what can matter for one request, and nothing else.

A rule or a judge takes as long as its snapshot is large. Where one request is asked about,
few doctors matter, and of the rest of the world only what meets them: appointments at the
same places, those of the patient and those of linked requests. Doctors, roles and places keep
their indices; requests, patients, sessions and appointments are numbered anew.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from engine.arrays import NONE, Int, Ragged, frozen, ints, positions_in, rows_taken
from engine.snapshot.demand import Patients
from engine.snapshot.links import Links
from engine.snapshot.published import published_taken
from engine.snapshot.sessions import sessions_taken
from engine.snapshot.snapshot import Snapshot

ASKED = 0
"""Index of the request asked about, in a snapshot of it."""


@dataclass(frozen=True, slots=True)
class Extracts:
    """A snapshot, and the lists by which small ones are taken out of it.

    Parameters
    ----------
    whole
        The snapshot.
    families
        Names of the families.
    sessions_of_doctor, appointments_of_doctor, caps_of_doctor
        Row per doctor.
    appointments_at
        Row per location: appointments that requests hold there.
    appointments_of_patient, patients_of_family
        Row per patient: appointments that its requests hold; row per family.
    link_of_request
        int64, shape (R,): index or -1.
    pairs_of_link
        Row per link.
    """

    whole: Snapshot
    families: tuple[str, ...]
    sessions_of_doctor: Ragged
    appointments_of_doctor: Ragged
    caps_of_doctor: Ragged
    appointments_at: Ragged
    appointments_of_patient: Ragged
    patients_of_family: Ragged
    link_of_request: Int
    pairs_of_link: Ragged

    @classmethod
    def of(cls, whole: Snapshot) -> Extracts:
        """Make the lists, once for as many questions as there may be."""
        roles, published, links = whole.roles, whole.published, whole.links
        num_doctors = len(whole.doctors.ids)
        holds = np.flatnonzero(published.request != NONE)
        patient, location = (np.full(len(published.ids), NONE, np.int64) for _ in range(2))
        patient[holds] = whole.requests.patient[published.request[holds]]
        location[holds] = roles.location[published.role[holds]]
        capped = np.array([cap.roles[0] for cap in whole.caps], np.int64)
        link, member = links.members.expand(np.arange(len(links.ids)))
        link_of_request = np.full(whole.num_requests, NONE, np.int64)
        link_of_request[member] = link
        return cls(
            whole=whole,
            families=tuple(whole.index.families),
            sessions_of_doctor=Ragged.grouping(roles.doctor[whole.sessions.role], num_doctors),
            appointments_of_doctor=Ragged.grouping(roles.doctor[published.role], num_doctors),
            caps_of_doctor=Ragged.grouping(roles.doctor[capped], num_doctors),
            appointments_at=Ragged.grouping(location, len(whole.locations.ids)),
            appointments_of_patient=Ragged.grouping(patient, len(whole.patients.ids)),
            patients_of_family=Ragged.grouping(whole.patients.family, len(whole.index.families)),
            link_of_request=frozen(link_of_request),
            pairs_of_link=Ragged.grouping(links.pair_link, len(links.ids)),
        )

    def around(self, request: int, doctors: Int, copies: int = 1) -> Snapshot:
        """The snapshot in which one request could go to some doctors.

        The request is open in it, and has the index ``ASKED``; a link it is in asks for all or
        none no longer, since those of its partners that are open stay open. Where it holds an
        appointment, a copy of it holds that, for a copy of its patient: the place is taken, and
        the patient is free.

        Parameters
        ----------
        request
            Index.
        doctors
            int64 indices, each once.
        copies
            How often the request is there, from ``ASKED`` on, with one patient: for rules that
            judge a visit by itself.
        """
        whole, doctors = self.whole, np.sort(doctors)
        session = _rows(self.sessions_of_doctor, doctors)
        told = self._appointments(request, doctors)
        row, person = self._demand(request, told, copies)
        requests = rows_taken(whole.requests, row)
        patient = positions_in(person, requests.patient)
        holder = positions_in(row, whole.published.request[told])
        if whole.published.of_request[request] != NONE:  # the copies stand at the end
            patient[-1] = len(person) - 1
            holder[told == whole.published.of_request[request]] = len(row) - 1
        patients, families = self._with_one_family(request, person)
        sessions, cell = sessions_taken(whole.sessions, session, whole.num_roles)
        return replace(
            whole,
            index=replace(
                whole.index,
                requests=_index(requests.ids),
                patients=_index(patients.ids),
                sessions=_index(sessions.ids),
                families=families,
            ),
            requests=replace(requests, patient=frozen(patient)),
            wishes=rows_taken(whole.wishes, row),
            patients=patients,
            links=self._links(request, row),
            caps=tuple(whole.caps[cap] for cap in _rows(self.caps_of_doctor, doctors).tolist()),
            sessions=sessions,
            published=published_taken(whole.published, told, session, holder, len(row)),
            used=frozen(whole.used[cell]),
            told=rows_taken(whole.told, row),
        )

    def partners(self, request: int) -> Int:
        """The other requests of its link; int64 indices, in the order of the link."""
        link = self.link_of_request[request]
        members = self.whole.links.members.row(link) if link != NONE else ints([])
        return members[members != request]

    def _appointments(self, request: int, doctors: Int) -> Int:
        """Appointments that can matter for a request that goes to some doctors."""
        whole, found = self.whole, [_rows(self.appointments_of_doctor, doctors)]
        held = whole.published.of_request[[request, *self.partners(request).tolist()]]
        patient = int(whole.requests.patient[request])
        found += [held[held != NONE], self.appointments_of_patient.row(patient)]
        if len(whole.visit_types.needs.row(int(whole.requests.visit_type[request]))):
            roles = np.flatnonzero(np.isin(whole.roles.doctor, doctors))
            places = np.unique(whole.roles.location[roles])
            found.append(_rows(self.appointments_at, places[places != NONE]))
        return np.unique(np.concatenate(found))

    def _demand(self, request: int, told: Int, copies: int) -> tuple[Int, Int]:
        """Requests, the one asked about first, and patients, each with the copies at its end."""
        whole = self.whole
        holders = whole.published.request[told]
        others = np.unique(np.concatenate([holders[holders != NONE], self.partners(request)]))
        row = np.concatenate([np.full(copies, request), others[others != request]])
        patient = whole.requests.patient
        family = whole.patients.family[patient[request]]
        relatives = self.patients_of_family.row(int(family)) if family != NONE else ints([])
        person = np.unique(np.concatenate([patient[row], relatives]))
        if whole.published.of_request[request] == NONE:
            return row, person
        return np.append(row, request), np.append(person, patient[request])

    def _with_one_family(self, request: int, person: Int) -> tuple[Patients, dict[str, int]]:
        """Patients, of whom those alone have a family that are in the patient's."""
        whole = self.whole
        family = int(whole.patients.family[whole.requests.patient[request]])
        own = (whole.patients.family[person] == family) & (family != NONE)
        patients = rows_taken(whole.patients, person)
        families = {} if family == NONE else {self.families[family]: 0}
        return replace(patients, family=frozen(np.where(own, 0, NONE))), families

    def _links(self, request: int, row: Int) -> Links:
        """The link that a request is in, if any, without its all or none."""
        links, link = self.whole.links, self.link_of_request[request]
        chosen = ints([]) if link == NONE else ints([link])
        pair = _rows(self.pairs_of_link, chosen)
        members = [positions_in(row, links.members.row(i)).tolist() for i in chosen.tolist()]
        return Links(
            ids=tuple(links.ids[i] for i in chosen.tolist()),
            members=Ragged.of(members),
            all_or_none=frozen(np.zeros(len(chosen), np.bool_)),
            same_day=links.same_day[chosen],
            same_location=links.same_location[chosen],
            same_doctor=links.same_doctor[chosen],
            ordered=links.ordered[chosen],
            min_gap=links.min_gap[chosen],
            max_gap=links.max_gap[chosen],
            min_gap_days=links.min_gap_days[chosen],
            max_gap_days=links.max_gap_days[chosen],
            pair_link=np.zeros(len(pair), np.int64),
            pair_first=positions_in(row, links.pair_first[pair]),
            pair_second=positions_in(row, links.pair_second[pair]),
            pair_is_next=links.pair_is_next[pair],
        )


def _rows(table: Ragged, rows: Int) -> Int:
    """What some rows hold, ascending."""
    return np.sort(table.expand(rows)[1])


def _index(ids: tuple[str, ...]) -> dict[str, int]:
    """Index of every id; of a record and its copy, the record's."""
    return {name: i for i, name in reversed(list(enumerate(ids)))}
