"""Which offers are the cheapest: against sorting all of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from engine.arrays import Bool, Int
from engine.cheapest import cheapest, packed, rank

HUGE = 1 << 61


@dataclass(frozen=True)
class Offered:
    """Offers of a few requests, and of which requests all are kept."""

    request: Int
    cost: Int
    whole: Bool

    @property
    def columns(self) -> list[tuple[int, ...]]:
        """Costs of every offer, level by level."""
        return [tuple(column) for column in self.cost.T.tolist()]

    def keep(self, most: int) -> Int:
        """How many are kept of every request."""
        first = np.unique(self.request, return_index=True)[1]
        return np.where(self.whole[first], len(self.request), most)


@st.composite
def offered(draw: st.DrawFn) -> Offered:
    """Up to 6 requests with 1 to 9 offers each; costs alike, apart, and too large to multiply."""
    counts = draw(st.lists(st.integers(1, 9), max_size=6))
    number = st.sampled_from([0, 0, 1, 2, 3, HUGE - 1, HUGE])
    size, levels = sum(counts), draw(st.integers(1, 4))
    cost = [draw(st.lists(number, min_size=size, max_size=size)) for _ in range(levels)]
    names = draw(st.lists(st.integers(0, 99), min_size=6, max_size=6, unique=True))
    request = np.repeat(np.array(sorted(names)[: len(counts)], np.int64), counts)
    whole = [draw(st.booleans()) for _ in counts]
    return Offered(
        request.astype(np.int64),
        np.array(cost, np.int64).reshape(levels, size),
        np.repeat(np.array(whole, np.bool_), counts),
    )


def kept_by_sorting(some: Offered, keep: int, *, judge_whole: bool) -> list[int]:
    """Indices that are kept, if every request's offers are sorted; Python sorts stably."""
    kept: list[int] = []
    for request in np.unique(some.request).tolist():
        own = np.flatnonzero(some.request == request).tolist()
        by_cost = sorted(own, key=lambda index: some.columns[index])
        kept += by_cost if judge_whole and some.whole[own[0]] else by_cost[:keep]
    return sorted(kept)


@given(offered(), st.integers(1, 10), st.booleans())
def test_the_kept_are_the_first_after_sorting(some: Offered, keep: int, judge_whole: bool) -> None:
    """Of every request the cheapest, among equals those that come first; of whole ones all."""
    found = cheapest(some.request, some.cost, some.keep(keep) if judge_whole else keep)
    assert np.flatnonzero(found).tolist() == kept_by_sorting(some, keep, judge_whole=judge_whole)


@given(offered(), st.integers(1, 10))
def test_the_best_left_has_the_least_last_cost_of_its_combination(some: Offered, keep: int) -> None:
    """One for every request and combination of upper levels among those that are not kept."""
    kept = cheapest(some.request, some.cost, some.keep(keep))
    ranked = rank(some.request, some.cost, kept)
    assert ranked.kept.tolist() == kept_by_sorting(some, keep, judge_whole=True)
    least: dict[tuple[int, ...], int] = {}
    for index in sorted(set(range(len(some.request))) - set(ranked.kept.tolist())):
        *upper, last = some.columns[index]
        name = (int(some.request[index]), *upper)
        least[name] = min(last, least.get(name, last))
    found = [
        ((int(some.request[index]), *some.columns[index][:-1]), some.columns[index][-1])
        for index in ranked.best_left.tolist()
    ]
    assert len(found) == len(least)
    assert dict(found) == least
    assert ranked.best_left.tolist() == sorted(ranked.best_left.tolist())


@given(offered())
def test_packed_numbers_sort_as_the_columns_do(some: Offered) -> None:
    """Equal columns have equal numbers, and a smaller column a smaller one, however large."""
    key, columns = packed(some.cost).tolist(), some.columns
    assert all(number >= 0 for number in key)
    for mine, own in zip(key, columns, strict=True):
        for theirs, other in zip(key, columns, strict=True):
            assert (mine < theirs) == (own < other)


def test_costs_near_the_largest_number_do_not_overflow() -> None:
    """Two levels of 2^61 and more have no product that fits; they are ranked all the same."""
    cost = np.array([[HUGE, HUGE, HUGE - 1, 0], [HUGE, 1, HUGE + 5, HUGE]])
    assert np.argsort(packed(cost)).tolist() == [3, 2, 1, 0]
    found = cheapest(np.zeros(4, np.int64), cost, 2)
    assert found.tolist() == [False, False, True, True]


def test_where_nothing_costs_anything_the_first_are_kept() -> None:
    """Without levels all are equal; one that is left stands for the rest of its request."""
    request, cost = np.array([4, 4, 4, 7, 7]), np.zeros((0, 5), np.int64)
    ranked = rank(request, cost, cheapest(request, cost, 1))
    assert ranked.kept.tolist() == [0, 3]
    assert ranked.best_left.tolist() == [1, 4]


def test_nothing_offered_is_nothing_kept() -> None:
    """No request, no offer."""
    ranked = rank(np.zeros(0, np.int64), np.zeros((2, 0), np.int64), np.zeros(0, np.bool_))
    assert len(ranked.kept) == len(ranked.best_left) == 0


def test_many_combinations_are_told_apart_by_sorting() -> None:
    """More combinations than a table has room for: the same answer."""
    number = 5_000
    request = np.repeat(np.arange(number), 3)
    upper = np.tile(np.array([0, 1_000, 1_000]), number)
    last = np.tile(np.array([5, 4, 3]), number)
    cost = np.stack([upper, last])
    ranked = rank(request, cost, cheapest(request, cost, 1))
    assert ranked.kept.tolist() == list(range(0, 3 * number, 3))
    assert ranked.best_left.tolist() == list(range(2, 3 * number, 3))
