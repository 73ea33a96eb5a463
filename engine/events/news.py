"""Collisions compared with those there were before: which are new, and who is their victim."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping

from engine.events.cutting import is_covered
from engine.events.overfull import Stretch


class Earlier:
    """Collisions as they were before.

    Parameters
    ----------
    stretches
        Where more was promised than there was.
    shift
        Minutes by which the other grid begins after the one that they were found on.
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


def crowded_out(
    stretches: Iterable[Stretch], fixed_by: Mapping[str, int], blocks: Collection[str]
) -> dict[str, str]:
    """Who could be there but for what events have fixed.

    They are forced where that leaves no room at all. Where it leaves some, who gets it is to
    be settled; and who had none before lost nothing.

    Parameters
    ----------
    stretches
        Where more is promised than there is.
    fixed_by
        By the id of what an event added, or made longer, the event's number.
    blocks
        Ids of blocks, those that events added among them.

    Returns
    -------
    dict
        By appointment, what takes its place: of several, what the first event fixed.
    """
    found: dict[str, str] = {}
    for stretch in stretches:
        for name in stretch.members.keys() - blocks:
            own = fixed_by.get(name, -1)
            culprits = [other for other in stretch.members if fixed_by.get(other, -1) > own]
            old = [other for other in stretch.members if other in blocks and other not in fixed_by]
            if culprits and _leave_no_room(stretch, name, culprits, old):
                rivals = [*culprits, found[name]] if name in found else culprits
                found[name] = min(rivals, key=fixed_by.__getitem__)
    return found


def _leave_no_room(stretch: Stretch, name: str, culprits: list[str], old: list[str]) -> bool:
    home = stretch.members
    if stretch.is_of_places:
        is_away = any(home[other] != home[name] for other in culprits)
        return is_away and all(home[other] == home[name] for other in old)
    return len(old) < stretch.room <= len(old) + len(culprits)
