"""Snapshot and policy to candidates: every place that every request could take.

Rules between requests and roles come first, on whole tables; what they leave is
expanded to sessions, and that to cells. Requests are taken in chunks, so that no table of
all pairs ever stands. No loop runs over pairs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise

import numpy as np

from engine.arrays import Int, ranges
from engine.candidates import Candidates, cells_needed
from engine.policy import Policy
from engine.rules import CoupledRule, Grain, PairRule
from engine.seats import free_run
from engine.snapshot import Snapshot

NO_SESSION = "no_session"
TAKEN = "taken"
"""Stages beside the rules: roles that have sessions, and cells that are free."""

_PAIRS_AT_ONCE = 2_000_000
_PLACES_AT_ONCE = 1_000_000

OnStage = Callable[[str, Int], None]
"""Hears, after every rule and stage, whose pairs are left: its name, and request indices."""


def eligible_candidates(snapshot: Snapshot, policy: Policy, requests: Int) -> Candidates:
    """Every eligible candidate of ``requests`` (int64 indices, ascending)."""
    return Candidates.joined(list(candidates_by_chunk(snapshot, policy, requests)))


def candidates_by_chunk(
    snapshot: Snapshot, policy: Policy, requests: Int, on_stage: OnStage | None = None
) -> Iterator[Candidates]:
    """Every eligible candidate of ``requests``, some requests at a time.

    Parameters
    ----------
    requests
        int64 indices, ascending.
    on_stage
        Hears who has pairs left after every rule.

    Yields
    ------
    Candidates
        By request, then by cell; at least one chunk.
    """
    sieve = _Sieve(snapshot, policy, on_stage or _nobody_listens)
    size = max(1, _PAIRS_AT_ONCE // max(1, snapshot.num_roles))
    for start in range(0, max(1, len(requests)), size):
        yield sieve.candidates(requests[start : start + size])


def eligible_roles(snapshot: Snapshot, policy: Policy, requests: Int) -> Int:
    """Roles that the rules between requests and roles leave to any of ``requests``; int64."""
    _, role = _Sieve(snapshot, policy, _nobody_listens).roles(requests)
    return np.unique(role)


def candidates_in_roles(snapshot: Snapshot, policy: Policy, request: int, roles: Int) -> Candidates:
    """Eligible candidates of one request in roles that ``eligible_roles`` leaves it."""
    sieve = _Sieve(snapshot, policy, _nobody_listens)
    return sieve.in_roles(np.full(len(roles), request), roles)


def _nobody_listens(_name: str, _requests: Int) -> None:
    pass


class _Sieve:
    """Applies the rules of a policy, coarse grain first."""

    def __init__(self, snapshot: Snapshot, policy: Policy, on_stage: OnStage) -> None:
        self._snapshot = snapshot
        self._policy = policy
        self._on_stage = on_stage
        self._run = free_run(snapshot, policy.seats.room(snapshot))

    def candidates(self, requests: Int) -> Candidates:
        """Eligible candidates of some requests."""
        return self.in_roles(*self.roles(requests))

    def in_roles(self, request: Int, role: Int) -> Candidates:
        """Those of pairs of requests and roles that may stand."""
        sessions = self._snapshot.sessions
        place, session = sessions.of_role.expand(role)
        request = request[place]
        self._on_stage(NO_SESSION, request)
        request, session = self._judged("session", request, session)
        parts = [
            self._judged_places(
                free_places(self._snapshot, request[piece], session[piece], self._run)
            )
            for piece in _pieces(np.diff(sessions.first_cell)[session])
        ]
        candidates = Candidates.joined(parts)
        return candidates.where(np.lexsort((candidates.first_cell, candidates.request)))

    def roles(self, requests: Int) -> tuple[Int, Int]:
        """Pairs of requests and roles that every rule between the two admits."""
        request, role = self._all_roles(requests)
        return self._judged("role", request, role)

    def _all_roles(self, requests: Int) -> tuple[Int, Int]:
        """Pairs of requests and roles; the first rule is applied to the whole table at once."""
        roles = np.arange(self._snapshot.num_roles)
        table = np.ones((len(requests), len(roles)), np.bool_)
        for rule in self._rules("role")[:1]:
            table &= rule.admits(self._snapshot, requests[:, None], roles)
        row, role = np.nonzero(table)
        return requests[row], role

    def _judged(self, grain: Grain, request: Int, other: Int) -> tuple[Int, Int]:
        """Those of the pairs that every rule of a grain admits."""
        for rule in self._rules(grain):
            admitted = rule.admits(self._snapshot, request, other)
            request, other = request[admitted], other[admitted]
            self._on_stage(rule.name, request)
        return request, other

    def _rules(self, grain: Grain) -> list[PairRule]:
        return [rule for rule in self._policy.pair_rules if rule.grain == grain]

    def _judged_places(self, candidates: Candidates) -> Candidates:
        """Those of the free places that every rule admits, alone."""
        self._on_stage(TAKEN, candidates.request)
        for rule in self._policy.place_rules:
            candidates = candidates.where(rule.admits_places(self._snapshot, candidates))
            self._on_stage(rule.name, candidates.request)
        for constraint in self._policy.constraints:
            if constraint.can_block_alone:
                if isinstance(constraint, CoupledRule):
                    rows = constraint.blocking_rows(self._snapshot, candidates)
                else:
                    rows = constraint.rows(self._snapshot, candidates)
                candidates = candidates.where(~rows.blocked(len(candidates)))
                self._on_stage(constraint.name, candidates.request)
        return candidates


def _pieces(num_cells: Int) -> Iterator[slice]:
    """Slices of the pairs such that each expands to a bounded number of cells; one at least."""
    piece = np.cumsum(num_cells) // _PLACES_AT_ONCE
    bounds = [0, *(np.flatnonzero(np.diff(piece)) + 1).tolist(), len(num_cells)]
    for start, end in pairwise(bounds):
        yield slice(start, end)


def free_places(snapshot: Snapshot, request: Int, session: Int, run: Int) -> Candidates:
    """Candidates of pairs (request, session): every start where enough cells have room.

    A visit lies within the horizon, and what it occupies does not begin in the past; a day
    session that has begun is open until it ends.

    Parameters
    ----------
    run
        int64, shape (K,): number of cells with room from each one on.
    """
    sessions = snapshot.sessions
    num_cells = cells_needed(snapshot, request, session)
    first = sessions.first_cell[session]
    length = np.maximum(sessions.first_cell[session + 1] - first - num_cells + 1, 0)
    pair = np.repeat(np.arange(len(request)), length)
    cell = ranges(first, length)
    fits = run[cell] >= num_cells[pair]
    pair, cell = pair[fits], cell[fits]
    candidates = Candidates.at(snapshot, request[pair], cell, num_cells[pair])
    start, end = candidates.busy(snapshot)
    moment = np.where(candidates.has_time, start, end - 1)
    within = (start >= 0) & (end <= snapshot.horizon_end) & (moment >= snapshot.as_of)
    return candidates.where(within)
