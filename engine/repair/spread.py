"""A limit for all, spread over components: the best plan is put together from theirs.

The whole limit is given to every component at first, and each is solved for itself. Where that is
more than the limit together, what each makes of how much is combined: for the whole limit, and for
every smaller one. What the best combination of bounds rests on, and is not proven, is solved with
so much alone, until nothing of that kind is left. No row binds components together, and what is
proven of each is proven of all.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from operator import add
from typing import NamedTuple

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from engine.arrays import Int, Ragged
from engine.candidates import Candidates
from engine.errors import SolverDisagreementError
from engine.solve.allowance import Allowance
from engine.solve.bounds import first_difference, first_rise
from engine.solve.problem import Problem
from engine.solve.solved import Solved, SolvedPart

Cost = tuple[int, ...]
"""Level by level."""

_ALL_OF_IT = 0.6  # of the time: while every component may use the whole limit
_TRIES = 2  # for a component with the same part of the limit, with more time and a better plan


@dataclass(frozen=True, slots=True)
class Search:
    """How problems are solved.

    Parameters
    ----------
    solve
        Solves one in a share of the time that is left.
    has_time
        Whether any is left.
    """

    solve: Callable[[Problem, float], Solved]
    has_time: Callable[[], bool]


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
        How problems are solved.
    nobody
        The best plan that uses no more than is needed, if it is known already.

    Returns
    -------
    dict
        By limit: the whole one, and, where it had to be spread, every smaller one.
    """
    start = problem if known is None else problem.beginning(known)
    share = _ALL_OF_IT if allowance.more else 1.0
    whole = search.solve(start.allowing(allowance, problem.requests), share)
    needed = int(allowance.needed[problem.requests].sum())
    if whole.values[allowance.level] <= needed + allowance.more:
        return {allowance.more: whole}
    users = [part for part in whole.parts if _use(part, allowance) > 0]
    requests = np.sort(np.concatenate([part.requests for part in users]))
    together = _Spread(allowance, requests, whole)
    none = None if nobody is None else _among(nobody, requests)
    if none is None:
        less = problem.allowing(replace(allowance, more=0), requests)
        none = search.solve(less, 1.0 / allowance.more)
    together.add(0, none)
    while search.has_time() and (asked := together.asked()):
        less = problem.allowing(replace(allowance, more=asked.more), asked.requests)
        found = search.solve(less.beginning(asked.known), asked.share)
        together.add(asked.more, found)
    return {limit: together.best(limit) for limit in range(allowance.more + 1)}


def _among(solved: Solved, requests: Int) -> Solved | None:
    """What was solved with parts of its own for some requests (int64, ascending), if it was."""
    parts = tuple(own for part in solved.parts for own in part.apart())
    is_own = [np.isin(part.requests, requests) for part in parts]
    if all(own.all() or not own.any() for own in is_own):
        return replace(solved, parts=parts)
    return None


def _use(part: SolvedPart, allowance: Allowance) -> int:
    """How much of the limit a component uses, beyond what it needs."""
    return int(part.values[allowance.level]) - int(allowance.needed[part.requests].sum())


class _Run(NamedTuple):
    """What was found where every component could use so much."""

    more: int
    solved: Solved


class _Asked(NamedTuple):
    """What is to be solved next: with how much, whose, from which plan, in which share of the
    time that is left.
    """

    more: int
    requests: Int
    known: Candidates
    share: float


@dataclass(frozen=True, slots=True)
class _Group:
    """Requests that were one component in every run, or in some.

    Parameters
    ----------
    requests
        int64, ascending.
    parts
        By run, their components; none where they were not all part of it.
    """

    requests: Int
    parts: tuple[tuple[SolvedPart, ...], ...]

    def solved(self) -> Iterator[tuple[int, tuple[SolvedPart, ...]]]:
        """Runs of which it was a part, and its components."""
        return ((run, own) for run, own in enumerate(self.parts) if own)


class _Spread:
    """What components make of parts of a limit.

    Parameters
    ----------
    allowance
        Of all together.
    requests
        int64, ascending: of the components that use any of the limit.
    whole
        Found with the whole limit for each of all components.
    """

    def __init__(self, allowance: Allowance, requests: Int, whole: Solved) -> None:
        self._allowance = allowance
        self._requests = requests
        self._runs: list[_Run] = []
        self._whole = whole
        others = (part for part in whole.parts if not np.isin(part.requests, requests).any())
        self._rest = list(others)
        self.add(allowance.more, whole)

    def add(self, more: int, solved: Solved) -> None:
        """Take in what was found of some components, where each could use so much. One with
        nothing more than is needed has to be of them all.
        """
        self._runs.append(_Run(more, solved))
        self._groups = list(_groups([run.solved.parts for run in self._runs], self._requests))

    def asked(self) -> _Asked | None:
        """What bounds rest on and is not proven: first what was not looked for yet, of the least
        part of the limit, all at once. ``None`` where nothing is left to be looked for.
        """
        asked: dict[tuple[int, int], set[int]] = defaultdict(set)
        for limit in range(self._allowance.more + 1):
            for number, more in self._open(limit):
                solved = self._groups[number].solved()
                tried = sum(self._runs[run].more == more for run, _ in solved)
                if tried < _TRIES:
                    asked[tried, more].add(number)
        if not asked:
            return None
        (tried, more), numbers = min(asked.items())
        groups = [self._groups[number] for number in sorted(numbers)]
        known = Candidates.joined([self._found(group, more)[1] for group in groups])
        requests = np.sort(np.concatenate([group.requests for group in groups]))
        others = len(asked) if tried else 1 + len(asked)  # who knows what comes up
        return _Asked(more, requests, known, 1.0 / others)

    def _open(self, limit: int) -> Iterator[tuple[int, int]]:
        """Groups, and how much they use, that may make the best choice by bounds better than any
        choice of plans: those that may cost less, down to the level at which the choice does.
        """
        bounds = self._least()
        least, chosen = _cheapest(bounds, limit)
        found, _ = _cheapest(self._costs(), limit)
        upto = _first_difference(least, found)
        for number, more in enumerate(chosen if upto < len(found) else ()):
            value, _ = self._found(self._groups[number], more)
            if _first_difference(bounds[number][more][1], value) <= upto:
                yield number, more

    def best(self, limit: int) -> Solved:
        """The best choice of a run for every group, and what no choice can be better than."""
        found, chosen = _cheapest(self._costs(), limit)
        total = np.array(_sum([_values(self._rest), found]), np.int64)
        bounds = self._bounds(total, limit)
        runs = [
            list(group.solved())[option][0]
            for group, option in zip(self._groups, chosen, strict=True)
        ]
        parts = (
            part for group, run in zip(self._groups, runs, strict=True) for part in group.parts[run]
        )
        stops = (run.solved.stopped for run in self._runs if run.solved.stopped != "proven")
        return Solved(
            taken=self._taken(runs),
            values=total,
            bounds=bounds,
            stopped="proven" if np.array_equal(total, bounds) else next(stops, "time_limit"),
            parts=(*self._rest, *parts),
            work=sum(run.solved.work for run in self._runs),
        )

    def _costs(self) -> list[list[tuple[int, Cost]]]:
        """By group, how much every plan of it uses and costs."""
        return [
            [
                (sum(_use(part, self._allowance) for part in own), _values(own))
                for _, own in group.solved()
            ]
            for group in self._groups
        ]

    def _least(self) -> list[list[tuple[int, Cost]]]:
        """By group, what it costs at least with any part of the limit."""
        parts_of_it = range(self._allowance.more + 1)
        return [
            [(more, self._least_of(group, more)) for more in parts_of_it] for group in self._groups
        ]

    def _found(self, group: _Group, more: int) -> tuple[Cost, Candidates]:
        """The best plan of a group that uses no more than so much."""
        cost, run = min(
            (_values(own), run)
            for run, own in group.solved()
            if sum(_use(part, self._allowance) for part in own) <= more
        )
        return cost, self._taken_by(group, run)

    def _taken(self, runs: list[int]) -> Candidates:
        every = self._whole.taken
        found = [every.where(np.isin(every.request, self._requests, invert=True))]
        pairs = zip(self._groups, runs, strict=True)
        return Candidates.joined([*found, *(self._taken_by(group, run) for group, run in pairs)])

    def _taken_by(self, group: _Group, run: int) -> Candidates:
        taken = self._runs[run].solved.taken
        return taken.where(np.isin(taken.request, group.requests))

    def _bounds(self, total: Int, limit: int) -> Int:
        """Bounds of all choices: the least that components can cost together, in the order of
        levels. Below the first level at which that is less, nothing is claimed; nor of anything
        where one could need less, which would leave more to another.
        """
        if not self._needs_are_least():
            return np.zeros_like(total)
        found, _ = _cheapest(self._least(), limit)
        least = np.array(_sum([_least(self._rest), found]), np.int64)
        if tuple(least) > tuple(total):
            raise SolverDisagreementError(
                f"components bound a plan by {least.tolist()}; {total.tolist()} is feasible"
            )
        upto = first_difference(least, total) + 1
        return np.concatenate([least[:upto], np.zeros_like(least[upto:])])

    def _least_of(self, group: _Group, more: int) -> Cost:
        """What a group costs at least with so much: by the runs with as much, or with more, of
        which prices say what it would cost with less. Components that a run held apart are bounded
        as if each of them could use as much as the group.
        """
        return max(
            _least(own, self._runs[run].more - more)
            for run, own in group.solved()
            if self._runs[run].more >= more
        )

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


def _first_difference(one: Cost, other: Cost) -> int:
    return first_difference(np.array(one), np.array(other))


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


def _groups(runs: list[tuple[SolvedPart, ...]], requests: Int) -> Iterator[_Group]:
    """Components of all runs, put together where they overlap; of some requests."""
    named = [
        (run, part)
        for run, own in enumerate(runs)
        for part in own
        if np.isin(part.requests, requests).any()
    ]
    owner = np.repeat(np.arange(len(named)), [len(part.requests) for _, part in named])
    place = np.searchsorted(requests, np.concatenate([part.requests for _, part in named]))
    size = len(named) + len(requests)
    graph = coo_array((np.ones(len(owner), np.int8), (owner, len(named) + place)), (size, size))
    count, label = connected_components(graph, directed=False)
    by_run: list[list[list[SolvedPart]]] = [[[] for _ in runs] for _ in range(count)]
    for name, (run, part) in zip(label.tolist(), named, strict=False):
        by_run[name][run].append(part)
    members = Ragged.grouping(label[len(named) :], count)
    for name, found in enumerate(by_run):
        own = members.row(name)
        solved = (tuple(row) if _hold(row) == len(own) else () for row in found)
        yield _Group(requests[own], tuple(solved))


def _hold(parts: Iterable[SolvedPart]) -> int:
    """Requests of some components."""
    return sum(len(part.requests) for part in parts)
