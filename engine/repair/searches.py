"""Plans of a repair that take a search: of all who are in reach, or of those who are near."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from engine.arrays import Int
from engine.candidates import Candidates
from engine.repair.minimum import Minimum
from engine.repair.models import Models
from engine.repair.nearby import Catalogue, in_the_way
from engine.repair.short_chains import ShortChains
from engine.repair.spread import Search, best_spread
from engine.repair.world import World
from engine.solve.allowance import Allowance
from engine.solve.limits import Cancel, Clock, Limits
from engine.solve.problem import Problem
from engine.solve.progress import OnProgress
from engine.solve.solved import Solved, SolvedPart
from engine.solve.solver import solve

_SECONDS_PER_PLACE = 12e-6  # that somebody could take, until there is a first plan; roughly
_FEW_NEAR = 0.5  # of all in reach: with more, to look at them first is to look twice
_NEAR_FIRST = 0.4  # of the time that is left goes to those who are near


@dataclass(frozen=True, slots=True)
class Searched:
    """What a search found.

    Parameters
    ----------
    world
        In which those take part who could be moved.
    problem
        What was solved.
    solved
        The best plan found.
    """

    world: World
    problem: Problem
    solved: Solved


@dataclass(frozen=True, slots=True)
class Nearest:
    """Who is near to those who must be moved.

    Parameters
    ----------
    chains
        Know how near bystanders are.
    catalogue
        Candidates of everybody.
    must
        int64, ascending: requests of those who must be moved.
    most
        People who may be displaced at most.
    """

    chains: ShortChains
    catalogue: Catalogue
    must: Int
    most: int

    @property
    def places(self) -> float:
        """Places that somebody who must be moved could take; the mean."""
        return len(self.catalogue.of(self.must).candidates) / max(1, len(self.must))

    def requests(self) -> Iterator[Int]:
        """Those who must be moved and those who are near: as near as the limit asks for, then
        nearer; int64, ascending.
        """
        for longest in (self.most, 1):
            yield np.union1d(self.must, self.chains.of(longest).near)


@dataclass(frozen=True, slots=True)
class Watch:
    """When searches end, and who hears of them.

    Parameters
    ----------
    limits, clock
        Of the whole repair.
    cancel, on_progress
        Asks to stop early; hears of progress.
    """

    limits: Limits
    clock: Clock
    cancel: Cancel
    on_progress: OnProgress | None


class Searches:
    """The best plans by how many people they displace, each looked for once.

    Parameters
    ----------
    star
        The world in which everybody takes part who may.
    models
        Where models are made.
    nearest
        Who is searched where there is no time for all.
    watch
        When to end.
    """

    def __init__(self, star: World, models: Models, nearest: Nearest, watch: Watch) -> None:
        self._star = star
        self._models = models
        self._nearest = nearest
        self._watch = watch
        self._nobody_else: Solved | None = None
        self._found: dict[int, Searched] = {}

    @property
    def _minimum(self) -> Minimum:
        return self._models.minimum

    def with_nobody_else(self, share: float, known: Candidates | None = None) -> Searched:
        """The best plan that displaces nobody who need not be, in a share of the time left."""
        world, problem = self._models.of(self._models.in_reach(0))
        self._nobody_else = self._spread(problem, known, 0, share)[0]
        return Searched(world, problem, self._nobody_else)

    def within(self, limit: int, share: float, known: Candidates | None = None) -> Searched | None:
        """The best plan within a limit, in a share of the time that is left. Where everybody in
        reach is too many for it, the best that those find who are near, of which nothing is
        claimed; where these are, too, ``None``.

        Parameters
        ----------
        known
            A plan to begin with, if there is one.
        """
        if limit not in self._found:
            everybody = self._models.in_reach(limit)
            if not self._has_time_for(everybody, share):
                return self._of_few(limit, share, known)
            if known is None:
                known = self._of_near(limit, share)
            world, problem = self._models.of(everybody)
            solved = self._spread(problem, known, limit, share, self._with_stays(world))
            self._found |= {less: Searched(world, problem, row) for less, row in solved.items()}
        return self._found[limit]

    def _of_few(self, limit: int, share: float, known: Candidates | None) -> Searched | None:
        """The best plan of those who are near."""
        for near in self._nearest.requests():
            own = self._appointments(near)
            if self._has_time_for(own, share):
                world, problem = self._models.of(own)
                solved = self._spread(problem, known, limit, share)[limit]
                return Searched(world, problem, _unproven(solved))
        return None

    def _of_near(self, limit: int, share: float) -> Candidates | None:
        """A plan to begin with: the best that those find who are near; ``None`` where they, or
        those who are next to somebody who must be moved, are most of all.
        """
        few = _FEW_NEAR * len(self._models.in_reach(limit))
        wanted = self._nearest.catalogue.of(self._nearest.must).candidates
        if len(in_the_way(self._star, wanted)) > few:
            return None
        near = next(self._nearest.requests())
        if len(near) > few:
            return None
        _, problem = self._models.of(self._appointments(near))
        solved = self._spread(problem, None, limit, share * _NEAR_FIRST)[limit]
        told = self._star.kept
        stays = np.isin(told.request, problem.requests, invert=True)
        return Candidates.joined([solved.taken, told.where(stays)])

    def _appointments(self, requests: Int) -> Int:
        return np.sort(self._star.after.published.of_request[requests])

    def _has_time_for(self, appointments: Int, share: float) -> bool:
        """Whether a model of some appointments could be made, and a first plan, in a share of the
        time that is left; they have as many places to go as those who must be moved.
        """
        seconds = self._nearest.places * len(appointments) * _SECONDS_PER_PLACE
        return seconds <= self._watch.clock.left() * share

    def _with_stays(self, world: World) -> Solved | None:
        """The best plan that displaces nobody else, of all who take part in a world, if a search
        found it: the others stay.
        """
        found = self._nobody_else
        if found is None:
            return None
        took_part = np.concatenate([part.requests for part in found.parts])
        others = np.setdiff1d(world.requests, took_part)
        stays = world.kept.where(np.isin(world.kept.request, others))
        nothing = np.zeros_like(found.values)
        alone = tuple((others[row : row + 1], nothing) for row in range(len(others)))
        stay = SolvedPart(others, "kept", nothing, nothing, alone)
        taken = Candidates.joined([found.taken, stays])
        return replace(found, taken=taken, parts=(*found.parts, stay))

    def _spread(
        self,
        problem: Problem,
        known: Candidates | None,
        limit: int,
        share: float,
        nobody: Solved | None = None,
    ) -> dict[int, Solved]:
        """The best plans of a problem within a limit, and within smaller ones where it had to be
        spread, in a share of the time that is left.
        """
        clock = self._watch.clock
        end = 0.0 if math.isinf(clock.left()) else clock.left() * (1 - share)

        def seconds() -> float:
            return max(0.0, clock.left() - end)

        return best_spread(
            problem,
            known,
            self._allowance(problem, limit),
            Search(
                lambda part, own: self._search(part, seconds() * own),
                lambda: seconds() > 0 and clock.has_time(),
            ),
            nobody,
        )

    def _allowance(self, problem: Problem, limit: int) -> Allowance:
        """What components may use of the limit, beside what is needed."""
        levels = problem.policy.levels
        needed = np.zeros(self._star.after.num_requests, np.int64)
        needed[self._minimum.displaced] = 1
        at = levels.index("displaced"), levels.index("protected")
        return Allowance(*at, needed, limit, self._minimum.is_proven)

    def _search(self, problem: Problem, most: float) -> Solved:
        """Solve, in so many seconds at most."""
        watch = self._watch
        limits = replace(watch.limits, seconds=min(most, watch.limits.seconds))
        return solve(problem, limits, cancel=watch.cancel, on_progress=watch.on_progress)


def _unproven(solved: Solved) -> Solved:
    """A plan of some of those who could take part: nothing bounds what all could do."""
    nothing = np.zeros_like(solved.bounds)
    parts = tuple(replace(part, bounds=nothing) for part in solved.parts)
    stopped = "time_limit" if solved.stopped == "proven" else solved.stopped
    return replace(solved, bounds=nothing, parts=parts, stopped=stopped)
