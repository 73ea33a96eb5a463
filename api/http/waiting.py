"""A match of those who wait in a store, in a solver process, which never sees the store."""

from __future__ import annotations

import pickle
from collections.abc import Collection
from dataclasses import dataclass, replace

from api.http.asking import RequestedLimits
from api.store.planned import Moment
from engine.domain import Dataset
from engine.errors import InvalidInputError
from engine.policy import Policy
from engine.problems import Problem


@dataclass(frozen=True, slots=True)
class Waiting:
    """What a solver process is given.

    Parameters
    ----------
    plan_id
        Of the plan to be.
    moment
        What the store held.
    policy
        Of the store.
    limits
        How long it may take.
    request_ids, specialty
        Who is to be placed; ``None``: whoever waits.
    """

    plan_id: str
    moment: Moment
    policy: Policy
    limits: RequestedLimits
    request_ids: tuple[str, ...] | None = None
    specialty: str | None = None

    def raw(self) -> bytes:
        """As it is sent."""
        return pickle.dumps(self)

    @classmethod
    def read(cls, raw: bytes) -> Waiting:
        """What was sent."""
        found: Waiting = pickle.loads(raw)  # noqa: S301 our own bytes
        return found

    def chosen(self, world: Dataset) -> tuple[Dataset, set[str]]:
        """The dataset without those who wait and are not to be placed; of whom an answer speaks.

        Whole links are placed: with one request of a link, those that go with it.

        Raises
        ------
        InvalidInputError
            A request is named that is not there.
        """
        named = self._named(world)
        promised = {row.request_id for row in world.appointments}
        waiting = {row.id for row in world.requests if row.id not in promised}
        asked = {
            row.id
            for row in world.requests
            if row.id in waiting
            and (named is None or row.id in named)
            and self.specialty in (None, row.specialty)
        }
        for link in world.links:
            if not asked.isdisjoint(link.request_ids):
                asked |= waiting.intersection(link.request_ids)
        left = without(world, waiting - asked)
        return left, asked | (named or set())

    def _named(self, world: Dataset) -> set[str] | None:
        if self.request_ids is None:
            return None
        there = {row.id for row in world.requests}
        problems = [
            Problem("dangling_reference", f"/request_ids/{index}", "no such request")
            for index, name in enumerate(self.request_ids)
            if name not in there
        ]
        if problems:
            raise InvalidInputError(problems)
        return set(self.request_ids)


def without(world: Dataset, gone: Collection[str]) -> Dataset:
    """A dataset without some requests that have no place, and without their links."""
    names = set(gone)
    return replace(
        world,
        requests=tuple(row for row in world.requests if row.id not in names),
        links=tuple(row for row in world.links if names.isdisjoint(row.request_ids)),
    )
