"""For whom somebody had to make room: which rules their old place would break now, with whom."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from engine.arrays import Int, Ragged
from engine.candidates import Candidates
from engine.policy import Policy
from engine.repair.places import could_have_stayed, moved_appointments, opened, planned, told_places
from engine.repair.point import Point
from engine.repair.repair import Repair
from engine.rows import Rows
from engine.snapshot import CONTESTED


@dataclass(frozen=True, slots=True)
class GaveWay:
    """Why somebody who was there could not stay.

    Parameters
    ----------
    to
        Ids of the appointments that stand in the way of the old place now.
    rules
        Names of the rules that all of them together would break.
    """

    to: tuple[str, ...]
    rules: tuple[str, ...]


def who_gave_way(repair: Repair, point: Point) -> dict[int, GaveWay]:
    """For whom the displaced made room, by appointment (index).

    Every rule of the policy is asked: the rows in which an old place no longer fits beside what
    the plan gives to others, and beside those who keep a contested place, name those others. Who
    stays in any case (a block, a pinned visit) is named where a place was contested. Where
    nobody is named, it cannot be told by single rows: people of one link or one doctor moved
    together.
    """
    displaced = could_have_stayed(repair, moved_appointments(repair, point))
    if not len(displaced):
        return {}
    scene = _Scene(repair, point, displaced)
    found: dict[int, tuple[set[int], list[str]]] = {int(row): (set(), []) for row in displaced}
    for name, rows in scene.rows(point.policy):
        for row, others in scene.broken(rows):
            found[row][0].update(others)
            found[row][1].append(name)
    ids, fixed = repair.snapshot.published.ids, _immovable(repair, displaced)
    return {
        row: GaveWay(
            tuple(ids[other] for other in sorted(others | fixed[row])), tuple(dict.fromkeys(names))
        )
        for row, (others, names) in found.items()
    }


class _Scene:
    """Old places of the displaced beside all that the plan and the contest left standing."""

    def __init__(self, repair: Repair, point: Point, displaced: Int) -> None:
        new, moved = planned(point), moved_appointments(repair, point)
        stays = np.setdiff1d(repair.movable.of_standing(CONTESTED), moved)
        self._snapshot = opened(repair, point, np.union1d(moved, stays))
        parts = [new, told_places(repair, stays), told_places(repair, displaced)]
        joined = Candidates.joined(parts)
        order = np.lexsort((joined.first_cell, joined.request))
        self._places = joined.where(order)
        self._appointment = repair.snapshot.published.of_request[self._places.request]
        self._is_old = order >= len(new) + len(stays)

    def rows(self, policy: Policy) -> Iterator[tuple[str, Rows]]:
        """Rows of every rule that looks at several visits."""
        for constraint in policy.constraints:
            yield constraint.name, constraint.rows(self._snapshot, self._places)

    def broken(self, rows: Rows) -> Iterator[tuple[int, set[int]]]:
        """Who no longer fits into a row, and who is in it.

        Rows that auxiliary columns open say nothing of one visit by itself: of these, those
        are named who open another row that excludes it.
        """
        uses = rows.candidates
        of_row = Ragged.grouping(uses.row, len(rows))
        opens = np.bincount(rows.auxiliary.row, minlength=len(rows)) > 0
        for entry in np.flatnonzero(self._is_old[uses.column] & (uses.coefficient > 0)).tolist():
            row, column = int(uses.row[entry]), int(uses.column[entry])
            who = int(self._appointment[column])
            beside = of_row.row(row)
            beside = beside[~self._is_old[uses.column[beside]]]
            beside = beside[self._appointment[uses.column[beside]] != who]
            if opens[row]:
                others = self._behind(rows, row) - {who}
                if others:
                    yield who, others
            elif uses.coefficient[beside].sum() + uses.coefficient[entry] > rows.bound[row]:
                named = beside[uses.coefficient[beside] > 0]
                yield who, set(self._appointment[uses.column[named]].tolist())

    def _behind(self, rows: Rows, row: int) -> set[int]:
        """Appointments in rows whose openers exclude those of a row."""
        aux, uses = rows.auxiliary, rows.candidates
        own = aux.column[aux.row == row]
        shared = aux.row[np.isin(aux.column, own) & (aux.coefficient > 0)]
        rivals = np.setdiff1d(aux.column[np.isin(aux.row, shared)], own)
        opened_rows = aux.row[np.isin(aux.column, rivals) & (aux.coefficient < 0)]
        inside = uses.column[np.isin(uses.row, opened_rows)]
        return set(self._appointment[inside[~self._is_old[inside]]].tolist())


def _immovable(repair: Repair, displaced: Int) -> dict[int, set[int]]:
    """What cannot be moved and collides with contested places; by appointment, indices."""
    published = repair.snapshot.published
    index = {name: row for row, name in enumerate(published.ids)}
    found: dict[int, set[int]] = {int(row): set() for row in displaced}
    for cluster in repair.aftermath.clusters:
        members = {index[name] for name in cluster.appointment_ids}
        for conflict in cluster.conflicts:
            meeting = {index[name] for name in conflict.appointment_ids}
            for row in meeting & members & found.keys():
                found[row] |= {
                    other
                    for other in meeting - members
                    if published.busy_start[other] < published.busy_end[row]
                    and published.busy_end[other] > published.busy_start[row]
                }
    return found
