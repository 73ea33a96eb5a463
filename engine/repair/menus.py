"""Menus: several places for everybody who is moved, of which each may choose any.

The first option is the place of the plan. The others are free, and displace nobody. Whatever
everybody chooses, or declines, is a plan.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from engine.arrays import NONE, Int
from engine.errors import VerificationError
from engine.plan import PLACED, Plan
from engine.policy import Policy
from engine.repair.compared import parts_of
from engine.repair.free_places import free_places
from engine.repair.offering import Rounds
from engine.repair.places import (
    could_have_stayed,
    days_late,
    moved_appointments,
    planned,
    told_places,
)
from engine.repair.point import Point
from engine.repair.repair import Repair
from engine.rules import Objective, StepRule
from engine.shortlist import Shortlist
from engine.solve.matrix import build_matrix
from engine.verify.judge import verify, violations_before
from engine.verify.violation import Violation
from engine.where import Where, where_told


@dataclass(frozen=True, slots=True)
class Offered:
    """A place in an option.

    Parameters
    ----------
    appointment_id, request_id
        Whose.
    where
        The place.
    parts
        Price by its parts, milli-days, as in the ledger.
    days_late
        Whole days beyond the standard that it adds.
    """

    appointment_id: str
    request_id: str
    where: Where
    parts: Mapping[str, int]
    days_late: int

    @property
    def price(self) -> int:
        """Milli-days of waiting that the move is worth."""
        return sum(self.parts.values())


@dataclass(frozen=True, slots=True)
class Option:
    """One choice.

    Parameters
    ----------
    number
        From 1, in the order in which they are to be offered.
    is_planned
        Whether it is what the plan says.
    places
        One for each of the menu's appointments that are placed.
    """

    number: int
    is_planned: bool
    places: tuple[Offered, ...]

    @property
    def price(self) -> int:
        """Milli-days of waiting that the choice is worth."""
        return sum(place.price for place in self.places)


@dataclass(frozen=True, slots=True)
class Short:
    """Why a menu has fewer options than were asked for.

    Parameters
    ----------
    reason
        ``no_candidate``: there is no other place that could be taken at all; ``crowded_out``:
        others hold all there are; ``all_offered``: all that is free is in the menu; ``shared``:
        what else is free is in the menus of others, or does not go together with what it is
        linked to.
    considered, free
        Other places that could be taken while everybody else stays as planned and nobody
        needs room: all of them, and those whose cells are free.
    """

    reason: Literal["no_candidate", "crowded_out", "all_offered", "shared"]
    considered: int
    free: int


@dataclass(frozen=True, slots=True)
class Menu:
    """What one person, or people whose visits are linked, can choose from.

    Parameters
    ----------
    appointment_ids
        Who is asked together: appointments that the plan moves, or leaves without a place.
    options
        The first is the plan's; where the plan has no place for them, one fewer is looked for.
    short
        Why there are fewer than were asked for; ``None``: there are not.
    """

    appointment_ids: tuple[str, ...]
    options: tuple[Option, ...]
    short: Short | None


def menus_of(repair: Repair, point: Point, k: int = 3) -> tuple[Menu, ...]:
    """Menus of up to ``k`` options for everybody whom a point moves, or leaves without a place.

    Round by round, as many as possible get one more option, the most urgent first, at the least
    price; among the cheapest free places of each. Places that additional people give up count as
    taken for all others, so that those may return when they are no longer needed.

    Raises
    ------
    VerificationError
        Some choice of options would break a rule: a fault of the engine.
    """
    if k < 1:
        raise ValueError(f"k {k} is below 1")
    requests = np.flatnonzero(point.moved)
    if not len(requests):
        return ()
    return _Kitchen(repair, point, requests, k).menus()


class _Kitchen:
    """Makes the menus of one point."""

    def __init__(self, repair: Repair, point: Point, requests: Int, k: int) -> None:
        self._repair, self._point, self._k = repair, point, k
        self._requests = requests
        self._unit = _units(repair, requests)
        told = told_places(repair, could_have_stayed(repair, moved_appointments(repair, point)))
        told = told.where(np.argsort(told.request))
        policy = _by_itself(point.policy)
        unit_of = np.full(point.snapshot.num_requests, NONE, np.int64)
        unit_of[requests] = self._unit
        first = planned(point)
        self._free = free_places(point.snapshot, policy, unit_of, (first, told), k)
        listed = self._free.listed
        for some in (first, told):
            listed = listed.with_new(Shortlist.of(point.snapshot, policy, some))
        self._listed = listed.candidates
        matrix = build_matrix(point.snapshot, policy, listed, requests)
        columns = [listed.positions_of(some) for some in (first, told)]
        self._rounds = Rounds(matrix, self._unit, columns[0], columns[1])
        self._is_planned = np.zeros(len(self._listed), np.bool_)
        self._is_planned[columns[0]] = True

    def menus(self) -> tuple[Menu, ...]:
        """One of every unit, in the order of the dataset."""
        options = self._rounds.options
        for _ in range(self._k - 1):
            if not self._rounds.one_more():
                break
        self._require(options)
        blank = np.zeros(0, np.int64)
        columns = np.unique(np.concatenate([blank, *(own for row in options for own in row)]))
        offered = dict(zip(columns.tolist(), self._offered(columns), strict=True))
        return tuple(
            self._menu(
                unit, [self._option(number, own, offered) for number, own in enumerate(row, 1)]
            )
            for unit, row in enumerate(options)
        )

    def _require(self, options: list[list[Int]]) -> None:
        """Raise unless the judges accept everybody's second options together, their third, and
        so on; who has fewer takes the last. So every option is judged.
        """
        rules = tuple(r for r in self._point.policy.rules if not isinstance(r, Objective))
        policy = Policy(self._point.policy.urgencies, rules, self._point.policy.seats)
        snapshot = self._point.snapshot
        prior: tuple[Violation, ...] | None = None
        for number in range(1, max(map(len, options))):
            prior = violations_before(snapshot, policy) if prior is None else prior
            chosen = [row[min(number, len(row) - 1)] for row in options if row]
            verdict = verify(snapshot, policy, self._plan(np.concatenate(chosen)), prior)
            if verdict.violations:
                first = verdict.violations[0]
                raise VerificationError(f"options are offered that {first.rule} refuses")

    def _plan(self, columns: Int) -> Plan:
        """The plan in which everybody takes one of the listed places."""
        plan, places = Plan.empty(self._point.snapshot), self._listed.where(columns)
        plan.state[places.request] = PLACED
        plan.role[places.request], plan.session[places.request] = places.role, places.session
        plan.start[places.request], plan.end[places.request] = places.start, places.end
        return plan

    def _menu(self, unit: int, options: list[Option]) -> Menu:
        requests = self._requests[self._unit == unit]
        published = self._repair.snapshot.published
        ids = tuple(published.ids[row] for row in published.of_request[requests].tolist())
        short = None if len(options) == self._k else self._short(requests, options)
        return Menu(ids, tuple(options), short)

    def _option(self, number: int, columns: Int, offered: Mapping[int, Offered]) -> Option:
        is_planned = bool(self._is_planned[columns].all())
        return Option(number, is_planned, tuple(offered[column] for column in columns.tolist()))

    def _offered(self, columns: Int) -> Iterator[Offered]:
        """Places as they are offered."""
        snapshot, places = self._point.snapshot, self._listed.where(columns)
        parts = parts_of(self._point, snapshot, places)
        late = days_late(self._point, places).tolist()
        published = self._repair.snapshot.published
        told = zip(places.role, places.session, places.start, places.end, strict=True)
        for row, place in enumerate(told):
            request = int(places.request[row])
            yield Offered(
                published.ids[published.of_request[request]],
                snapshot.requests.ids[request],
                where_told(snapshot, *(int(value) for value in place)),
                parts[row],
                late[row],
            )

    def _short(self, requests: Int, options: list[Option]) -> Short:
        """Of linked requests, the one with the fewest places decides."""
        free = int(self._free.num_free[requests].min())
        considered = int(self._free.num_considered[requests].min())
        if not considered:
            return Short("no_candidate", considered, free)
        if not free:
            return Short("crowded_out", considered, free)
        has_all = sum(not option.is_planned for option in options) >= free
        return Short("all_offered" if has_all else "shared", considered, free)


def _by_itself(policy: Policy) -> Policy:
    """The policy without what visits cost together: options displace nobody."""
    rules = tuple(rule for rule in policy.rules if not isinstance(rule, StepRule))
    return Policy(policy.urgencies, rules, policy.seats)


def _units(repair: Repair, requests: Int) -> Int:
    """Unit of every request, by its first in the dataset: a link is one."""
    links = repair.snapshot.links
    link, member = links.members.expand(np.arange(len(links.ids)))
    group = np.arange(repair.snapshot.num_requests) + len(links.ids)
    group[member] = link
    _, first, unit = np.unique(group[requests], return_index=True, return_inverse=True)
    order = np.argsort(np.argsort(first))
    unit_of: Int = order[unit].astype(np.int64)
    return unit_of
