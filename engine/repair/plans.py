"""Several whole plans for one event, which differ in what they spare people."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

from engine.arrays import Int
from engine.repair.extent import Extent
from engine.repair.frontier import Frontier
from engine.repair.ledger import Ledger, ledger_of
from engine.repair.places import planned
from engine.repair.point import Point
from engine.repair.repair import Repair
from engine.solve.limits import Cancel, Limits

Aim = Literal["least_disruption", "soonest", "same_doctor"]
"""What a plan spares people: days by the policy's prices; days later; another doctor."""

OUTWEIGHS = 100.0
"""Days that the aim of a plan is priced at: more than all else that is usual for a move."""

_PRICES: Mapping[Aim, str] = {"soonest": "per_day_later", "same_doctor": "other_doctor"}


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
        Aims whose plan is, row by row, the one of an earlier aim.
    unfinished
        Aims for which nothing as good was found in time.
    """

    plans: tuple[WholePlan, ...]
    same_as: Mapping[Aim, Aim]
    unfinished: tuple[Aim, ...]


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
        For each further plan.
    cancel
        Asks to stop early.
    """
    found = [WholePlan("least_disruption", point, ledger_of(repair, point))]
    same_as: dict[Aim, Aim] = {}
    unfinished: list[Aim] = []
    for aim in _PRICES:
        other = _solved(repair, point, aim, limits or Limits(), cancel or Cancel())
        if _above(other) > _above(point):
            unfinished.append(aim)
            continue
        twin = next((row.aim for row in found if _rows(row.point) == _rows(other)), None)
        if twin is not None:
            same_as[aim] = twin
            continue
        at_own_prices = replace(other, policy=point.policy)
        found.append(WholePlan(aim, other, ledger_of(repair, at_own_prices)))
    return Plans(tuple(found), same_as, tuple(unfinished))


def _solved(repair: Repair, point: Point, aim: Aim, limits: Limits, cancel: Cancel) -> Point:
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
    return frontier.best()


def _above(point: Point) -> list[int]:
    """Values of the levels above the last, which all plans have in common."""
    return [level.value for level in point.certificate.levels[:-1]]


def _rows(point: Point) -> tuple[list[int], ...]:
    """Where everybody goes."""
    places, state = planned(point), point.plan.state
    columns: list[Int] = [state, places.request, places.role, places.session, places.start]
    return tuple(column.tolist() for column in columns)
