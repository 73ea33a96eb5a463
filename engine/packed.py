"""A shortlist at rest: every column in the narrowest whole numbers that hold it.

Of a region millions of candidates are listed and looked at field by field. Packed they take a third
of the memory, and each part joins the list as soon as it is found.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.arrays import NONE, Int, ranges
from engine.candidates import Candidates
from engine.eligible import Sieve
from engine.offers import RolePairs
from engine.shortlist import Choose, Look, Shortlist, by_chunk, evaluated

_TYPES = (np.int8, np.int16, np.int32, np.int64)

Column = NDArray[Any]
"""Whole numbers of any width, or truth."""


@dataclass(frozen=True, slots=True)
class Packed:
    """A shortlist in little memory.

    Parameters
    ----------
    columns
        Those of the candidates, by request, then by cell; shape (C,) each.
    costs
        Of every level, shape (C,) each.
    outsider_request, outsider_cost
        As in ``Shortlist``.
    """

    columns: tuple[Column, ...]
    costs: tuple[Column, ...]
    outsider_request: Int
    outsider_cost: Int

    @classmethod
    def of(cls, listed: Shortlist) -> Packed:
        """A shortlist, packed."""
        of_candidates = (getattr(listed.candidates, field.name) for field in fields(Candidates))
        return cls(
            tuple(map(_narrow, of_candidates)),
            tuple(map(_narrow, listed.cost)),
            listed.outsider_request,
            listed.outsider_cost,
        )

    @classmethod
    def joined(cls, parts: Sequence[Packed]) -> Packed:
        """Shortlists without a candidate in common as one."""
        columns = tuple(map(np.concatenate, zip(*(part.columns for part in parts), strict=True)))
        costs = tuple(map(np.concatenate, zip(*(part.costs for part in parts), strict=True)))
        whole = cls(
            columns,
            costs,
            np.concatenate([part.outsider_request for part in parts]),
            np.concatenate([part.outsider_cost for part in parts], axis=1),
        )
        stride = 1 + int(np.max(whole.first_cell, initial=0))
        names = _names(whole.request, whole.first_cell, stride)
        in_order = bool(np.all(names[1:] >= names[:-1]))
        return whole if in_order else _chosen(whole, np.argsort(names, kind="stable"))

    def __len__(self) -> int:
        return len(self.request)

    @property
    def request(self) -> Column:
        """Whose each candidate is."""
        return self._column("request")

    @property
    def first_cell(self) -> Column:
        """Where each candidate begins."""
        return self._column("first_cell")

    def with_new(self, some: Packed) -> Packed:
        """These and those of some others that are not among them."""
        stride = 1 + max(int(np.max(part.first_cell, initial=0)) for part in (self, some))
        mine, theirs = (_names(part.request, part.first_cell, stride) for part in (self, some))
        is_new = np.append(mine, NONE)[np.searchsorted(mine, theirs)] != theirs
        return Packed.joined([self, _chosen(some, np.flatnonzero(is_new))])

    def of_requests(self, requests: Int) -> Packed:
        """The part of some requests (int64, ascending)."""
        who = self.request
        first = np.searchsorted(who, requests)
        end = np.searchsorted(who, requests, side="right")
        some = _chosen(self, ranges(first, end - first))
        outside = np.isin(self.outsider_request, requests)
        return Packed(
            some.columns,
            some.costs,
            self.outsider_request[outside],
            self.outsider_cost[:, outside],
        )

    def chosen(self, candidates: Int) -> Shortlist:
        """Some of the candidates, by ascending index, unpacked, and no outsider."""
        some = _chosen(self, candidates)
        return Packed(
            some.columns, some.costs, self.outsider_request[:0], self.outsider_cost[:, :0]
        ).unpacked()

    def unpacked(self) -> Shortlist:
        """The shortlist."""
        cost = np.empty((len(self.costs), len(self)), np.int64)
        for row, values in zip(cost, self.costs, strict=True):
            row[:] = values
        return Shortlist(
            Candidates(*map(_wide, self.columns)), cost, self.outsider_request, self.outsider_cost
        )

    def _column(self, name: str) -> Column:
        return self.columns[[field.name for field in fields(Candidates)].index(name)]


def packed_shortlist(
    sieve: Sieve,
    requests: Int,
    choose: Choose,
    look: Look | None = None,
    roles: Int | None = None,
) -> Packed:
    """A ``shortlist``, packed part by part, by one thread.

    Parameters
    ----------
    look
        What to look at; by default everything.
    roles
        int64 indices, ascending: candidates of no others; by default of all.
    """

    def work(pairs: RolePairs) -> list[Packed]:
        return [Packed.of(part.listed(choose)) for part in evaluated(sieve, pairs, look)]

    return Packed.joined(list(chain.from_iterable(by_chunk(sieve, requests, 1, work, roles))))


def _chosen(listed: Packed, candidates: Int) -> Packed:
    """Some candidates, by index, and all outsiders."""
    return replace(
        listed,
        columns=tuple(column[candidates] for column in listed.columns),
        costs=tuple(column[candidates] for column in listed.costs),
    )


def _names(request: Column, first_cell: Column, stride: int) -> Int:
    """Numbers that sort candidates by request, then by cell; int64, shape (C,)."""
    names: Int = request.astype(np.int64)
    names *= stride
    names += first_cell
    return names


def _narrow(column: Column) -> Column:
    """The same numbers in the narrowest type."""
    if column.dtype == np.bool_:
        return column
    least, most = int(np.min(column, initial=0)), int(np.max(column, initial=0))
    fits = (kind for kind in _TYPES if np.iinfo(kind).min <= least <= most <= np.iinfo(kind).max)
    return column.astype(next(fits))


def _wide(column: Column) -> Column:
    return column if column.dtype == np.bool_ else column.astype(np.int64)
