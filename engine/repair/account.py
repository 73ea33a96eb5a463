"""Everything that is said of a repair: plans, ledgers, menus, and what unpinning would give."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from engine.errors import InternalError
from engine.repair.ledger import Ledger, ledger_of
from engine.repair.menus import Menu, menus_of
from engine.repair.plans import Aim, Plans, whole_plans
from engine.repair.point import Point
from engine.repair.repair import Repair
from engine.repair.unpinned import Unpinned, unpinned
from engine.solve.limits import Cancel, Clock, Limits

MOST_OPTIONS = 20
"""More places than anybody can be read on the phone."""

FOR_POINTS = 0.6
"""Share of the time that the frontier may take where whole plans are wanted, too."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be said of a repair beside its plans and their ledgers.

    Parameters
    ----------
    num_options
        Places for everybody in a menu; 0: no menus.
    plans
        Whether whole plans that differ are wanted.
    """

    num_options: int = 0
    plans: bool = False

    def limits_of_repair(self, limits: Limits) -> Limits:
        """What the repair itself may take of some limits."""
        return replace(limits, seconds=limits.seconds * (FOR_POINTS if self.plans else 1.0))

    def menus_of(self, repair: Repair, point: Point) -> tuple[Menu, ...]:
        """What a plan can offer to whom."""
        return menus_of(repair, point, self.num_options) if self.num_options else ()


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
    plans
        Whole plans that differ, the last plan the first of them; ``None``: nobody asked.
    menus_of_plans
        What each of those can offer to whom.
    """

    repair: Repair
    ledgers: tuple[Ledger, ...]
    menus: tuple[tuple[Menu, ...], ...]
    unpinned: Unpinned | None
    plans: Plans | None = None
    menus_of_plans: tuple[tuple[Menu, ...], ...] = ()

    @classmethod
    def of(
        cls, repair: Repair, wanted: Wanted, limits: Limits, cancel: Cancel | None = None
    ) -> Account:
        """Look everything up.

        Parameters
        ----------
        wanted
            What is to be said beside the plans.
        limits
            Those of all of it: what the repair has left of them is for whole plans, and what
            those leave for the question of the pins.
        """
        points = repair.points
        left = max(0.0, limits.seconds - repair.seconds)
        clock = Clock(replace(limits, seconds=left), cancel or Cancel())
        plans, of_plans = None, tuple[tuple[Menu, ...], ...]()
        if wanted.plans:
            plans = whole_plans(repair, points[-1], _within(limits, clock), cancel=cancel)
        menus = tuple(wanted.menus_of(repair, point) for point in points)
        if plans is not None:
            of_plans = (menus[-1], *_menus_of_further(repair, plans, wanted))
        return cls(
            repair,
            tuple(ledger_of(repair, point) for point in points),
            menus,
            unpinned(repair, points[-1], limits=_within(limits, clock), cancel=cancel),
            plans,
            of_plans,
        )

    @property
    def aims(self) -> tuple[Aim, ...]:
        """Of the whole plans, in their order; empty where nobody asked."""
        return () if self.plans is None else tuple(row.aim for row in self.plans.plans)

    def of_plan(self, number: int) -> Account:
        """The same as if one of the whole plans were the only one."""
        if self.plans is None:
            raise InternalError("whole plans were not asked for")
        plan = self.plans.plans[number]
        points, is_proven = (plan.point,), plan.point.is_proven
        return replace(
            self,
            repair=replace(self.repair, points=points, is_proven=is_proven),
            ledgers=(plan.ledger,),
            menus=(self.menus_of_plans[number],),
            plans=None,
            menus_of_plans=(),
        )

    @property
    def is_proven(self) -> bool:
        """Whether no plan could be better."""
        is_each = all(point.is_proven for point in self.repair.points)
        return is_each and (self.plans is None or self.plans.is_proven)

    @property
    def stopped(self) -> str:
        """Why it ended: proven, or else why the first plan that is not proven was not."""
        plans = self.plans
        points = [*self.repair.points, *(row.point for row in (plans.plans if plans else ()))]
        reasons = (p.certificate.stopped for p in points if not p.is_proven)
        if plans is None or not plans.unfinished:
            return next(reasons, "proven")
        return next(reasons, "cancelled" if plans.was_cancelled else "time_limit")


def _menus_of_further(repair: Repair, plans: Plans, wanted: Wanted) -> Iterator[tuple[Menu, ...]]:
    """Of the plans after the first, at the prices of the repair."""
    for row in plans.plans[1:]:
        yield wanted.menus_of(repair, replace(row.point, policy=repair.points[-1].policy))


def _within(limits: Limits, clock: Clock) -> Limits:
    """What is left of some limits."""
    return replace(limits, seconds=min(limits.seconds, clock.left()))
