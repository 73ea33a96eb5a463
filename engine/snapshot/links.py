"""Requests that belong together, as arrays."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from engine.arrays import NONE, Bool, Int, Ragged, frozen, ints
from engine.domain import Dataset
from engine.snapshot.index import Index


@dataclass(frozen=True, slots=True)
class Links:
    """Links; arrays of shape (N,) unless said otherwise.

    Parameters
    ----------
    members
        Row per link: its requests, in order.
    all_or_none, same_day, same_location, same_doctor, ordered
        bool.
    min_gap, max_gap
        int64, minutes; -1 where not stated.
    min_gap_days, max_gap_days
        int64, local days; -1 where not stated.
    pair_link, pair_first, pair_second
        int64, shape (X,): every two requests of a link, in the order of the list.
    pair_is_next
        bool, shape (X,): the two are neighbours in the list.
    """

    ids: tuple[str, ...]
    members: Ragged
    all_or_none: Bool
    same_day: Bool
    same_location: Bool
    same_doctor: Bool
    ordered: Bool
    min_gap: Int
    max_gap: Int
    min_gap_days: Int
    max_gap_days: Int
    pair_link: Int
    pair_first: Int
    pair_second: Int
    pair_is_next: Bool


def take_links(dataset: Dataset, index: Index) -> Links:
    """Arrays of the links."""
    rows = dataset.links
    members = [[index.requests[name] for name in row.request_ids] for row in rows]
    places = [
        (link, i, j)
        for link, row in enumerate(members)
        for i, j in combinations(range(len(row)), 2)
    ]
    return Links(
        ids=tuple(row.id for row in rows),
        members=Ragged.of(members),
        all_or_none=_flags(row.all_or_none for row in rows),
        same_day=_flags(row.same_day for row in rows),
        same_location=_flags(row.same_location for row in rows),
        same_doctor=_flags(row.same_doctor for row in rows),
        ordered=_flags(row.ordered for row in rows),
        min_gap=_stated(row.min_gap_minutes for row in rows),
        max_gap=_stated(row.max_gap_minutes for row in rows),
        min_gap_days=_stated(row.min_gap_days for row in rows),
        max_gap_days=_stated(row.max_gap_days for row in rows),
        pair_link=ints(link for link, _, _ in places),
        pair_first=ints(members[link][i] for link, i, _ in places),
        pair_second=ints(members[link][j] for link, _, j in places),
        pair_is_next=_flags(j == i + 1 for _, i, j in places),
    )


def _flags(values: Iterable[bool]) -> Bool:
    return frozen(np.fromiter(values, np.bool_))


def _stated(values: Iterable[int | None]) -> Int:
    return ints(NONE if value is None else value for value in values)
