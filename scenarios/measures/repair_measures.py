"""Measures of a repair in the words of the field, before it is committed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.arrays import NONE
from scenarios.measures.disturbed import disturbed
from scenarios.measures.grouping import Grouping
from scenarios.measures.row import Row

if TYPE_CHECKING:
    from engine.repair.ledger import Ledger
    from engine.repair.repair import Repair


@dataclass(frozen=True, slots=True)
class RepairMeasures:
    """What a repair does to people; shares are of those they are stated for.

    Parameters
    ----------
    people_forced
        People whose place the event took.
    people_moved, people_unplaced, people_stuck
        People told another place; left without one; pinned to one that is impossible.
    people_displaced, additional_people
        People who lose a place that could be kept; the same beyond what collisions demand.
    people_moved_again
        People who lose a place, and lost one before.
    bump_rate
        Lost places, of the appointments of the next 30 days.
    rebooked_within_7_days, rebooked_within_30_days
        Share of the lost places that are replaced by one no more than so many days later.
    equivalent_days
        Price of all moves, in days of waiting.
    days_later
        Days by which visits are later than they were told, all together.
    """

    people_forced: int
    people_moved: int
    people_unplaced: int
    people_stuck: int
    people_displaced: int
    additional_people: int
    people_moved_again: int
    bump_rate: float | None
    rebooked_within_7_days: float | None
    rebooked_within_30_days: float | None
    equivalent_days: float
    days_later: float


def measure_repair(repair: Repair, ledger: Ledger) -> RepairMeasures:
    """Measure one answer of a repair, by its ledger."""
    value = {row.measure: row.value for row in rows_of_repair(repair, ledger)}
    return RepairMeasures(
        people_forced=int(value["people_forced"] or 0),
        people_moved=int(value["people_moved"] or 0),
        people_unplaced=int(value["people_unplaced"] or 0),
        people_stuck=int(value["people_stuck"] or 0),
        people_displaced=int(value["people_displaced"] or 0),
        additional_people=ledger.additional_people,
        people_moved_again=int(value["people_moved_again"] or 0),
        bump_rate=value["bump_rate"],
        rebooked_within_7_days=value["rebooked_within_7_days"],
        rebooked_within_30_days=value["rebooked_within_30_days"],
        equivalent_days=value["equivalent_days"] or 0.0,
        days_later=value["days_later"] or 0.0,
    )


def rows_of_repair(
    repair: Repair, ledger: Ledger, groupings: Iterable[Grouping] = ()
) -> tuple[Row, ...]:
    """Every measure of one answer of a repair, of all and of each group.

    Parameters
    ----------
    ledger
        Of the answer.
    groupings
        Of the dataset, before or after the event: its requests are the same.
    """
    known = disturbed(repair, ledger)
    told = int((repair.snapshot.published.request != NONE).sum())
    additional = Row.of("additional_people", None, float(ledger.additional_people), told)
    of_groups = [row for grouping in groupings for row in known.of_groups(grouping)]
    return (*known.rows(), additional, *of_groups)
