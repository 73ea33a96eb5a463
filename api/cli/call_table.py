"""Whom to call after a repair, as a table for people."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.table import Table
from rich.text import Text

from api.cli.console import print_table
from api.cli.told import day_of, days_of, place_of, who_of
from engine.repair.menus import Menu, Option
from engine.repair.outreach import Call
from engine.where import Where


def print_calls(calls: Sequence[Call]) -> None:
    """Print whom to call, in which order, and what to offer."""
    if not calls:
        return
    table = Table(title="Whom to call, and what to offer", title_justify="left", show_lines=True)
    table.add_column("", justify="right")
    for heading in ("who", "was told", "can be offered"):
        table.add_column(heading)
    for call in calls:
        options = () if call.menu is None else call.menu.options
        offers = [line for option in options for line in _option(option)]
        cells = (
            f"{call.number}",
            "\n".join(f"{row.patient_id}\n{row.urgency}" for row in call.entries),
            "\n".join(f"{_when(row.before)}\n{who_of(row.before)}" for row in call.entries),
            "\n".join([*offers, *_shortage(call.menu)]),
        )
        table.add_row(*map(Text, cells))
    print_table(table)


def _when(where: Where) -> str:
    return f"{day_of(where)} {where.start:%H:%M}"


def _option(option: Option) -> Iterator[str]:
    """A line per place, with its price; of several, only the first bears the number."""
    for index, place in enumerate(option.places):
        number = f"{option.number}." if not index else "  "
        where = f"{_when(place.where)} {who_of(place.where)}, {place_of(place.where)}"
        yield f"{number} {where}: {days_of(place.price)} days"


def _shortage(menu: Menu | None) -> Iterator[str]:
    """Why there is not more."""
    if menu is None:
        yield "nothing: it is pinned"
    elif menu.short is not None:
        more = "other " if menu.options else ""
        yield {
            "no_candidate": f"there is no {more}place",
            "crowded_out": f"others hold all {more}places",
            "all_offered": f"no {more}place is free",
            "shared": "what else is free is offered to others",
        }[menu.short.reason]
