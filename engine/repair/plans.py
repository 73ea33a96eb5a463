"""Several whole plans for one event, which differ in what they spare people."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Literal, get_args

import numpy as np

from engine.arrays import Int
from engine.candidates import Candidates
from engine.repair.extent import Extent
from engine.repair.frontier import Frontier
from engine.repair.ledger import Ledger, ledger_of
from engine.repair.places import planned
from engine.repair.point import Point
from engine.repair.repair import Repair
from engine.solve.limits import Cancel, Clock, Limits

Aim = Literal["least_disruption", "soonest", "same_doctor"]
"""What a plan spares people: days by the policy's prices; days later; another doctor."""

AIMS: tuple[Aim, ...] = get_args(Aim)
"""In the order in which plans are told."""

OUTWEIGHS = 100.0
"""Days that the aim of a plan is priced at: more than all else that is usual for a move."""

_PRICES: Mapping[Aim, str] = {"soonest": "per_day_later", "same_doctor": "other_doctor"}

_SPARED: Mapping[Aim, Callable[[Ledger], int]] = {
    "soonest": lambda ledger: ledger.days_later,
    "same_doctor": lambda ledger: ledger.other_doctor.people,
}


@dataclass(frozen=True, slots=True)
class WholePlan:
    """One of several answers to an event.

    Parameters
    ----------
    aim
        What it spares people first.
    point
        The judged plan; its certificate speaks of the prices that express the aim.
    ledger
        What it does to whom, at the prices of the policy: so that plans can be compared.
    """

    aim: Aim
    point: Point
    ledger: Ledger


@dataclass(frozen=True, slots=True)
class Plans:
    """Whole plans that differ.

    Parameters
    ----------
    plans
        The first is the point that was asked about. All leave the same people's classes without
        a place, and none displaces more people or adds more days beyond the standards.
    same_as
        Aims whose plan is, row by row, the one of an earlier aim; that is proven.
    unfinished
        Aims for which nothing as good that spares people more was found in time.
    """

    plans: tuple[WholePlan, ...]
    same_as: Mapping[Aim, Aim]
    unfinished: tuple[Aim, ...]

    @property
    def is_proven(self) -> bool:
        """Whether every aim has its plan, and none could have a better one."""
        return not self.unfinished and all(row.point.is_proven for row in self.plans)


def whole_plans(
    repair: Repair, point: Point, limits: Limits | None = None, *, cancel: Cancel | None = None
) -> Plans:
    """A point, and plans as good as it that spare people something else.

    They are solved under the same rules, and for as many people displaced; only what is
    counted at the last level differs.

    Parameters
    ----------
    repair, point
        What was found, and one of its points.
    limits
        For all further plans together; what one leaves is for the next.
    cancel
        Asks to stop early.
    """
    limits, cancel = limits or Limits(), cancel or Cancel()
    clock = Clock(limits, cancel)
    found = [WholePlan("least_disruption", point, ledger_of(repair, point))]
    same_as: dict[Aim, Aim] = {}
    unfinished: list[Aim] = []
    for number, aim in enumerate(_PRICES):
        plan = None
        if clock.has_time():
            seconds = min(limits.seconds, clock.left() / (len(_PRICES) - number))
            plan = _planned(repair, point, aim, replace(limits, seconds=seconds), cancel)
        twin = None if plan is None else _twin(plan, found)
        if plan is None or not (plan.point.is_proven or _is_of_use(plan, twin, found)):
            unfinished.append(aim)
        elif twin is not None:
            same_as[aim] = twin.aim
        else:
            found.append(plan)
    return Plans(tuple(found), same_as, tuple(unfinished))


def _planned(
    repair: Repair, point: Point, aim: Aim, limits: Limits, cancel: Cancel
) -> WholePlan | None:
    """The plan of an aim; ``None`` where it is not as good as the point."""
    other = _solved(repair, point, aim, limits, cancel)
    if other is None:
        return None
    if any(more > known for more, known in zip(_above(other), _above(point), strict=True)):
        return None
    at_own_prices = replace(other, policy=point.policy)
    return WholePlan(aim, other, ledger_of(repair, at_own_prices))


def _twin(plan: WholePlan, found: list[WholePlan]) -> WholePlan | None:
    """The plan that is the same, row by row."""
    rows = _rows(plan.point)
    return next((row for row in found if _rows(row.point) == rows), None)


def _is_of_use(plan: WholePlan, twin: WholePlan | None, found: list[WholePlan]) -> bool:
    """Whether a plan that is not proven does better by its aim than those that are there."""
    spared = _SPARED[plan.aim]
    return twin is None and all(spared(plan.ledger) < spared(row.ledger) for row in found)


def _solved(repair: Repair, point: Point, aim: Aim, limits: Limits, cancel: Cancel) -> Point | None:
    policy = point.policy.replace("disruption", **{_PRICES[aim]: OUTWEIGHS})
    frontier = Frontier(
        repair.snapshot,
        repair.movable,
        policy,
        Extent(point.additional, repair.extent.depth),
        limits,
        point.certificate.dataset_hash,
        cancel,
    )
    moved, kept = np.flatnonzero(point.moved), frontier.kept
    stays = np.isin(kept.request, moved, invert=True)
    return frontier.best(Candidates.joined([planned(point), kept.where(stays)]))


def _above(point: Point) -> list[int]:
    """Values of the levels above the last, which all plans have in common."""
    return [level.value for level in point.certificate.levels[:-1]]


def _rows(point: Point) -> tuple[list[int], ...]:
    """Where everybody goes."""
    places, state = planned(point), point.plan.state
    columns: list[Int] = [state, places.request, places.role, places.session, places.start]
    return tuple(column.tolist() for column in columns)
