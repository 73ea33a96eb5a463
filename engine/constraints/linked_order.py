"""Linked visits one after the other."""

from __future__ import annotations

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
from engine.rows import Rows
from engine.rules import Couples, Suspicion, rule
from engine.snapshot import Snapshot

_LONGEST = 1 << 14  # minutes; no visit is longer
_MINUTES, _DAYS, _FROM_DAY_SESSION, _TO_DAY_SESSION = range(4)


@rule
class LinkedOrder:
    """Linked visits come one after the other, with the time between that was asked for.

    Concerns links that are ``ordered`` or state a least gap; a largest gap in minutes
    implies a least one of 0. Told times in minutes g, local days in days n; a day session
    knows days alone, and comes no earlier than the day before it in the order.

    Formula: for every two requests, the first and the second in the list: in order,
    ``Σ x[end₁ ≥ e] + Σ x[start₂ < e + g] ≤ 1`` for every end e of the first, and
    ``Σ x[day₁ ≥ d] + Σ x[day₂ < d + n] ≤ 1`` for every day d of the first; in any order,
    ``Σ x[first at (s, e)] + Σ x[start₂ < e + g, end₂ > s − g] ≤ 1`` for every told interval of
    the first, and ``Σ x[day₁ = d] + Σ x[|day₂ − d| < n] ≤ 1``. Where one of the two is left
    unplaced, nothing is asked. Appointments count as placed. Key: pair × e, d or s.
    """

    name: ClassVar[str] = "linked_order"
    couples: ClassVar[Couples] = "link"

    def rows(self, snapshot: Snapshot, candidates: Candidates) -> Rows:
        """Rows of every pair of requests that must not come too close."""
        every_pair = np.ones(len(snapshot.links.pair_link), np.bool_)
        return self._rows(snapshot, candidates, every_pair)

    def suspects(self, snapshot: Snapshot) -> Suspicion:
        """Suspects requests that are linked with one that holds an appointment."""
        return suspects_beside_appointments(snapshot)

    def blocking_rows(self, snapshot: Snapshot, candidates: Candidates) -> Rows:
        """Those of the pairs of which one holds an appointment."""
        return self._rows(snapshot, candidates, beside_appointments(snapshot))

    def _rows(self, snapshot: Snapshot, candidates: Candidates, chosen: Bool) -> Rows:
        links = snapshot.links
        in_minutes = links.ordered | (links.min_gap != NONE) | (links.max_gap != NONE)
        concerned = (in_minutes | (links.min_gap_days != NONE))[links.pair_link] & chosen
        visits = LinkedVisits.of(snapshot, candidates, links_of(snapshot, concerned))
        draft = OneOfTwo(visits)
        for pair, first, second in pairs(snapshot, visits, concerned):
            link = links.pair_link[pair]
            timed = first[visits.has_time[first]], second[visits.has_time[second]]
            gap, days = max(int(links.min_gap[link]), 0), int(links.min_gap_days[link])
            if links.ordered[link]:
                _in_order(draft, pair, timed[0], timed[1], gap)
                _days_in_order(draft, pair, first, second, days)
            else:
                if in_minutes[link]:
                    _apart(draft, pair, timed[0], timed[1], gap)
                _days_apart(draft, pair, first, second, days)
        return draft.rows()


def _in_order(draft: OneOfTwo, pair: int, first: Int, second: Int, gap: int) -> None:
    visits = draft.visits
    ends = np.unique(visits.end[first])[:, None]
    ends_late = where(visits.end[first] >= ends, first)
    starts_early = where(visits.start[second] < ends + gap, second)
    draft.add(pair, ends[:, 0], ends_late, starts_early, _MINUTES)


def _apart(draft: OneOfTwo, pair: int, first: Int, second: Int, gap: int) -> None:
    visits = draft.visits
    length = np.minimum(visits.end[first] - visits.start[first], _LONGEST - 1)
    told = visits.start[first] * _LONGEST + length
    names, like, row = np.unique(told, return_index=True, return_inverse=True)
    start, end = visits.start[first[like]][:, None], visits.end[first[like]][:, None]
    is_near = (visits.start[second] < end + gap) & (visits.end[second] > start - gap)
    draft.add(pair, names, np.stack([row, first]), where(is_near, second), _MINUTES)


def _days_in_order(draft: OneOfTwo, pair: int, first: Int, second: Int, days: int) -> None:
    """All visits where days between are asked for; else those that know nothing but days."""
    visits = draft.visits
    if days != NONE:
        _day_rows(draft, pair, first, second, days, _DAYS)
        return
    _day_rows(draft, pair, first[~visits.has_time[first]], second, 0, _FROM_DAY_SESSION)
    _day_rows(draft, pair, first, second[~visits.has_time[second]], 0, _TO_DAY_SESSION)


def _day_rows(draft: OneOfTwo, pair: int, first: Int, second: Int, days: int, family: int) -> None:
    visits = draft.visits
    names = np.unique(visits.day[first])
    late = where(visits.day[first] >= names[:, None], first)
    early = where(visits.day[second] < names[:, None] + days, second)
    draft.add(pair, names, late, early, family)


def _days_apart(draft: OneOfTwo, pair: int, first: Int, second: Int, days: int) -> None:
    visits = draft.visits
    names = np.unique(visits.day[first])
    there = where(visits.day[first] == names[:, None], first)
    near = where(np.abs(visits.day[second] - names[:, None]) < days, second)
    draft.add(pair, names, there, near, _DAYS)
