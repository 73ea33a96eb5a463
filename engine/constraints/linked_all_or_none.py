"""Linked visits all together or not at all."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from engine.arrays import Int, Ragged
from engine.candidates import Candidates
from engine.rows import Entries, Rows
from engine.rules import Couples, rule
from engine.snapshot import Snapshot


@rule
class LinkedAllOrNone:
    """Some requests are of use only together: all of them are placed, or none.

    Formula: for the open requests of a link with ``all_or_none``, each one r and the next
    one s, after the last the first: ``u_r + Σ_{c of s} x_c ≤ 1``; round the circle all u are
    equal. Requests that hold appointments stand already, and nothing is asked of them; nor, in
    a repair, of those who could keep theirs, and of those who take no part.
    Key: r.
    """

    name: ClassVar[str] = "linked_all_or_none"
    couples: ClassVar[Couples] = "link"

    def rows(self, snapshot: Snapshot, candidates: Candidates) -> Rows:
        """One row per open request of such a link."""
        before, after = _circles(snapshot)
        order = np.argsort(before)
        before, after = before[order], after[order]
        row_of_next = np.full(snapshot.num_requests, -1, np.int64)
        row_of_next[after] = np.arange(len(after))
        row = row_of_next[candidates.request]
        column = np.flatnonzero(row >= 0)
        ones = np.ones(len(column), np.int64)
        each = np.arange(len(before))
        return Rows(
            before,
            np.ones(len(before), np.int64),
            Entries(row[column], column, ones),
            unplaced=Entries(each, before, np.ones(len(before), np.int64)),
        )


def _circles(snapshot: Snapshot) -> tuple[Int, Int]:
    """Open requests of the links, and the next one of each, round the circle."""
    links = snapshot.links
    place, member = links.members.expand(np.flatnonzero(links.all_or_none))
    is_open = (snapshot.is_open & snapshot.told.is_needy)[member]
    place, member = place[is_open], member[is_open]
    own = Ragged.grouping(place, int(np.max(place, initial=-1)) + 1)
    is_last = np.zeros(len(member), np.bool_)
    ends = own.offset[1:] - 1
    is_last[ends[~own.is_empty]] = True
    following = np.arange(1, len(member) + 1)
    following[is_last] = own.offset[:-1][~own.is_empty]
    alone = member[following] == member
    return member[~alone], member[following[~alone]]
