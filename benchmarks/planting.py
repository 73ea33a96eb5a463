"""Double bookings planted as data errors, and the truth about them: told by whoever planted them.

Visits are entered twice, patients told to be in two places, neighbours overlapped. Whoever is in
the way is looked up in a ``benchmarks.collisions.Book``, so that a long visit that reaches into
the next one as well is known to. No visit is part of two data errors.
"""

from __future__ import annotations

import random
from collections import defaultdict
from dataclasses import dataclass, replace
from itertools import islice

from benchmarks.collisions import Book, Collision, Knot, knots
from benchmarks.data_errors import KINDS, Directory, Draft, bound
from engine.domain import Appointment, Dataset, Request, Session

SHARES = {
    "one room": 2,
    "one seat": 40,
    "a chain": 20,
    "two places": 18,
    "a bridge": 6,
    "one pinned": 4,
    "a pinned middle": 4,
    "nowhere else": 4,
    "both pinned": 2,
}
"""How many of a hundred are of each kind; who needs a room is rare, and comes first."""

_MOST_TRIED = 20
"""Visits that are tried for one place before the next place is."""


@dataclass(frozen=True, slots=True)
class Planting:
    """One data error.

    Parameters
    ----------
    kind
        What was done.
    ids
        Appointments that were meant to collide.
    collisions
        All that come of it, also with a third visit that was in the way.
    """

    kind: str
    ids: frozenset[str]
    collisions: tuple[Collision, ...]

    @property
    def num_implied(self) -> int:
        """Collisions with others than those meant."""
        return sum(not row.pair <= self.ids for row in self.collisions)


@dataclass(frozen=True, slots=True)
class Planted:
    """A world in which double bookings were planted.

    Parameters
    ----------
    dataset
        With them.
    plantings
        What was done.
    fixed
        Ids of the appointments that cannot be moved.
    """

    dataset: Dataset
    plantings: tuple[Planting, ...]
    fixed: frozenset[str]

    def collisions(self) -> list[Collision]:
        """All that were planted."""
        return [row for planting in self.plantings for row in planting.collisions]

    def knots(self) -> list[Knot]:
        """Who has to be settled together."""
        return knots(self.collisions(), self.fixed)


def planted(dataset: Dataset, count: int, seed: int) -> Planted:
    """Plant so many data errors: of each kind as many as it has a share in, or as there is room
    for, and seats instead of the others.

    Parameters
    ----------
    dataset
        Of a benchmark, its plan booked. Nobody collides in it.
    seed
        Of who is taken.

    Raises
    ------
    ValueError
        There is no room for as many, or somebody collides already.
    """
    planter = _Planter(dataset, seed)
    left = count - sum(planter.plant(kind, count * SHARES[kind] // 100) for kind in SHARES)
    if planter.plant("one seat", left) < left:
        raise ValueError(f"there is no room for {count} double bookings")
    return planter.done()


class _Planter:
    """Enters data errors one after the other."""

    def __init__(self, dataset: Dataset, seed: int) -> None:
        self._dataset = dataset
        self._book = Book.of(dataset)
        if self._book.collisions():
            raise ValueError("somebody collides before anything is planted")
        self._requests = {row.id: row for row in dataset.requests}
        self._rows = {row.id: row for row in dataset.appointments}
        self._sessions: dict[str, list[Session]] = defaultdict(list)
        for session in dataset.sessions:
            self._sessions[session.role_id].append(session)
        dice, apart = random.Random(seed), bound(dataset)  # noqa: S311
        visits = [row for row in dataset.appointments if row.request_id]
        self._hosts = [row for row in visits if row.request_id not in apart]
        gone = apart | {row.request_id for row in visits}
        waiting = [row for row in dataset.requests if row.id not in gone]
        dice.shuffle(self._hosts)
        dice.shuffle(waiting)
        self._directory = Directory(dataset, self._hosts, waiting)
        self._plantings: list[Planting] = []

    def plant(self, kind: str, number: int) -> int:
        """Plant so many of a kind, if there is room; how many were."""
        done = 0
        for host in self._hosts:
            if done == number:
                break
            done += host.id not in self._directory.taken and self._is_planted(kind, host)
        return done

    def _is_planted(self, kind: str, host: Appointment) -> bool:
        """Whether one was planted at a place."""
        drafts = KINDS[kind](self._directory, host, len(self._plantings) % 2)
        return any(self._enters(kind, draft) for draft in islice(drafts, _MOST_TRIED))

    def _enters(self, kind: str, draft: Draft) -> bool:
        """Enter a data error, unless it would not be what is meant, or touch another one."""
        if len(draft.ids) < len(draft.rows):  # somebody would collide with themselves
            return False
        known = [self._rows[row.id] for row in draft.rows if row.id in self._rows]
        before = [(row, self._requests[row.request_id or ""]) for row in known]
        asked = self._requests | {row.id: row for row in draft.requests}
        after = [(row, asked[row.request_id or ""]) for row in draft.rows]
        for row, request in before:
            self._book.erase(row, request)
        found: list[Collision] = []
        for row, request in after:
            found += self._book.met_by(row, request)
            self._book.enter(row, request)
        met = frozenset[str]().union(*(row.pair for row in found))
        is_meant = draft.ids <= met and not met & self._directory.taken
        if is_meant and all(self._is_in_a_session(row, request) for row, request in after):
            self._directory.taken |= met
            self._requests = asked
            self._rows |= {row.id: row for row in draft.rows}
            self._plantings.append(Planting(kind, draft.ids, tuple(found)))
            return True
        for row, request in after:
            self._book.erase(row, request)
        for row, request in before:
            self._book.enter(row, request)
        return False

    def _is_in_a_session(self, row: Appointment, request: Request) -> bool:
        start, end = self._book.busy(row, request)
        return any(s.start <= start and end <= s.end for s in self._sessions[row.role_id])

    def done(self) -> Planted:
        """The world as it is now."""
        dataset = replace(
            self._dataset,
            requests=tuple(self._requests.values()),
            appointments=tuple(self._rows.values()),
        )
        fixed = frozenset(r.id for r in dataset.appointments if r.request_id is None or r.pinned)
        return Planted(dataset, tuple(self._plantings), fixed)
