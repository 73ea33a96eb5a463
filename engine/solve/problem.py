"""What is to be solved, and how it grows: the shortlist and its matrix."""

from __future__ import annotations

import hashlib
from dataclasses import replace

import numpy as np

from engine.arrays import Bool, Int
from engine.candidates import Candidates
from engine.eligible import Sieve
from engine.memory import Memory
from engine.policy import Policy
from engine.shortlist import Choose, Shortlist, shortlist, the_cheapest
from engine.snapshot import Snapshot
from engine.solve.decompose import Component, decompose
from engine.solve.matrix import Matrix, build_matrix
from engine.survey import survey

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

    def __init__(
        self, snapshot: Snapshot, policy: Policy, keep: int = KEEP, workers: int = 1
    ) -> None:
        self._snapshot = snapshot
        self._policy = policy
        self._sieve = Sieve(snapshot, policy)
        self._workers = workers
        self._memory = Memory(self._sieve, workers)
        self._keep = np.full(snapshot.num_requests, keep, np.int64)
        self.requests: Int = np.flatnonzero(snapshot.is_open)
        choose = the_cheapest(keep)
        self.listed, self._survey = survey(self._sieve, self.requests, choose, workers)
        if len(self.listed.outsider_request) and self._all_fit():
            self.listed = self.look(self.requests, the_cheapest(_ALL))
        self.matrix = self._matrix()

    def _matrix(self) -> Matrix:
        most = self._survey.most
        return build_matrix(self._snapshot, self._policy, self.listed, self.requests, most)

    def look(self, requests: Int, choose: Choose) -> Shortlist:
        """Evaluate every candidate of some requests (int64, ascending), and list the chosen."""
        return shortlist(self._sieve, requests, choose, self._workers)

    def look_again(self, requests: Int, choose: Choose) -> Shortlist:
        """The same, for requests that are looked at time after time."""
        return self._memory.look(requests, choose)

    @property
    def num_requests(self) -> int:
        """Requests of the snapshot, open or not."""
        return self._snapshot.num_requests

    @property
    def num_cells(self) -> int:
        """Cells of the snapshot."""
        return len(self._snapshot.sessions.cell_start)

    def components(self) -> list[Component]:
        """Parts of the matrix that share nothing, not even by candidates that are left out."""
        all_listed = not len(self.listed.outsider_request)
        return decompose(self.matrix, None if all_listed else self._survey.field[self.requests])

    def _all_fit(self) -> bool:
        """Whether the model may hold every candidate, judged by those that are listed."""
        cells = float(self.listed.candidates.num_cells.mean()) * self.num_eligible
        links, own = self._snapshot.links, self._survey.num_eligible
        linked = int((own[links.pair_first] * own[links.pair_second]).sum())
        return self.num_eligible <= KEEP_ALL_BELOW and cells + linked <= KEEP_ALL_ENTRIES

    @property
    def num_eligible(self) -> int:
        """Candidates considered."""
        return int(self._survey.num_eligible.sum())

    @property
    def requests_with_candidates(self) -> Bool:
        """Requests that have any candidate; bool, shape (R,)."""
        has_any: Bool = self._survey.num_eligible > 0
        return has_any

    def widen(self, requests: Int) -> None:
        """Take four times as many candidates of the given requests into the model."""
        self._keep[requests] *= _WIDEN
        self.listed = self.listed.without_outsiders(requests)
        for keep in np.unique(self._keep[requests]).tolist():
            same = requests[self._keep[requests] == keep]
            self._add(self.look(same, the_cheapest(keep)))
        self.matrix = self._matrix()

    def take_in(self, some: Shortlist) -> bool:
        """Take candidates into the model; whether any of them was not there."""
        is_larger = self._add(some)
        if is_larger:
            self.matrix = self._matrix()
        return is_larger

    def _add(self, some: Shortlist) -> bool:
        """List what is not listed yet; whether there is such a candidate."""
        names, listed = self._names(some.candidates), self._names(self.listed.candidates)
        place = np.searchsorted(listed, names)
        is_new = np.append(listed, -1)[place] != names
        added = replace(some, candidates=some.candidates.where(is_new), cost=some.cost[:, is_new])
        self.listed = Shortlist.joined([self.listed, added])
        return bool(is_new.any())

    def _names(self, candidates: Candidates) -> Int:
        """A number for every candidate, by request, then by first cell."""
        names: Int = candidates.request * self.num_cells + candidates.first_cell
        return names

    def fingerprint(self, component: Component) -> bytes:
        """Name of a component by what is in it: equal names, equal matrices."""
        own = component.column[: component.matrix.num_candidates]
        digest = hashlib.blake2b(component.request.tobytes(), digest_size=16)
        digest.update(self.listed.candidates.request[own].tobytes())
        digest.update(self.listed.candidates.first_cell[own].tobytes())
        outsiders = np.ascontiguousarray(component.matrix.cost[:, component.matrix.outsiders])
        digest.update(outsiders.tobytes())
        return digest.digest()

    def columns_of(self, candidates: Candidates) -> Int:
        """Column of each of some candidates of the model."""
        return np.searchsorted(self._names(self.listed.candidates), self._names(candidates))
