"""Snapshot and policy to candidates: every place that every request could take.

Rules between requests and roles come first, on whole tables; what they leave is
expanded to sessions, and that to cells. Requests are taken in chunks, so that no table of
all pairs ever stands. No loop runs over pairs.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np

from engine.arrays import Int, ranges
from engine.candidates import Candidates, cells_needed
from engine.policy import Policy
from engine.rules import Grain
from engine.snapshot import Snapshot

_PAIRS_AT_ONCE = 2_000_000
_PLACES_AT_ONCE = 1_000_000


def eligible_candidates(snapshot: Snapshot, policy: Policy, requests: Int) -> Candidates:
    """Every eligible candidate of ``requests`` (int64 indices, ascending)."""
    return Candidates.joined(list(candidates_by_chunk(snapshot, policy, requests)))


def candidates_by_chunk(snapshot: Snapshot, policy: Policy, requests: Int) -> Iterator[Candidates]:
    """Every eligible candidate of ``requests``, some requests at a time.

    Yields
    ------
    Candidates
        By request, then by cell; at least one chunk.
    """
    for chunk in _chunks(snapshot, requests):
        yield _of_chunk(snapshot, policy, chunk)


def _chunks(snapshot: Snapshot, requests: Int) -> Iterator[Int]:
    size = max(1, _PAIRS_AT_ONCE // max(1, snapshot.num_roles))
    for start in range(0, max(1, len(requests)), size):
        yield requests[start : start + size]


def _of_chunk(snapshot: Snapshot, policy: Policy, requests: Int) -> Candidates:
    request, role = _judged_table(snapshot, policy, requests)
    place, session = snapshot.sessions.of_role.expand(role)
    request, session = _judged_pairs(snapshot, policy, "session", request[place], session)
    parts = [
        _judged_places(snapshot, policy, free_places(snapshot, request[piece], session[piece]))
        for piece in _pieces(snapshot, session)
    ]
    candidates = Candidates.joined(parts)
    return candidates.where(np.lexsort((candidates.first_cell, candidates.request)))


def _pieces(snapshot: Snapshot, session: Int) -> Iterator[slice]:
    """Slices of the pairs such that each expands to a bounded number of cells."""
    cells = np.diff(snapshot.sessions.first_cell)[session]
    piece = np.cumsum(cells) // _PLACES_AT_ONCE
    bounds = [0, *(np.flatnonzero(np.diff(piece)) + 1).tolist(), len(session)]
    for start, end in pairwise(bounds):
        yield slice(start, end)


def _judged_places(snapshot: Snapshot, policy: Policy, candidates: Candidates) -> Candidates:
    for rule in policy.place_rules:
        candidates = candidates.where(rule.admits_places(snapshot, candidates))
    for constraint in policy.constraints:
        if constraint.can_block_alone:
            blocked = constraint.rows(snapshot, candidates).blocked(len(candidates))
            candidates = candidates.where(~blocked)
    return candidates


def _judged_table(snapshot: Snapshot, policy: Policy, requests: Int) -> tuple[Int, Int]:
    """Pairs (request, role) that every rule of that grain admits."""
    roles = np.arange(snapshot.num_roles)
    rules = [rule for rule in policy.pair_rules if rule.grain == "role"]
    if not rules:
        table = np.ones((len(requests), len(roles)), np.bool_)
    else:
        table = np.broadcast_to(
            rules[0].admits(snapshot, requests[:, None], roles), (len(requests), len(roles))
        )
    row, role = np.nonzero(table)
    return _judged_pairs(snapshot, policy, "role", requests[row], role, skip=1)


def _judged_pairs(
    snapshot: Snapshot, policy: Policy, grain: Grain, request: Int, other: Int, skip: int = 0
) -> tuple[Int, Int]:
    """Those of the given pairs that the rules of a grain admit, but for the first ``skip``."""
    for rule in [rule for rule in policy.pair_rules if rule.grain == grain][skip:]:
        admitted = rule.admits(snapshot, request, other)
        request, other = request[admitted], other[admitted]
    return request, other


def free_places(snapshot: Snapshot, request: Int, session: Int) -> Candidates:
    """Candidates of pairs (request, session): every start where enough cells have room.

    A visit lies within the horizon and does not begin in the past; a day session that has
    begun is open until it ends.
    """
    sessions = snapshot.sessions
    num_cells = cells_needed(snapshot, request, session)
    first = sessions.first_cell[session]
    length = np.maximum(sessions.first_cell[session + 1] - first - num_cells + 1, 0)
    pair = np.repeat(np.arange(len(request)), length)
    cell = ranges(first, length)
    fits = snapshot.free.run[cell] >= num_cells[pair]
    pair, cell = pair[fits], cell[fits]
    candidates = Candidates.at(snapshot, request[pair], cell, num_cells[pair])
    moment = np.where(candidates.has_time, candidates.start, candidates.end - 1)
    start, end = candidates.busy(snapshot)
    within = (start >= 0) & (end <= snapshot.horizon_end) & (moment >= snapshot.as_of)
    return candidates.where(within)
