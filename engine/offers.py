"""Offers: the places that requests could take, before any of them is written down as a candidate.

A region offers thousands of places to everybody, and few of them matter. An offer is known by the
pair of request and role it belongs to and by its first cell; what is the same for many offers
stands once, in shorter arrays.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from engine.arrays import Bool, Int, stretches
from engine.candidates import Candidates
from engine.moments import Moments
from engine.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class RolePairs:
    """Requests and roles, by request; and what differs in a visit there.

    Parameters
    ----------
    request, role
        int64, shape (P,): indices.
    ask
        int64, shape (P,): index into the next two.
    ask_request, ask_minutes
        int64, shape (A,): distinct combinations of a request and the length of its visit.
    at_moments
        Their visits at every moment, ask by ask (``Moments.visits``).
    """

    request: Int
    role: Int
    ask: Int
    ask_request: Int
    ask_minutes: Int
    at_moments: Candidates

    @classmethod
    def of(cls, snapshot: Snapshot, moments: Moments, request: Int, role: Int) -> RolePairs:
        """Pairs, by request."""
        minutes = snapshot.visit_minutes(request, role)
        longest = int(np.max(minutes, initial=0)) + 1
        asks, ask = np.unique(request * longest + minutes, return_inverse=True)
        ask_request, ask_minutes = asks // longest, asks % longest
        visits = moments.visits(snapshot, ask_request, ask_minutes)
        return cls(request, role, ask, ask_request, ask_minutes, visits)

    @property
    def minutes(self) -> Int:
        """Length of the visit; int64, shape (P,)."""
        return self.ask_minutes[self.ask]

    def entry(self, moments: Moments, pair: Int, session: Int) -> Int:
        """Place of some pairs in sessions in a table of asks × spans, laid out flat; int64."""
        span = moments.of_session.take(session)
        if len(self.ask_request) > 1:
            span += (self.ask * moments.span.shape[1]).take(pair)
        return span

    def cells_needed(self, snapshot: Snapshot, pair: Int, session: Int) -> Int:
        """Cells that the visit of a pair takes in a session: before, visit and after, rounded up.

        ``ceil((before + minutes + after) / cell_minutes)``; 1, a seat, in a day session.
        """
        sessions, types = snapshot.sessions, snapshot.visit_types
        visit_type = snapshot.requests.visit_type[self.request]
        total = types.before[visit_type] + self.minutes + types.after[visit_type]
        cell = sessions.cell_minutes.take(session)
        if len(cell) and cell.min() == cell.max():  # division is slow
            needed = (-(-total // cell[0])).take(pair)
        else:
            needed = -(-total.take(pair) // cell)
        if sessions.is_day.any():
            needed[sessions.is_day.take(session)] = 1
        return needed


@dataclass(frozen=True, slots=True)
class Offers:
    """Places offered to some requests, request by request.

    Parameters
    ----------
    pairs
        Requests and roles.
    pair, session, num_cells
        int64, shape (V,): pairs in their sessions, and the cells that a visit covers there.
    visit, cell
        int64, shape (C,): index into those, and the first cell.
    """

    pairs: RolePairs
    pair: Int
    session: Int
    num_cells: Int
    visit: Int
    cell: Int

    def __len__(self) -> int:
        return len(self.cell)

    @property
    def request(self) -> Int:
        """int64, shape (C,), ascending."""
        return self.pairs.request[self.pair][self.visit]

    def longest(self) -> Int:
        """The most cells that any of a request's covers; int64, of every request in order."""
        longest = self.num_cells[self.visit]
        return np.maximum.reduceat(longest, stretches(self.request)[0]) if len(self) else longest

    def where(self, chosen: Bool | Int) -> Offers:
        """The chosen ones, by mask or by index; whole requests one after the other."""
        return replace(self, visit=self.visit[chosen], cell=self.cell[chosen])

    def in_table(self, moments: Moments) -> Int:
        """Place of each in a table of asks × moments, laid out flat; int64, shape (C,)."""
        row = self.pairs.ask[self.pair] * len(moments)
        return row[self.visit] + moments.of_cell[self.cell]

    def candidates(self, snapshot: Snapshot) -> Candidates:
        """All of them as candidates, in the same order."""
        pair = self.pair[self.visit]
        return Candidates.at(
            snapshot,
            self.pairs.request[pair],
            self.cell,
            self.num_cells[self.visit],
            self.pairs.minutes[pair],
        )
