"""Whom a repair can reach: who could make room for somebody who must be moved."""

from __future__ import annotations

import numpy as np

from engine.arrays import NONE, Bool, Int
from engine.eligible import Sieve
from engine.policy import Policy
from engine.snapshot import Snapshot


class Reach:
    """Steps from people to those whose places they could take, or whom they could meet there.

    Parameters
    ----------
    snapshot
        The world after an event.
    policy
        By which places are eligible.
    bystanders
        int64, ascending: appointments that may be moved for others.
    """

    def __init__(self, snapshot: Snapshot, policy: Policy, bystanders: Int) -> None:
        self._snapshot = snapshot
        self._sieve = Sieve(snapshot, policy)
        self._bystanders = bystanders

    def within(self, requests: Int, depth: int, contested: Int) -> Int:
        """Bystanders that chains of at most ``depth`` displaced people can reach.

        Whoever takes a place of a doctor may be in the way of all that the doctor does; of who
        needs the same rooms; of the other visits of the same patient, and of linked ones. People
        are counted, not appointments: once one visit of a person is moved, the others cost no
        further step, and those of people who contest a place cost none at all.

        Parameters
        ----------
        requests
            int64: who must be moved, or may be.
        contested
            int64: those of them who contest a place.

        Returns
        -------
        int64, ascending
            Appointments.
        """
        published = self._snapshot.published
        found = np.zeros(len(published.ids), np.bool_)
        found[self._of_same_people(contested)] = True
        requests = np.union1d(requests, published.request[found])
        for _ in range(depth):
            met = self._met_by(requests)
            new = self._bystanders[met[self._bystanders] & ~found[self._bystanders]]
            if not len(new):
                break
            new = self._of_same_people(published.request[new])
            found[new] = True
            requests = published.request[new]
        return np.flatnonzero(found)

    def _of_same_people(self, requests: Int) -> Int:
        """Bystanders' appointments of the people who made some requests; int64 indices."""
        patient, request = self._snapshot.requests.patient, self._snapshot.published.request
        mine = np.isin(patient[request[self._bystanders]], patient[requests])
        return self._bystanders[mine]

    def _met_by(self, requests: Int) -> Bool:
        """Appointments that could be in the way of some requests; bool, shape (A,)."""
        snapshot, published = self._snapshot, self._snapshot.published
        chunks = self._sieve.chunks(np.unique(requests))
        roles = np.unique(np.concatenate([self._sieve.roles(chunk)[1] for chunk in chunks]))
        holds = published.request != NONE
        request = published.request[holds]
        met = np.isin(
            snapshot.roles.doctor[published.role[holds]], np.unique(snapshot.roles.doctor[roles])
        )
        patient = snapshot.requests.patient
        met |= np.isin(patient[request], patient[requests])
        met |= np.isin(request, _linked_with(snapshot, requests))
        is_needy = ~snapshot.visit_types.needs.is_empty[snapshot.requests.visit_type]
        if is_needy[requests].any():
            places = np.unique(snapshot.roles.location[roles])
            met |= is_needy[request] & np.isin(
                snapshot.roles.location[published.role[holds]], places
            )
        found = np.zeros(len(holds), np.bool_)
        found[holds] = met
        return found


def _linked_with(snapshot: Snapshot, requests: Int) -> Int:
    links = snapshot.links
    chosen = np.isin(links.pair_first, requests) | np.isin(links.pair_second, requests)
    return np.union1d(links.pair_first[chosen], links.pair_second[chosen])
