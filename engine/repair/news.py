"""Which collisions are new, and which were there before."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from engine.repair.cutting import is_covered
from engine.repair.overfull import Stretch


class Earlier:
    """Collisions as they were before.

    Parameters
    ----------
    stretches
        Where more was promised than there was.
    shift
        Minutes by which the grid they were found on begins before the other one.
    """

    def __init__(self, stretches: Iterable[Stretch], shift: int = 0) -> None:
        self._of_owner: dict[tuple[str, str, str | None], list[Stretch]] = defaultdict(list)
        self._shift = shift
        for stretch in stretches:
            self._of_owner[stretch.owner].append(stretch)

    def had(self, stretch: Stretch) -> bool:
        """Whether all who meet in a stretch met there before, and no fewer were too many."""
        ids = stretch.members.keys()
        spans = [
            (row.start - self._shift, row.end - self._shift)
            for row in self._of_owner[stretch.owner]
            if ids <= row.members.keys() and stretch.excess <= row.excess
        ]
        return is_covered((stretch.start, stretch.end), spans)
