"""What is to be solved, and how it grows: the shortlist and its matrix."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from copy import copy
from functools import cached_property

import numpy as np

from engine.arrays import Bool, Int
from engine.candidates import Candidates
from engine.costs import unplaced_costs
from engine.eligible import Sieve
from engine.packed import Packed
from engine.policy import Policy
from engine.shortlist import ALL, Shortlist, how_few, near_and_far, shortlist, the_cheapest
from engine.snapshot import Snapshot
from engine.solve.allowance import Allowance
from engine.solve.around import Around
from engine.solve.decompose import Component, cut_out
from engine.solve.matrix import Matrix, build_matrix
from engine.survey import survey

KEEP = 32
"""Candidates per request in the model at first."""

KEEP_ALL_BELOW = 10_000_000
"""Of fields in which visits take several cells, all candidates are in the model, the smallest
fields first, while they are no more than this: relaxations look at all of them at once, and only
what matters at their prices goes further.
"""

KEEP_ALL_ENTRIES = 20_000_000
"""Unless they would make more entries, by long visits in short cells."""

KEEP_ALL_LINKED = 1_000_000
"""Nor where links would make more: their rows grow with the product of what two requests could
take.
"""

WORTH_A_THREAD = 1_000_000
"""Pairs of a request and a role for each thread beside the first: with fewer, threads wait for each
other's turn at the interpreter longer than they save.
"""

_WIDEN = 4


class Model:
    """A list of candidates, and its matrix; what has the same list has the same matrix.

    Parameters
    ----------
    listed
        Candidates, and outsiders for the rest.
    build
        Makes the matrix.
    """

    def __init__(self, listed: Shortlist | Packed, build: Callable[[Shortlist], Matrix]) -> None:
        self._listed = listed
        self._build = build

    def __len__(self) -> int:
        return len(self._listed)

    @property
    def listed(self) -> Shortlist:
        """Unpacked when it is asked for."""
        if isinstance(self._listed, Packed):
            self._listed = self._listed.unpacked()
        return self._listed

    @property
    def outsider_request(self) -> Int:
        """Whose each outsider is; int64."""
        return self._listed.outsider_request

    def of_requests(self, requests: Int) -> Packed:
        """The candidates of some requests (int64, ascending)."""
        some = self._listed.of_requests(requests)
        return some if isinstance(some, Packed) else Packed.of(some)

    @cached_property
    def matrix(self) -> Matrix:
        """Built when it is asked for."""
        return self._build(self.listed)


class Problem:
    """Open requests of a snapshot under a policy.

    Parameters
    ----------
    keep
        Candidates per request in the model at first.
    workers
        Threads.
    requests
        int64 indices, ascending; by default all that are open.
    kept
        Places that some of them were told and may keep, by request, one each.

    Attributes
    ----------
    policy
        By which they are placed.
    requests
        int64 indices, ascending.
    model
        Candidates that are listed, and their matrix.
    survey
        What is known of all candidates.
    sieve
        By which they are found.
    known
        Plans to begin with.
    allowance
        How much of a level every component may use; ``None``: nothing is limited.
    workers
        Threads that are worth it.
    """

    def __init__(
        self,
        snapshot: Snapshot,
        policy: Policy,
        keep: int = KEEP,
        workers: int = 1,
        *,
        requests: Int | None = None,
        kept: Candidates | None = None,
    ) -> None:
        self._snapshot = snapshot
        self.policy = policy
        self.allowance: Allowance | None = None
        pairs = snapshot.num_requests * snapshot.num_roles
        self.workers = min(workers, 1 + pairs // WORTH_A_THREAD)
        self._keep = np.full(snapshot.num_requests, keep, np.int64)
        self.sieve = Sieve(snapshot, policy)
        self.requests: Int = np.flatnonzero(snapshot.is_open) if requests is None else requests
        self.kept = Candidates.none() if kept is None else kept
        self.known: tuple[Candidates, ...] = ()
        choose = near_and_far(keep, how_few(self.sieve, self.requests))
        found, self.survey = survey(self.sieve, self.requests, choose, self.workers, self.kept)
        self._list(found)
        if len(self.kept):
            told = Shortlist.of(snapshot, policy, self.kept)
            self._list(told.with_new(self.listed))
        if len(whole := self._kept_whole()):
            self._list(self.listed.without_outsiders(whole))
            self.take_in(self._look(whole, ALL))

    def beginning(self, known: Candidates) -> Problem:
        """The same with one more plan to begin with, of whomever it places."""
        other = copy(self)
        other.begin_with(known)
        return other

    def begin_with(self, known: Candidates) -> None:
        """Begin with one more plan, of whomever it places."""
        own = known.where(np.isin(known.request, self.requests))
        self.known = (*self.known, own)
        self.take_in(Shortlist.of(self._snapshot, self.policy, own))

    def allowing(self, allowance: Allowance, requests: Int) -> Problem:
        """The same with components limited, for some of the requests (int64, ascending), which
        share no row with the others.
        """
        other = copy(self)
        other.allowance = allowance
        if len(requests) == len(self.requests):
            return other
        own, whole = np.searchsorted(self.requests, requests), self.model
        other.requests = requests
        other.known = tuple(row.where(np.isin(row.request, requests)) for row in self.known)
        other.model = Model(self.listed.of_requests(requests), lambda _: cut_out(whole.matrix, own))
        return other

    @property
    def listed(self) -> Shortlist:
        """Candidates in the model, and outsiders for the rest."""
        return self.model.listed

    @property
    def num_listed(self) -> int:
        """Candidates in the model."""
        return len(self.model)

    def _list(self, listed: Shortlist | Packed) -> None:
        self.model = Model(listed, self.matrix_of)

    @property
    def matrix(self) -> Matrix:
        """Of what is listed."""
        return self.model.matrix

    def matrix_of(self, listed: Shortlist) -> Matrix:
        """The matrix of some candidates alone."""
        return build_matrix(self._snapshot, self.policy, listed, self.requests)

    def _look(self, requests: Int, keep: int) -> Shortlist:
        return shortlist(self.sieve, requests, the_cheapest(keep), self.workers)

    @cached_property
    def around(self) -> Around:
        """Places around cells. Who is told a place may keep it whatever lies around it: then
        there are none.
        """
        if len(self.kept):
            return Around.nothing(len(self.sieve.room))
        return Around.of(self._snapshot, self.policy)

    @cached_property
    def unplaced_cost(self) -> Int:
        """Cost of leaving each request unplaced, at every level; int64, shape (L, R)."""
        return unplaced_costs(self._snapshot, self.policy)

    def _kept_whole(self) -> Int:
        """Requests of which the model holds every candidate, and did not yet; int64, ascending."""
        survey, links = self.survey, self._snapshot.links
        name = survey.field + 1
        count = np.bincount(name, survey.num_eligible)
        entries = np.bincount(name, survey.num_eligible * survey.longest)
        longest = np.zeros(len(count), np.int64)
        np.maximum.at(longest, name, survey.longest)
        own = survey.num_eligible
        linked = np.zeros(len(count))
        product = own[links.pair_first] * own[links.pair_second]
        np.add.at(linked, name[links.pair_first], product)
        order = np.lexsort((count, longest <= 1))
        fits = (count[order].cumsum() <= KEEP_ALL_BELOW) & (linked[order] <= KEEP_ALL_LINKED)
        fits &= (entries[order].cumsum() <= KEEP_ALL_ENTRIES) & (longest[order] > 1)
        is_whole = np.zeros(len(count), np.bool_)
        is_whole[order[fits]] = True
        outside = np.unique(self.model.outsider_request)
        return outside[is_whole[name[outside]]]

    @property
    def num_eligible(self) -> int:
        """Candidates considered."""
        return int(self.survey.num_eligible.sum())

    @property
    def requests_with_candidates(self) -> Bool:
        """Requests that have any candidate; bool, shape (R,)."""
        has_any: Bool = self.survey.num_eligible > 0
        return has_any

    def widen(self, requests: Int) -> None:
        """Take four times as many candidates of the given requests into the model."""
        self._keep = self._keep.copy()
        self._keep[requests] *= _WIDEN
        self._list(self.listed.without_outsiders(requests))
        for keep in np.unique(self._keep[requests]).tolist():
            self.take_in(self._look(requests[self._keep[requests] == keep], keep))

    def take_in(self, some: Shortlist) -> None:
        """Take candidates into the model."""
        listed = self.listed.with_new(some)
        if listed is not self.listed:
            self._list(listed)

    def fingerprint(self, component: Component) -> bytes:
        """Name of a component by what is in it: equal names, equal matrices."""
        own = component.column[: component.matrix.num_candidates]
        digest = hashlib.blake2b(component.request.tobytes(), digest_size=16)
        digest.update(self.listed.candidates.request[own].tobytes())
        digest.update(self.listed.candidates.first_cell[own].tobytes())
        outsiders = np.ascontiguousarray(component.matrix.cost[:, component.matrix.outsiders])
        digest.update(outsiders.tobytes())
        return digest.digest()
