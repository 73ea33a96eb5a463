"""Measures of the plans of a repair, side by side, before any of them is committed."""

from __future__ import annotations

from rich.table import Table
from rich.text import Text

from api.cli.amounts import amount_of, gap_of
from api.cli.console import data, print_table
from api.cli.told import others
from api.repair_measures import RepairMeasures
from engine.repair.account import Account
from scenarios.numbers import titled

_MOST_PLANS = 4  # beside one another; the first and the last of more


def print_measures(account: Account, measures: RepairMeasures) -> None:
    """Print a column for each plan, and the gaps that the last one would leave wide."""
    pairs = list(zip(account.repair.points, account.ledgers, strict=True))
    shown = pairs if len(pairs) <= _MOST_PLANS else [*pairs[: _MOST_PLANS - 1], pairs[-1]]
    found = [measures.of_plan(ledger) for _, ledger in shown]
    table = Table(title="Measures", title_justify="left")
    table.add_column("measure")
    for point, _ in shown:
        table.add_column(f"{others(point.additional)}\nmoved", justify="right")
    for rows in zip(*(plan.rows for plan in found), strict=True):
        values = (amount_of(row.value, row.measure) for row in rows)
        table.add_row(*map(Text, (titled(rows[0].measure), *values)))
    print_table(table)
    if len(shown) < len(pairs):
        more = len(pairs) - len(shown)
        data.print(f"{more:,} plans between are left out here; --json has all.", markup=False)
    for gap in found[-1].gaps:
        if gap.is_wide:
            data.print(f"Warning, gap by {gap_of(gap)}", markup=False)
