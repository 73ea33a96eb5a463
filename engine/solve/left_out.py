"""Candidates that are not on the list, judged by prices.

Prices of cells and what a place is worth to each request prove that a plan is optimal among the
candidates listed. They prove it among all of them if nobody could do better, at these prices, with
one that is not. Only who has an outsider that is cheap enough needs a look. Every visit takes one
cell here.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.arrays import Bool, Int
from engine.cheapest import Ranked, cheapest
from engine.costs import OfferCosts
from engine.eligible import Sieve
from engine.offers import Offers
from engine.packed import Packed, packed_shortlist
from engine.shortlist import Shortlist, View
from engine.snapshot import Snapshot
from engine.solve.flow import Proof
from engine.solve.limits import HasTime

_NEVER = 1 << 60
_TAKEN_AT_ONCE = 64  # of each request, the best first: prices change when they are in


class _NoTimeError(Exception):
    """Time was over in the middle of a look."""


class LeftOut:
    """What the list of some requests leaves out, judged again and again as the list grows.

    What is found joins the list. So of a request of which everything better was found, nothing
    is left that is better, until its place is worth more to it, or a price falls.

    Parameters
    ----------
    listed
        What is on the list at first, and outsiders for the rest.
    requests
        int64 indices, ascending.
    sieve
        By which candidates are found.
    has_time
        Whether there is time to.

    Attributes
    ----------
    better
        Candidates that were found to be better when last asked.
    """

    def __init__(
        self, listed: Shortlist | Packed, requests: Int, sieve: Sieve, has_time: HasTime
    ) -> None:
        self._owner = np.searchsorted(requests, listed.outsider_request)
        self._cost = listed.outsider_cost
        self._requests = requests
        self._sieve = sieve
        self._has_time = has_time
        self._judged: list[_Judge] = []
        self._is_known = np.zeros(len(requests), np.bool_)
        self.better: Packed | None = None

    def are_dearer(self, proofs: list[Proof], prices: list[Int]) -> bool:
        """Whether every left-out candidate costs at least what its request has now.

        Parameters
        ----------
        proofs
            In strict order.
        prices
            int64, shape (K,) each: what a seat of every cell of the snapshot costs by them.

        Returns
        -------
        bool
            False also where there was no time to look at all of them; ``better`` is ``None`` then.
        """
        self.better = None
        saved = [proof.worth[self._owner] - proof.weight @ self._cost for proof in proofs]
        doubtful = np.unique(self._owner[_is_positive(np.stack(saved))])
        if not len(doubtful):
            return True
        if not self._has_time():
            return False
        room = self._sieve.room > 0
        judges = [
            _Judge(proof, np.where(room, price, _NEVER))
            for proof, price in zip(proofs, prices, strict=True)
        ]
        try:
            found = self._found(judges, doubtful)
        except _NoTimeError:
            return False
        count = np.bincount(found.request, minlength=self._requests[-1] + 1)
        self._judged, self._is_known = judges, count[self._requests] < _TAKEN_AT_ONCE
        if not len(found):
            return True
        self.better = found
        return False

    def _found(self, judges: list[_Judge], doubtful: Int) -> Packed:
        """What is better, of requests by their position; of calm ones, only where it can be."""
        snapshot = self._sieve.snapshot
        is_calm, has_fallen = self._calm(judges)
        fallen = snapshot.sessions.role[snapshot.sessions.cell_session[has_fallen]]
        parts = []
        for some, cells, roles in (
            (doubtful[~is_calm[doubtful]], np.ones(len(has_fallen), np.bool_), None),
            (doubtful[is_calm[doubtful]], has_fallen, np.unique(fallen)),
        ):
            better = _Better(snapshot, judges, self._requests, cells, self._has_time)
            own = self._requests[some]
            parts.append(packed_shortlist(self._sieve, own, better, better.view, roles))
        return Packed.joined(parts)

    def _calm(self, judges: list[_Judge]) -> tuple[Bool, Bool]:
        """Requests of which nothing was left that is better, and whose places are worth no more
        than then; and the cells at which a price fell: only there could they do better now.
        """
        pairs = list(zip(judges, self._judged, strict=False))
        if len(judges) != len(self._judged) or not all(one.weighs_as(last) for one, last in pairs):
            return np.zeros_like(self._is_known), np.zeros(len(self._sieve.room), np.bool_)
        risen = _is_positive(np.stack([one.proof.worth - last.proof.worth for one, last in pairs]))
        return self._is_known & ~risen, _is_positive(
            np.stack([last.price - one.price for one, last in pairs])
        )


@dataclass(frozen=True, slots=True)
class _Judge:
    """A proof, and the price of every cell of the snapshot by it (int64, shape (K,)): more than
    any where there is no room.
    """

    proof: Proof
    price: Int

    def weighs_as(self, other: _Judge) -> bool:
        """Whether the levels weigh the same in both."""
        return np.array_equal(self.proof.weight, other.proof.weight)


class _Better:
    """Chooses, of every request, offers that cost less than what it has, the best first.

    Parameters
    ----------
    judges
        In strict order.
    requests
        int64, ascending: the requests that the judges speak of.
    cells
        bool, shape (K,): where to look.
    has_time
        Whether to look at some more.
    """

    def __init__(
        self,
        snapshot: Snapshot,
        judges: list[_Judge],
        requests: Int,
        cells: Bool,
        has_time: HasTime,
    ) -> None:
        self._snapshot = snapshot
        self._judges = judges
        self._requests = requests
        self._cells = np.flatnonzero(cells)
        self._has_time = has_time

    def view(self, costs: OfferCosts) -> View:
        """Look only where the least weight and the lowest price of a session would be better,
        and there only at what is.

        Raises
        ------
        _NoTimeError
            Time is over.
        """
        if not self._has_time():
            raise _NoTimeError
        owner = np.searchsorted(self._requests, costs.pairs.request)
        weighed = [costs.weighed(judge.proof.weight) for judge in self._judges]
        least = [weights.at_least() for weights in weighed]
        lowest = [self._lowest(judge.price) for judge in self._judges]

        def sessions(pair: Int, session: Int) -> Bool:
            saved = [
                judge.proof.worth[owner[pair]] - weighs(pair, session) - low[session]
                for judge, weighs, low in zip(self._judges, least, lowest, strict=True)
            ]
            return _is_positive(np.stack(saved))

        def offers(some: Offers) -> Bool:
            saved = [
                judge.proof.worth[owner][some.pair][some.visit]
                - weights.of(some)
                - judge.price[some.cell]
                for judge, weights in zip(self._judges, weighed, strict=True)
            ]
            return _is_positive(np.stack(saved))

        return View(sessions, offers)

    def _lowest(self, price: Int) -> Int:
        """The lowest price of every session, of cells where to look."""
        lowest = np.full(self._snapshot.num_sessions, _NEVER)
        session = self._snapshot.sessions.cell_session[self._cells]
        np.minimum.at(lowest, session, price[self._cells])
        return lowest

    def __call__(self, offers: Offers, cost: Int, levels: tuple[int, ...]) -> Ranked:
        request = offers.request
        owner = np.searchsorted(self._requests, request)
        saved = np.empty((len(self._judges), len(offers)), np.int64)
        for row, judge in enumerate(self._judges):
            weight = judge.proof.weight[list(levels)]
            saved[row] = judge.proof.worth[owner] - judge.price[offers.cell] - weight @ cost
        less = np.max(saved, axis=1, initial=0)[:, None] - saved
        order = np.concatenate([less, cost])  # many are equal by what counts so far
        kept = cheapest(request, order, _TAKEN_AT_ONCE)
        return Ranked(np.flatnonzero(kept), np.zeros(0, np.int64))


def _is_positive(values: Int) -> Bool:
    """Whether each column of ``values`` (int64, shape (n, C)) is above 0, in strict order."""
    found, is_open = np.zeros((2, values.shape[1]), np.bool_)
    is_open[:] = True
    for row in values:
        found |= is_open & (row > 0)
        is_open &= row == 0
    return found
