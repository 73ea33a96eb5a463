"""Everything that is said of a repair: plans, ledgers, menus, and what unpinning would give."""

from __future__ import annotations

from dataclasses import dataclass, replace

from engine.repair.ledger import Ledger, ledger_of
from engine.repair.menus import Menu, menus_of
from engine.repair.repair import Repair
from engine.repair.unpinned import Unpinned, unpinned
from engine.solve.limits import Cancel, Limits

MOST_OPTIONS = 20
"""More places than anybody can be read on the phone."""


@dataclass(frozen=True, slots=True)
class Account:
    """A repair, and all that is said of it.

    Parameters
    ----------
    repair
        The plans.
    ledgers
        What each of them does to whom.
    menus
        What each of them can offer to whom; nothing where no options were asked for.
    unpinned
        What would become of those who are pinned to a place that is gone, without the pins and
        within what the last plan displaces; ``None``: there is nobody.
    """

    repair: Repair
    ledgers: tuple[Ledger, ...]
    menus: tuple[tuple[Menu, ...], ...]
    unpinned: Unpinned | None

    @classmethod
    def of(
        cls, repair: Repair, num_options: int, limits: Limits, cancel: Cancel | None = None
    ) -> Account:
        """Look everything up.

        Parameters
        ----------
        num_options
            Places for everybody in a menu; 0: no menus.
        limits
            Those of the repair: what it has left of them is for the question of the pins.
        """
        points = repair.points
        left = replace(limits, seconds=max(0.0, limits.seconds - repair.seconds))
        return cls(
            repair,
            tuple(ledger_of(repair, point) for point in points),
            tuple(menus_of(repair, point, num_options) if num_options else () for point in points),
            unpinned(repair, points[-1], limits=left, cancel=cancel),
        )

    @property
    def is_proven(self) -> bool:
        """Whether no plan could be better."""
        return all(point.is_proven for point in self.repair.points)

    @property
    def stopped(self) -> str:
        """Why it ended: proven, or else why the first plan that is not proven was not."""
        reasons = (p.certificate.stopped for p in self.repair.points if not p.is_proven)
        return next(reasons, "proven")
