"""What is known of all candidates, whether they are in the model or not."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from engine.arrays import NONE, Int, stretches
from engine.candidates import Candidates
from engine.eligible import Sieve
from engine.offers import RolePairs
from engine.packed import Packed
from engine.shortlist import Choose, by_chunk, evaluated


@dataclass(frozen=True, slots=True)
class Survey:
    """All candidates of all requests, in numbers.

    Parameters
    ----------
    num_eligible
        int64, shape (R,): how many there are.
    most
        int64, shape (L, R): the largest cost of any.
    longest
        int64, shape (R,): the most cells that any covers.
    field
        int64, shape (R,): requests of different fields could go to no role in common; -1: to
        none at all.
    """

    num_eligible: Int
    most: Int
    longest: Int
    field: Int


@dataclass(slots=True)
class _Found:
    """What a chunk of requests shows."""

    parts: list[Packed]
    requests: list[Int]
    counts: list[Int]
    most: list[Int]
    longest: list[Int]
    first_role: tuple[Int, Int]
    edges: Int


def survey(
    sieve: Sieve,
    requests: Int,
    choose: Choose,
    workers: int = 1,
    kept: Candidates | None = None,
) -> tuple[Packed, Survey]:
    """Evaluate every candidate of ``requests``, list the chosen ones, and count them all.

    Parameters
    ----------
    requests
        int64 indices, ascending.
    workers
        Threads.
    kept
        Places that some of them hold, one each: candidates whatever the rules for new ones say.
    """
    found = by_chunk(sieve, requests, workers, lambda pairs: _look(sieve, pairs, choose))
    num_requests = sieve.snapshot.num_requests
    num_eligible = np.zeros(num_requests, np.int64)
    longest = np.zeros(num_requests, np.int64)
    most = np.zeros((len(sieve.policy.levels), num_requests), np.int64)
    for chunk in found:
        for number, who in enumerate(chunk.requests):
            num_eligible[who], longest[who] = chunk.counts[number], chunk.longest[number]
            most[:, who] = chunk.most[number]
    kept = Candidates.none() if kept is None else kept
    holder = kept.request
    num_eligible[holder] = np.maximum(num_eligible[holder], 1)
    longest[holder] = np.maximum(longest[holder], kept.num_cells)
    listed = Packed.joined([part for chunk in found for part in chunk.parts])
    return listed, Survey(num_eligible, most, longest, _fields(sieve, found, kept))


def _look(sieve: Sieve, pairs: RolePairs, choose: Choose) -> _Found:
    num_roles = sieve.snapshot.num_roles
    head, stretch = stretches(pairs.request)
    first = pairs.role[head]
    edges = np.unique(first[stretch] * num_roles + pairs.role)
    found = _Found([], [], [], [], [], (pairs.request[head], first), edges)
    for part in evaluated(sieve, pairs):
        request = part.offers.request
        begins, _ = stretches(request)
        found.parts.append(Packed.of(part.listed(choose)))
        found.requests.append(request[begins])
        found.counts.append(np.diff(begins, append=len(request)))
        largest, num_cells = part.cost, part.offers.num_cells[part.offers.visit]
        if len(begins):
            largest = np.maximum.reduceat(largest, begins, axis=1)
            num_cells = np.maximum.reduceat(num_cells, begins)
        found.most.append(part.at_all_levels(largest))
        found.longest.append(num_cells)
    return found


def _fields(sieve: Sieve, found: list[_Found], kept: Candidates) -> Int:
    """Names of the connected parts of requests and roles."""
    num_roles = sieve.snapshot.num_roles
    first_role = np.full(sieve.snapshot.num_requests, NONE, np.int64)
    first_role[kept.request] = kept.role
    edges = [chunk.edges for chunk in found]
    for chunk in found:
        who, role = chunk.first_role
        holds = first_role[who] != NONE
        edges.append(first_role[who[holds]] * num_roles + role[holds])
        first_role[who] = role
    every = np.unique(np.concatenate(edges))
    graph = coo_array(
        (np.ones(len(every), np.int8), divmod(every, max(1, num_roles))),
        shape=(num_roles, num_roles),
    )
    _, label = connected_components(graph, directed=False)
    return np.where(first_role == NONE, NONE, label[first_role])
