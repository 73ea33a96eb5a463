"""The frontier: how many more people could be placed if a few more were moved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from engine.arrays import Bool, Int
from engine.candidates import Candidates
from engine.eligible import Sieve
from engine.policy import Policy
from engine.repair.begun import Begun
from engine.repair.chains import Chained, Chains
from engine.repair.extent import Extent
from engine.repair.minimum import minimum_displaced
from engine.repair.models import Models
from engine.repair.movable import Movable
from engine.repair.nearby import Catalogue
from engine.repair.point import Point, Question, judged
from engine.repair.searches import Nearest, Searched, Searches, Watch
from engine.repair.short_chains import ShortChains
from engine.repair.taking_part import within_depth, without_old_violations
from engine.repair.world import World
from engine.snapshot import CONTESTED, FORCED, Snapshot
from engine.solve.certificate import Considered
from engine.solve.limits import Cancel, Clock, Limits
from engine.solve.progress import OnProgress
from engine.solve.solved import Solved
from engine.verify.judge import violations_before
from engine.where import Where

_FIRST_END = 0.4  # goes to the plan that displaces nobody, where there are others to look for
_OTHER_END = 0.85  # goes to the one that displaces as many as allowed, before those in between


@dataclass(frozen=True, slots=True)
class Answer:
    """What was found.

    Parameters
    ----------
    points
        From fewest people displaced to most; no other plan found beats one of them in people left
        without a place and in people displaced. At least one.
    is_proven
        Whether no plan at all does, within what was allowed.
    """

    points: tuple[Point, ...]
    is_proven: bool


class Frontier:
    """Answers to one event, by how many people they displace who could have stayed.

    Parameters
    ----------
    after
        The world after the event.
    movable
        Who may be moved.
    policy
        Whose rules hold.
    extent
        How far a repair may go.
    limits
        For all answers together.
    dataset_hash
        SHA-256 of the dataset after the event.
    cancel, on_progress
        Asks to stop early; hears of progress, where it takes a search.
    """

    def __init__(
        self,
        after: Snapshot,
        movable: Movable,
        policy: Policy,
        extent: Extent,
        limits: Limits,
        dataset_hash: str,
        cancel: Cancel,
        on_progress: OnProgress | None = None,
    ) -> None:
        self._after = after
        self._policy = policy
        self._most = extent.max_additional
        self._cancel = cancel
        self._on_progress = on_progress
        self._clock = Clock(limits, cancel)
        self._workers = limits.workers
        self._star, self._movable = without_old_violations(
            after, within_depth(after, movable, policy, extent.depth), policy
        )
        minimum = minimum_displaced(after, self._movable, policy, limits, self._clock)
        prior = violations_before(self._star.snapshot, policy)
        self._question = Question(policy, limits, minimum, dataset_hash, prior, self._could_go())
        self._models = Models(after, self._movable, policy, minimum, limits.workers)
        self._limits = limits

    @property
    def movable(self) -> Movable:
        """Who may be moved, without those who are part of what was broken before."""
        return self._movable

    def answer(self, planned: Mapping[str, Where] | None = None) -> Answer:
        """The answers that are not dominated, from none displaced to as many as are allowed.

        Parameters
        ----------
        planned
            By appointment, what an earlier plan told: a search begins with it.
        """
        if planned:
            begun = Begun(self._after, planned)
            self._models.begun = begun.among(self._catalogue.of(begun.requests).candidates)
        found, limit = [self._with_nobody_else()], self._most
        if not self._leaves_some_who_could(found[0]):
            limit = 0
        while limit > 0 and self._clock.has_time():
            point = self._solved(limit, _OTHER_END if limit == self._most > 1 else 1.0)
            if point is None:
                break
            found.append(point)
            limit = point.additional - 1
        is_proven = limit <= 0 and all(point.is_proven for point in found)
        return Answer(_not_dominated(found), is_proven)

    @property
    def kept(self) -> Candidates:
        """Places told, of all who could keep theirs."""
        return self._star.kept

    def best(self, known: Candidates) -> Point | None:
        """The best answer that displaces no more people than are allowed, alone; ``None`` where
        there was no time to look for one.

        Parameters
        ----------
        known
            A plan to begin with, if it takes a search: places of all whom it leaves one.
        """
        return self._solved(self._most, 1.0, known) if self._most else self._with_nobody_else(known)

    def _with_nobody_else(self, known: Candidates | None = None) -> Point:
        """The best answer that displaces nobody who need not be."""
        began = self._clock.spent()
        found = self._chains.best(0)
        if found is not None:
            return self._of_chains(*found, 0, began)
        share = _FIRST_END if self._most else 1.0
        return self._of_search(self._searches.with_nobody_else(share, known), 0, began)

    @cached_property
    def _catalogue(self) -> Catalogue:
        sieve = Sieve(self._star.snapshot, self._policy.for_repair(0))
        return Catalogue(sieve, self._workers)

    @cached_property
    def _chains(self) -> ShortChains:
        star, movable, policy = self._star, self._movable, self._policy
        return ShortChains(star, movable, policy, self._catalogue, self._must, self._most)

    @cached_property
    def _searches(self) -> Searches:
        return Searches(
            self._star,
            self._models,
            Nearest(self._chains, self._catalogue, self._must, self._most),
            Watch(self._limits, self._clock, self._cancel, self._on_progress),
        )

    @cached_property
    def _must(self) -> Int:
        """Requests of the forced and the contested."""
        standing = self._star.snapshot.told.standing
        return np.flatnonzero((standing == FORCED) | (standing == CONTESTED))

    def _could_go(self) -> Bool:
        """Who could take any place if everybody moved who may; bool, shape (R,)."""
        found = np.zeros(self._after.num_requests, np.bool_)
        found[self._catalogue.of(self._must).candidates.request] = True
        return found

    def _leaves_some_who_could(self, point: Point) -> bool:
        """Whether anybody is left unplaced who could take a place that others hold, or could keep
        what was told if others went.
        """
        could = self._question.could_go.copy()
        could[self._star.kept.request] = True
        return bool(np.any(could & point.is_left))

    def _solved(self, limit: int, share: float, known: Candidates | None = None) -> Point | None:
        """The best plan within a limit: by chains, or else by all means, in a share of the time
        that is left. Where everybody in reach is too many for it, the best that those find who
        are near, of which nothing is claimed; where these are, too, ``None``.
        """
        began = self._clock.spent()
        found = self._chains.best(limit)
        if found is not None:
            return self._of_chains(*found, limit, began)
        searched = self._searches.within(limit, share, known)
        return None if searched is None else self._of_search(searched, limit, began)

    def _of_search(self, found: Searched, limit: int, began: float) -> Point:
        return self._judged((found.world, found.problem), found.solved, limit, began)

    def _of_chains(self, chains: Chains, found: Chained, limit: int, began: float) -> Point:
        return self._judged((found.world, chains), found.solved, limit, began)

    def _judged(
        self, within: tuple[World, Considered], solved: Solved, limit: int, began: float
    ) -> Point:
        """A plan as the judges see it; ``within`` says who took part, and what was looked at."""
        seconds = self._clock.spent() - began
        return judged(within[0], solved, within[1], limit, self._question, seconds)


def _not_dominated(points: list[Point]) -> tuple[Point, ...]:
    """Those of some points that nothing beats in both, by people displaced."""
    kept: list[Point] = []
    for point in sorted(points, key=lambda point: (point.additional, point.unplaced)):
        if not kept or point.unplaced < kept[-1].unplaced:
            kept.append(point)
    return tuple(kept)
