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
from engine.solve.solved import StopReason

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
    was_cancelled
        Whether it was asked to stop early.
    """

    repair: Repair
    ledgers: tuple[Ledger, ...]
    menus: tuple[tuple[Menu, ...], ...]
    unpinned: Unpinned | None
    plans: Plans | None = None
    menus_of_plans: tuple[tuple[Menu, ...], ...] = ()
    was_cancelled: bool = False

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
        cancel = cancel or Cancel()
        clock = Clock(replace(limits, seconds=left), cancel)
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
            cancel.is_set(),
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
        """Whether no plan could be better, and none was left out."""
        return self.repair.is_proven and (self.plans is None or self.plans.is_proven)

    @property
    def stopped(self) -> StopReason:
        """Why it ended: proven, asked to, or why the first plan that is not proven was not."""
        if self.is_proven:
            return "proven"
        if self.was_cancelled:
            return "cancelled"
        further = () if self.plans is None else self.plans.plans
        points = (*self.repair.points, *(row.point for row in further))
        reasons = (point.certificate.stopped for point in points)
        return next((reason for reason in reasons if reason != "proven"), "time_limit")


def _menus_of_further(repair: Repair, plans: Plans, wanted: Wanted) -> Iterator[tuple[Menu, ...]]:
    """Of the plans after the first, at the prices of the repair."""
    for row in plans.plans[1:]:
        yield wanted.menus_of(repair, replace(row.point, policy=repair.points[-1].policy))


def _within(limits: Limits, clock: Clock) -> Limits:
    """What is left of some limits."""
    return replace(limits, seconds=min(limits.seconds, clock.left()))
