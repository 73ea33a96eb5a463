"""A shortlist at rest: every column in the narrowest whole numbers that hold it.

Of a region millions of candidates are listed and looked at field by field. Packed they take a third
of the memory, and each part joins the list as soon as it is found.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.arrays import NONE, Int, ranges
from engine.candidates import Candidates
from engine.shortlist import Shortlist

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
        return whole if in_order else whole._where(np.argsort(names, kind="stable"))

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

    def with_new(self, some: Shortlist) -> Packed:
        """These and those of some others, without outsiders, that are not among them."""
        theirs = some.candidates
        cells = self.first_cell, theirs.first_cell
        stride = 1 + max(int(np.max(cell, initial=0)) for cell in cells)
        names = _names(theirs.request, theirs.first_cell, stride)
        mine = _names(self.request, self.first_cell, stride)
        is_new = np.append(mine, NONE)[np.searchsorted(mine, names)] != names
        return Packed.joined([self, Packed.of(some.chosen(np.flatnonzero(is_new)))])

    def of_requests(self, requests: Int) -> Packed:
        """The part of some requests (int64, ascending)."""
        who = self.request
        first = np.searchsorted(who, requests)
        some = self._where(ranges(first, np.searchsorted(who, requests, side="right") - first))
        outside = np.isin(self.outsider_request, requests)
        return Packed(
            some.columns,
            some.costs,
            self.outsider_request[outside],
            self.outsider_cost[:, outside],
        )

    def chosen(self, candidates: Int) -> Shortlist:
        """Some of the candidates, by ascending index, unpacked, and no outsider."""
        some = self._where(candidates)
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

    def _where(self, chosen: Int) -> Packed:
        """Some candidates, by index, and all outsiders."""
        return Packed(
            tuple(column[chosen] for column in self.columns),
            tuple(column[chosen] for column in self.costs),
            self.outsider_request,
            self.outsider_cost,
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
