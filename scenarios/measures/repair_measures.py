"""Measures of a repair in the words of the field, before it is committed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from engine.arrays import NONE
from scenarios.measures.disturbed import disturbed
from scenarios.measures.grouping import Grouping
from scenarios.measures.row import Row

if TYPE_CHECKING:
    from engine.repair.ledger import Ledger
    from engine.repair.repair import Repair


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
