"""Which visits suit at which moment, whatever else the place is like."""

from __future__ import annotations

import numpy as np

from engine.arrays import Int
from engine.moments import Moments
from engine.offers import RolePairs
from engine.policy import Policy
from engine.rules import PlaceRule
from engine.snapshot import Snapshot


class Suits:
    """The visits of some pairs at the moments that every rule of the grain "moment" admits.

    Most requests have a window, and what they do not want is neither judged nor priced further.

    Attributes
    ----------
    table
        bool, shape (A, M): asks × moments.
    entry
        int64, ascending: where the table is true, laid out flat.
    visits
        The visits there.
    """

    def __init__(
        self, snapshot: Snapshot, policy: Policy, moments: Moments, pairs: RolePairs
    ) -> None:
        self._moments = moments
        self._ask = pairs.ask
        visits = left = pairs.at_moments
        self.entry: Int = np.arange(len(visits))
        for rule in moment_rules(policy):
            admitted = rule.admits_places(snapshot, left)
            self.entry = self.entry[admitted]
            left = visits.where(self.entry)
        self.visits = left
        self.table = np.zeros((len(pairs.ask_request), len(moments)), np.bool_)
        self.table.ravel()[self.entry] = True
        before = np.cumsum(self.table, axis=1, dtype=np.int32)
        nothing = np.zeros((len(before), 1), np.int32)
        self._before = np.concatenate([nothing, before], axis=1)

    @property
    def by_span(self) -> Int:
        """How many moments suit, of every ask in every span (``Moments``); int64, shape (A, N)."""
        first, end = self._moments.span
        found: Int = self._before[:, end] - self._before[:, first]
        return found

    def count(self, pair: Int, session: Int) -> Int:
        """How many moments suit, from a session's first to its last; int64, shape (V,)."""
        row = (self._ask * self._before.shape[1])[pair]
        before = self._before.ravel()
        return before[row + self._moments.end[session]] - before[row + self._moments.first[session]]


def moment_rules(policy: Policy) -> list[PlaceRule]:
    """Rules that depend on the request and the time alone."""
    return [rule for rule in policy.place_rules if rule.grain == "moment"]
