"""Promises that a repair may not break."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, ClassVar

import numpy as np
from pydantic import Field

from engine.arrays import Int
from engine.candidates import Candidates
from engine.displaced import Innocents, is_moved
from engine.domain.fields import Count
from engine.parameters import assumed
from engine.rows import Entries, Rows
from engine.rules import Grain, rule
from engine.snapshot import BYSTANDER, Snapshot

_BUDGET = 0


@rule
class ProtectedPeople:
    """No bystander is left without a place, and no more than ``limit`` people are displaced.

    Bystanders whose visit begins in less than ``notice_hours`` take no part at all. Above all
    other levels, and always 0 in an answer: the plan in which nobody but the forced
    moves has 0. Off except in a repair.

    Formula: ``Σ u`` over bystanders, ``+ max(0, displaced people - limit)``; the maximum by
    columns e of 1, 2, 4 … people: ``Σ x_moved + Σ u + Σ z - Σ 2^j·e_j ≤ limit``, with z for people
    with several appointments (``displaced_people``).

    Unit: people.
    """

    name: ClassVar[str] = "protected_people"
    grain: ClassVar[Grain] = "role"
    unit: ClassVar[str] = "people"
    level: ClassVar[str] = "protected"
    is_off: ClassVar[bool] = True

    limit: Count = assumed(0, "a bystander moves only where somebody allows it")
    notice_hours: Annotated[int, Field(ge=0, le=8_760)] = assumed(
        24, "nobody is called away from a visit of today or of tomorrow morning for others"
    )

    def cost(self, snapshot: Snapshot, candidates: Candidates) -> Int:
        """Nothing: a place is a place."""
        del snapshot
        return np.zeros(len(candidates), np.int64)

    def unplaced(self, snapshot: Snapshot) -> Int:
        """One per bystander."""
        return (snapshot.told.standing == BYSTANDER).astype(np.int64)

    def steps(self, snapshot: Snapshot, candidates: Candidates) -> tuple[Rows, Mapping[int, int]]:
        """One row for all, and one per appointment of people with several.

        Key of the row for all: 0; of the others, the request + 1. Key of z: the patient; of e_j:
        the number of patients + j.
        """
        innocents = Innocents(snapshot)
        beyond = innocents.num_people - self.limit
        if beyond <= 0:
            empty = np.zeros(0, np.int64)
            return Rows(empty, empty, Entries.none()), {}
        alone = np.flatnonzero(innocents.alone)
        moved = np.flatnonzero(innocents.alone[candidates.request] & is_moved(snapshot, candidates))
        uses, request, opened = innocents.displaced(snapshot, candidates)
        shifted = np.arange(len(request)) + 1  # the row for all is the first
        people = np.unique(opened.column)
        power = np.arange(beyond.bit_length())
        first_power = len(snapshot.patients.ids)
        rows = Rows(
            np.concatenate([[_BUDGET], request + 1]),
            np.concatenate([[self.limit], np.zeros(len(request), np.int64)]),
            _of_all(moved, 1).joined(uses.renumbered(shifted)),
            _of_all(people, 1)
            .joined(_of_all(first_power + power, -(1 << power)))
            .joined(opened.renumbered(shifted)),
            unplaced=_of_all(alone, 1).joined(
                Entries(shifted, request, np.ones(len(request), np.int64))
            ),
        )
        costs = dict.fromkeys(people.tolist(), 0)
        return rows, costs | {first_power + j: 1 << j for j in power.tolist()}


def _of_all(column: Int, coefficient: Int | int) -> Entries:
    """Entries of the row for all."""
    blank = np.zeros(len(column), np.int64)
    return Entries(blank + _BUDGET, column, blank + coefficient)
