"""Linked visits not too far apart."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np

from engine.arrays import NONE, Bool, Int
from engine.candidates import Candidates
from engine.linked import (
    LinkedVisits,
    OneOfTwo,
    beside_appointments,
    links_of,
    pairs,
    suspects_beside_appointments,
    where,
)
from engine.rows import Entries, Rows
from engine.rules import Couples, Suspicion, rule
from engine.snapshot import Snapshot

_MINUTES, _DAYS = range(2)
_STRIDE = 1 << 28  # more minutes, and more days, than any dataset spans


@rule
class LinkedMaxGap:
    """Between one linked visit and the next lies no more time than was asked for.

    Told times in minutes G, local days in days G; a day session has no told time, and joins
    the days alone.

    Formula: in order, for neighbours in the list and every end e (or day) of the first,
    ``Σ x[end₁ ≤ e] + Σ x[start₂ > e + G] ≤ 1``. In any order a visit is followed by another
    that begins within G of its end, and one of them is the last:
    ``Σ x[end_i = e] − last_i − Σ x[e ≤ start_j ≤ e + G] ≤ 0`` for every i and end e, and
    ``Σ last_i ≤ 1``; of two on one day the one listed later follows. (An appointment that
    ends such a chain already has ``not_last − Σ x[followers] ≤ 0`` instead.) Where appointments of
    the link leave gaps already, there may be as many ends as before, and no more. Where a
    request is left unplaced, nothing is asked of it. Key: request × e or day.
    """

    name: ClassVar[str] = "linked_max_gap"
    couples: ClassVar[Couples] = "link"

    def rows(self, snapshot: Snapshot, candidates: Candidates) -> Rows:
        """Rows of the links in order, and of those in any order."""
        links = snapshot.links
        stated = (links.max_gap != NONE) | (links.max_gap_days != NONE)
        visits = LinkedVisits.of(snapshot, candidates, stated)
        in_order = _rows_in_order(snapshot, visits, (stated & links.ordered)[links.pair_link])
        chain = _Chain(snapshot, visits)
        for link in np.flatnonzero(stated & ~links.ordered).tolist():
            for unit, gap in enumerate((links.max_gap[link], links.max_gap_days[link])):
                if gap != NONE:
                    chain.add(links.members.row(link), unit, int(gap))
        return in_order.joined(chain.rows())

    def suspects(self, snapshot: Snapshot) -> Suspicion:
        """Suspects requests that are linked with one that holds an appointment."""
        return suspects_beside_appointments(snapshot)

    def blocking_rows(self, snapshot: Snapshot, candidates: Candidates) -> Rows:
        """Those in order, beside an appointment; in any order somebody else may close a gap."""
        links = snapshot.links
        stated = (links.max_gap != NONE) | (links.max_gap_days != NONE)
        settled = (stated & links.ordered)[links.pair_link] & beside_appointments(snapshot)
        visits = LinkedVisits.of(snapshot, candidates, links_of(snapshot, settled))
        return _rows_in_order(snapshot, visits, settled)


def _rows_in_order(snapshot: Snapshot, visits: LinkedVisits, chosen: Bool) -> Rows:
    links, draft = snapshot.links, OneOfTwo(visits)
    for pair, first, second in pairs(snapshot, visits, links.pair_is_next & chosen):
        gap, days = links.max_gap[links.pair_link[pair]], links.max_gap_days[links.pair_link[pair]]
        if gap != NONE:
            timed, timed_second = first[visits.has_time[first]], second[visits.has_time[second]]
            ends = np.unique(visits.end[timed])
            early = where(visits.end[timed] <= ends[:, None], timed)
            late = where(visits.start[timed_second] > ends[:, None] + gap, timed_second)
            draft.add(pair, ends, early, late, _MINUTES)
        if days != NONE:
            names = np.unique(visits.day[first])
            early = where(visits.day[first] <= names[:, None], first)
            late = where(visits.day[second] > names[:, None] + days, second)
            draft.add(pair, names, early, late, _DAYS)
    return draft.rows()


@dataclass(slots=True)
class _Chain:
    """Rows under construction that make the visits of a link follow each other.

    Keys are those of ``OneOfTwo`` with the request in the place of the pair, below zero.
    """

    snapshot: Snapshot
    visits: LinkedVisits
    _bound: dict[int, int] = field(default_factory=dict)
    _uses: list[tuple[int, int, int]] = field(default_factory=list)
    _helpers: list[tuple[int, int, int]] = field(default_factory=list)
    _left_out: list[tuple[int, int, int]] = field(default_factory=list)

    def add(self, members: Int, unit: int, gap: int) -> None:
        """Add the rows of one link in one unit."""
        summary, ends_before = self._key(int(members[0]), unit + 2, 0), 0
        counted = [self._counted(request, unit) for request in members.tolist()]
        for place, (request, mine) in enumerate(zip(members.tolist(), counted, strict=True)):
            if not len(mine):
                continue
            is_kept = self.visits.column[mine[0]] == NONE
            helper, ends = 2 * request + unit, self._end(mine, unit)
            has_row = False
            for end in np.unique(ends).tolist():
                followers = self._followers(counted, place, unit, end, gap)
                if (self.visits.column[followers] == NONE).any():
                    continue  # an appointment follows, whatever else does
                key, has_row = self._key(request, unit, end), True
                self._bound[key] = 0
                self._helpers.append((key, helper, 1 if is_kept else -1))
                self._use(key, followers, -1)
                self._left_out += [(key, r, -1) for r in members.tolist() if r != request]
                if not is_kept:
                    self._use(key, mine[ends == end], 1)
            if has_row:
                self._helpers.append((summary, helper, -1 if is_kept else 1))
                ends_before += is_kept
        self._bound[summary] = max(0, 1 - ends_before)

    def _counted(self, request: int, unit: int) -> Int:
        visits = self.visits.of_request.row(request)
        return visits if unit == _DAYS else visits[self.visits.has_time[visits]]

    def _end(self, visits: Int, unit: int) -> Int:
        return (self.visits.day if unit == _DAYS else self.visits.end)[visits]

    def _followers(self, counted: list[Int], place: int, unit: int, end: int, gap: int) -> Int:
        """Visits of others that begin within the gap; on one day, of those listed later."""
        found = [np.zeros(0, np.int64)]
        for other, visits in enumerate(counted):
            if other != place:
                begins = (self.visits.day if unit == _DAYS else self.visits.start)[visits]
                least = end + (unit == _DAYS and other < place)
                found.append(visits[(begins >= least) & (begins <= end + gap)])
        return np.concatenate(found)

    def _use(self, key: int, visits: Int, coefficient: int) -> None:
        self._uses += [(key, column, coefficient) for column in self.visits.column[visits].tolist()]

    @staticmethod
    def _key(request: int, family: int, name: int) -> int:
        return -1 - ((request * 4 + family) * _STRIDE + _STRIDE // 2 + name)

    def rows(self) -> Rows:
        """The rows."""
        keys = np.array(sorted(self._bound), np.int64)
        return Rows(
            keys,
            np.array([self._bound[key] for key in keys.tolist()], np.int64),
            _entries(keys, self._uses),
            _entries(keys, self._helpers),
            left_out=_entries(keys, self._left_out),
        )


def _entries(keys: Int, parts: list[tuple[int, int, int]]) -> Entries:
    key, column, coefficient = np.array(parts, np.int64).reshape(-1, 3).T
    return Entries(np.searchsorted(keys, key), column, coefficient)
