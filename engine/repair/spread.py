"""A limit for all, spread over components: the best plan is put together from theirs.

The whole limit is given to every component at first, and each is solved for itself. Where that is
more than the limit together, those that use any of it are solved again with less, and what each
makes of how much is combined: for the whole limit, and for every smaller one. No row binds
components together, and what is proven of each is proven of all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from operator import add

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from engine.arrays import Int
from engine.candidates import Candidates
from engine.errors import SolverDisagreementError
from engine.solve.allowance import Allowance
from engine.solve.bounds import first_difference, first_rise
from engine.solve.problem import Problem
from engine.solve.solved import Solved, SolvedPart

Search = Callable[[Problem, float], Solved]
"""Solves a problem in a share of the time that is left."""

Cost = tuple[int, ...]
"""Level by level."""

_ALL_OF_IT = 0.6  # of the time: while every component may use the whole limit


def best_spread(
    problem: Problem,
    known: Candidates | None,
    allowance: Allowance,
    search: Search,
    nobody: Solved | None = None,
) -> dict[int, Solved]:
    """The best plans in which all components together use no more than they need and a limit.

    Parameters
    ----------
    problem
        With a plan to begin with in which no component uses more than it needs.
    known
        A better one, if there is one, within the limit.
    allowance
        Of all together.
    search
        Solves one problem.
    nobody
        The best plan that uses no more than is needed, if it is known already.

    Returns
    -------
    dict
        By limit: the whole one, and, where it had to be spread, every smaller one.
    """
    start = problem if known is None else problem.beginning(known)
    share = _ALL_OF_IT if allowance.more else 1.0
    whole = search(start.allowing(allowance, problem.requests), share)
    needed = int(allowance.needed[problem.requests].sum())
    if whole.values[allowance.level] <= needed + allowance.more:
        return {allowance.more: whole}
    users = [part for part in whole.parts if _use(part, allowance) > 0]
    requests = np.sort(np.concatenate([part.requests for part in users]))
    runs = [] if nobody is None else list(_among(nobody, requests))
    most = max(_use(part, allowance) for part in users)
    for more in range(len(runs), most):
        less = problem.allowing(replace(allowance, more=more), requests)
        runs.append(search(less, 1.0 / (most - more)))
    together = _Spread(allowance, requests, [*runs, whole])
    return {limit: together.best(limit) for limit in range(allowance.more + 1)}


def _among(solved: Solved, requests: Int) -> Iterator[Solved]:
    """What was solved with parts of its own for some requests (int64, ascending), if it can be."""
    parts = tuple(own for part in solved.parts for own in part.apart())
    is_own = [np.isin(part.requests, requests) for part in parts]
    if all(own.all() or not own.any() for own in is_own):
        yield replace(solved, parts=parts)


def _use(part: SolvedPart, allowance: Allowance) -> int:
    """How much of the limit a component uses, beyond what it needs."""
    return int(part.values[allowance.level]) - int(allowance.needed[part.requests].sum())


@dataclass(frozen=True, slots=True)
class _Group:
    """Requests that were one component in every run, or in some.

    Parameters
    ----------
    requests
        int64, ascending.
    parts
        By run, their components.
    """

    requests: Int
    parts: tuple[tuple[SolvedPart, ...], ...]


class _Spread:
    """What components make of parts of a limit.

    Parameters
    ----------
    allowance
        Of all together.
    requests
        int64, ascending: of the components that use any of the limit.
    runs
        With 0, 1, 2 … for each of these components; the last with the whole limit, and with all
        requests.
    """

    def __init__(self, allowance: Allowance, requests: Int, runs: list[Solved]) -> None:
        self._allowance = allowance
        self._runs, self._whole = runs, runs[-1]
        of_users = [[p for p in run.parts if np.isin(p.requests, requests).any()] for run in runs]
        self._groups = list(_groups(of_users, requests))
        others = (p for p in self._whole.parts if not np.isin(p.requests, requests).any())
        self._rest = list(others)

    def best(self, limit: int) -> Solved:
        """The best choice of a run for every group, and what no choice can be better than."""
        options = [
            [
                (sum(_use(part, self._allowance) for part in own), _values(own))
                for own in group.parts
            ]
            for group in self._groups
        ]
        found, chosen = _cheapest(options, limit)
        total = np.array(_sum([_values(self._rest), found]), np.int64)
        bounds = self._bounds(total, limit)
        parts = (
            part
            for group, run in zip(self._groups, chosen, strict=True)
            for part in group.parts[run]
        )
        open_runs = (run.stopped for run in self._runs if run.stopped != "proven")
        return Solved(
            taken=self._taken(chosen),
            values=total,
            bounds=bounds,
            stopped="proven" if np.array_equal(total, bounds) else next(open_runs, "time_limit"),
            parts=(*self._rest, *parts),
            work=sum(run.work for run in self._runs),
        )

    def _taken(self, chosen: Iterable[int]) -> Candidates:
        users = np.concatenate([group.requests for group in self._groups])
        every = self._whole.taken
        found = [every.where(np.isin(every.request, users, invert=True))]
        for group, run in zip(self._groups, chosen, strict=True):
            taken = self._runs[run].taken
            found.append(taken.where(np.isin(taken.request, group.requests)))
        return Candidates.joined(found)

    def _bounds(self, total: Int, limit: int) -> Int:
        """Bounds of all choices: the least that components can cost together, in the order of
        levels. Below the first level at which that is less, nothing is claimed; nor of anything
        where one could need less, which would leave more to another.

        Components of one group that a run held apart are bounded as if each of them could use as
        much as the group.
        """
        if not self._needs_are_least():
            return np.zeros_like(total)
        options = [
            [(run, self._least_of(group, run)) for run in range(len(self._runs))]
            for group in self._groups
        ]
        found, _ = _cheapest(options, limit)
        least = np.array(_sum([_least(self._rest), found]), np.int64)
        if tuple(least) > tuple(total):
            raise SolverDisagreementError(
                f"components bound a plan by {least.tolist()}; {total.tolist()} is feasible"
            )
        upto = first_difference(least, total) + 1
        return np.concatenate([least[:upto], np.zeros_like(least[upto:])])

    def _least_of(self, group: _Group, run: int) -> Cost:
        """What a group costs at least with what a run had: by that run itself, or by what the
        prices of the one with the whole limit say of less.
        """
        own = _least(group.parts[run])
        if run == len(self._runs) - 1:
            return own
        return max(own, _least(group.parts[-1], self._allowance.more - run))

    def _needs_are_least(self) -> bool:
        """Whether no component uses, or could use, less than it needs."""
        allowance = self._allowance
        return allowance.is_least and all(_use(part, allowance) >= 0 for part in self._parts())

    def _parts(self) -> list[SolvedPart]:
        """Components of all runs."""
        return [*self._rest, *(p for group in self._groups for own in group.parts for p in own)]


def _values(parts: Iterable[SolvedPart]) -> Cost:
    return _sum([tuple(part.values.tolist()) for part in parts])


def _least(parts: Iterable[SolvedPart], less: int = 0) -> Cost:
    """What components cost at least in the order of levels, where each could use so much less."""
    return _sum([_in_order(part.values, part.bounds_with_less(less)) for part in parts])


def _in_order(values: Int, bounds: Int) -> Cost:
    """A vector that no plan of a component comes before in the order of levels.

    A bound speaks of plans no worse than ``values`` on each level above. A plan that equals the
    bounds above is one of those until a bound is more than its value, as it can be with less of
    an allowance; from there on, nothing is claimed.
    """
    upto = first_rise(values, bounds) + 1
    return (*bounds[:upto].tolist(), *(0 for _ in bounds[upto:]))


def _sum(rows: list[Cost]) -> Cost:
    """Level by level; of none, nothing."""
    some = [row for row in rows if row]
    return tuple(map(sum, zip(*some, strict=True)))


def _cheapest(options: list[list[tuple[int, Cost]]], limit: int) -> tuple[Cost, list[int]]:
    """One option of each, together within a limit: the least costs, and which.

    Parameters
    ----------
    options
        How much of the limit each uses, and what it costs; one of each uses nothing.
    """
    best: dict[int, tuple[Cost, tuple[int, ...]]] = {0: ((), ())}
    for own in options:
        found: dict[int, tuple[Cost, tuple[int, ...]]] = {}
        for used, (cost, chosen) in best.items():
            for number, (use, more) in enumerate(own):
                together = used + max(use, 0)
                row = tuple(map(add, cost, more)) if cost else more, (*chosen, number)
                if together <= limit and (together not in found or row < found[together]):
                    found[together] = row
        best = found
    cost, chosen = min(best.values())
    return cost, list(chosen)


def _groups(runs: list[list[SolvedPart]], requests: Int) -> Iterator[_Group]:
    """Components of all runs, put together where they overlap."""
    parts = [part for own in runs for part in own]
    owner = np.repeat(np.arange(len(parts)), [len(part.requests) for part in parts])
    place = np.searchsorted(requests, np.concatenate([part.requests for part in parts]))
    size = len(parts) + len(requests)
    graph = coo_array((np.ones(len(owner), np.int8), (owner, len(parts) + place)), (size, size))
    count, label = connected_components(graph, directed=False)
    by_run: list[list[list[SolvedPart]]] = [[[] for _ in runs] for _ in range(count)]
    names = iter(label.tolist())
    for run, own in enumerate(runs):
        for part in own:
            by_run[next(names)][run].append(part)
    for name, found in enumerate(by_run):
        yield _Group(requests[label[len(parts) :] == name], tuple(map(tuple, found)))
