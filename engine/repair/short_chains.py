"""The best plan of chains, short ones first: most of the time longer ones could do no better."""

from __future__ import annotations

from itertools import accumulate

from engine.arrays import Int
from engine.policy import Policy
from engine.repair.chains import Chained, Chains, are_single_visits
from engine.repair.movable import Movable
from engine.repair.nearby import Catalogue, Nearby
from engine.repair.world import World


class ShortChains:
    """Chains of growing length, each looked for once.

    Parameters
    ----------
    star
        The world in which everybody takes part who may.
    movable
        How they stand.
    policy
        Whose rules hold.
    catalogue
        Where candidates are looked up.
    must
        int64, ascending: requests of those who must be moved.
    most
        People who may be displaced at most.
    """

    def __init__(
        self,
        star: World,
        movable: Movable,
        policy: Policy,
        catalogue: Catalogue,
        must: Int,
        most: int,
    ) -> None:
        self._star = star
        self._movable = movable
        self._policy = policy
        self._catalogue = catalogue
        self._must = must
        self._most = most
        self._found: dict[int, Chains] = {}

    def of(self, longest: int) -> Chains:
        """Those through so many bystanders at most."""
        if longest not in self._found:
            nearby = Nearby(self._star, self._catalogue, self._must, longest)
            self._found[longest] = Chains(
                self._star, self._movable, self._policy, nearby, self._most
            )
        return self._found[longest]

    def best(self, limit: int) -> tuple[Chains, Chained] | None:
        """The best plan that displaces no more people; ``None`` where there is more to it than
        chains, or nothing was proven.
        """
        if not are_single_visits(self._star):
            return None
        lengths = _lengths(self._most) if limit else [0]
        for longest in lengths:
            chains = self.of(longest)
            chained = chains.within(limit)
            if chained is None:
                return None
            if longest == lengths[-1] or self._is_best(chains, chained, limit):
                return chains, chained
        return None

    def _is_best(self, chains: Chains, chained: Chained, limit: int) -> bool:
        """Whether longer chains could do no better than short ones: the limit alone may say so,
        without a look at who is further away.
        """
        base = chains.base
        if base is None or chained.displaced != sum(base) - sum(chained.left):
            return False
        fewest = [total - limit for total in accumulate(base)]
        if chained.is_best(fewest):
            return True
        ideal = self.of(self._most).ideal
        return ideal is not None and chained.is_best(list(map(max, fewest, accumulate(ideal))))


def _lengths(most: int) -> list[int]:
    """Lengths of chains to look at, one after the other."""
    found = [1]
    while found[-1] < most:
        found.append(min(most, max(found[-1] + 1, found[-1] * 3 // 2)))
    return found
