"""Visits of linked requests, and the rows that hold two of them together or apart."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np

from engine.arrays import NONE, Bool, Int, Ragged
from engine.candidates import Candidates
from engine.rows import Rows, at_most
from engine.rules import Couples, Suspicion, of_requests
from engine.snapshot import Snapshot

_STRIDE = 1 << 42  # a row is named within its pair by a minute, a day, or both ends of a visit
_FAMILIES = 4


@dataclass(frozen=True, slots=True)
class LinkedVisits:
    """Where linked requests could go, and where some of them are already; shape (V,).

    Parameters
    ----------
    column
        int64: index of the candidate; -1: an appointment, which stays.
    start, end
        int64, minutes: the told interval.
    day
        int64: local day of the start.
    has_time
        bool: there is a told time.
    location, doctor
        int64 index; location -1: by video.
    of_request
        Row per request: its visits.
    """

    column: Int
    start: Int
    end: Int
    day: Int
    has_time: Bool
    location: Int
    doctor: Int
    of_request: Ragged

    @classmethod
    def of(cls, snapshot: Snapshot, candidates: Candidates, links: Bool) -> LinkedVisits:
        """Visits of the requests of some links (bool, shape (N,))."""
        is_member = np.zeros(snapshot.num_requests, np.bool_)
        _, members = snapshot.links.members.expand(np.flatnonzero(links))
        is_member[members] = True
        open_ones = np.flatnonzero(is_member[candidates.request])
        mine, published = candidates.where(open_ones), snapshot.published
        told = np.flatnonzero(published.request != NONE)
        told = told[is_member[published.request[told]]]
        role = np.concatenate([mine.role, published.role[told]])
        request = np.concatenate([mine.request, published.request[told]])
        zone = snapshot.roles.zone[published.role[told]]
        return cls(
            column=np.concatenate([open_ones, np.full(len(told), NONE)]),
            start=np.concatenate([mine.start, published.start[told]]),
            end=np.concatenate([mine.end, published.end[told]]),
            day=np.concatenate([mine.day, snapshot.grid.day(zone, published.start[told])]),
            has_time=np.concatenate([mine.has_time, published.has_time[told]]),
            location=snapshot.roles.location[role],
            doctor=snapshot.roles.doctor[role],
            of_request=Ragged.grouping(request, snapshot.num_requests),
        )


@dataclass(slots=True)
class OneOfTwo:
    """Rows ``Σ x ≤ 1`` under construction: what two requests of a link cannot both do.

    Parameters
    ----------
    visits
        The visits that the rows speak of.
    """

    visits: LinkedVisits
    _key: list[Int] = field(default_factory=list)
    _visit: list[Int] = field(default_factory=list)

    def add(self, pair: int, values: Int, one: Int, other: Int, family: int = 0) -> None:
        """Add a row per value, with every visit listed for it.

        Parameters
        ----------
        pair
            Index of the pair of requests.
        values
            int64, shape (M,): names of the rows within the pair and family.
        one, other
            int64, shape (2, E): index into ``values``, and the visit.
        family
            Tells apart rows of one pair that mean different things.
        """
        base = (pair * _FAMILIES + family) * _STRIDE + _STRIDE // 2
        for row, visit in (one, other):
            self._key.append(base + values[row])
            self._visit.append(visit)

    def rows(self) -> Rows:
        """The rows; appointments are subtracted from their bounds."""
        empty = np.zeros(0, np.int64)
        key = np.concatenate([empty, *self._key])
        column = self.visits.column[np.concatenate([empty, *self._visit])]
        is_free = column != NONE
        taken, count = np.unique(key[~is_free], return_counts=True)
        return at_most(key[is_free], column[is_free], taken, np.maximum(1 - count, 0), 1)


def beside_appointments(snapshot: Snapshot) -> Bool:
    """Pairs of linked requests of which one holds an appointment, and one is open; bool,
    shape (X,). Only there can a link leave no room for a candidate by itself.
    """
    links, is_open = snapshot.links, snapshot.is_open
    found: Bool = is_open[links.pair_first] != is_open[links.pair_second]
    return found


def suspects_beside_appointments(snapshot: Snapshot) -> Suspicion:
    """Suspects requests that are linked with one that holds an appointment."""
    links, found = snapshot.links, np.zeros(snapshot.num_requests, np.bool_)
    chosen = beside_appointments(snapshot)
    found[links.pair_first[chosen]] = True
    found[links.pair_second[chosen]] = True
    return of_requests(found)


def pairs(snapshot: Snapshot, visits: LinkedVisits, chosen: Bool) -> Iterator[tuple[int, Int, Int]]:
    """Walk the chosen pairs of linked requests (bool, shape (X,)) that both have visits.

    Yields
    ------
    pair, first, second
        Index of the pair; the visits of its first and of its second request.
    """
    links = snapshot.links
    for pair in np.flatnonzero(chosen).tolist():
        first = visits.of_request.row(int(links.pair_first[pair]))
        second = visits.of_request.row(int(links.pair_second[pair]))
        if len(first) and len(second):
            yield pair, first, second


def where(condition: Bool, visits: Int) -> Int:
    """Entries of the rows for which a condition holds.

    Parameters
    ----------
    condition
        bool, shape (rows, len(visits)).
    visits
        int64: the visits.

    Returns
    -------
    int64, shape (2, E)
        Row and visit of every true place.
    """
    row, place = np.nonzero(condition)
    return np.stack([row, visits[place]])


def links_of(snapshot: Snapshot, chosen: Bool) -> Bool:
    """Links that have one of the chosen pairs; bool, shape (N,)."""
    found = np.zeros(len(snapshot.links.ids), np.bool_)
    found[snapshot.links.pair_link[chosen]] = True
    return found


class Sameness:
    """What rules have in common that hold all visits of a link at one value of a quality.

    For every two requests and every value p: ``Σ x[first at p] + Σ x[second not at p] ≤ 1``.
    """

    __slots__ = ()

    couples: ClassVar[Couples] = "link"
    quality: ClassVar[str]
    """Field of ``LinkedVisits``, and of ``Links`` behind ``same_``: day, location, doctor."""

    def rows(self, snapshot: Snapshot, candidates: Candidates) -> Rows:
        """One row per pair of requests and value that the first could have."""
        return self._rows(snapshot, candidates, self._pairs(snapshot))

    def blocking_rows(self, snapshot: Snapshot, candidates: Candidates) -> Rows:
        """Those of the pairs that one appointment settles."""
        settled = self._pairs(snapshot) & beside_appointments(snapshot)
        return self._rows(snapshot, candidates, settled)

    def suspects(self, snapshot: Snapshot) -> Suspicion:
        """Suspects requests that are linked with one that holds an appointment."""
        return suspects_beside_appointments(snapshot)

    def _pairs(self, snapshot: Snapshot) -> Bool:
        held: Bool = getattr(snapshot.links, f"same_{self.quality}")
        return held[snapshot.links.pair_link]

    def _rows(self, snapshot: Snapshot, candidates: Candidates, chosen: Bool) -> Rows:
        visits = LinkedVisits.of(snapshot, candidates, links_of(snapshot, chosen))
        value: Int = getattr(visits, self.quality)
        draft = OneOfTwo(visits)
        for pair, first, second in pairs(snapshot, visits, chosen):
            values = np.unique(value[first])
            same = where(values[:, None] == value[first], first)
            draft.add(pair, values, same, where(values[:, None] != value[second], second))
        return draft.rows()
