"""What is to be solved, and how it grows: the shortlist and its matrix."""

from __future__ import annotations

import hashlib

import numpy as np

from engine.arrays import Bool, Int
from engine.eligible import Sieve
from engine.policy import Policy
from engine.shortlist import Shortlist, shortlist
from engine.snapshot import Snapshot
from engine.solve.decompose import Component
from engine.solve.matrix import build_matrix

KEEP = 32
"""Candidates per request in the model at first."""

KEEP_ALL_BELOW = 100_000
"""With no more eligible candidates than this, all of them are in the model."""

KEEP_ALL_ENTRIES = 1_000_000
"""Unless they would make more entries: by long visits in short cells, or by links, whose rows
grow with the product of what two requests could take."""

_WIDEN = 4
_ALL = 1 << 40


class Problem:
    """The open requests of a snapshot under a policy.

    Attributes
    ----------
    requests
        int64 indices, ascending.
    listed
        Candidates in the model, and outsiders for the rest.
    matrix
        Built from ``listed``.
    """

    def __init__(self, snapshot: Snapshot, policy: Policy, keep: int = KEEP) -> None:
        self._snapshot = snapshot
        self._policy = policy
        self._sieve = Sieve(snapshot, policy)
        self._keep = np.full(snapshot.num_requests, keep, np.int64)
        self.requests: Int = np.flatnonzero(snapshot.is_open)
        self.listed = shortlist(self._sieve, self.requests, keep)
        if len(self.listed.outsider_request) and self._all_fit():
            self.listed = shortlist(self._sieve, self.requests, _ALL)
        self.matrix = build_matrix(snapshot, policy, self.listed, self.requests)

    def _all_fit(self) -> bool:
        """Whether the model may hold every candidate, judged by those that are listed."""
        cells = float(self.listed.candidates.num_cells.mean()) * self.num_eligible
        links, own = self._snapshot.links, self.listed.num_eligible
        linked = int((own[links.pair_first] * own[links.pair_second]).sum())
        return self.num_eligible <= KEEP_ALL_BELOW and cells + linked <= KEEP_ALL_ENTRIES

    @property
    def num_eligible(self) -> int:
        """Candidates considered."""
        return int(self.listed.num_eligible.sum())

    @property
    def requests_with_candidates(self) -> Bool:
        """Requests that have any candidate; bool, shape (R,)."""
        return self.listed.num_eligible > 0

    def widen(self, requests: Int) -> None:
        """Take four times as many candidates of the given requests into the model."""
        self._keep[requests] *= _WIDEN
        parts: list[Shortlist] = [self.listed.without(requests)]
        for keep in np.unique(self._keep[requests]).tolist():
            same = requests[self._keep[requests] == keep]
            parts.append(shortlist(self._sieve, same, keep))
        self.listed = Shortlist.joined(parts)
        self.matrix = build_matrix(self._snapshot, self._policy, self.listed, self.requests)

    def fingerprint(self, component: Component) -> bytes:
        """Name of a component by what is in it: equal names, equal matrices."""
        own = component.column[: component.matrix.num_candidates]
        digest = hashlib.blake2b(component.request.tobytes(), digest_size=16)
        digest.update(self.listed.candidates.request[own].tobytes())
        digest.update(self.listed.candidates.first_cell[own].tobytes())
        return digest.digest()

    def columns_at(self, request: Int, first_cell: Int) -> Int:
        """Column of each candidate in the model, given whose it is and where it begins."""
        candidates, stride = self.listed.candidates, len(self._snapshot.sessions.cell_start)
        keys = candidates.request * stride + candidates.first_cell
        return np.searchsorted(keys, request * stride + first_cell)
