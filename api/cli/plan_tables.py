"""Whole plans that differ, side by side."""

from __future__ import annotations

from collections.abc import Iterator

from rich.table import Table
from rich.text import Text

from api.cli.console import data, print_table
from api.cli.told import (
    day_of,
    days_of,
    others,
    place_of,
    status_of,
    unplaced_of,
    who_of,
)
from engine.repair.ledger import Entry
from engine.repair.plans import Aim, Plans
from engine.where import Where

_MAX_SHOWN = 50

_AIMS: dict[Aim, str] = {
    "least_disruption": "least disruption",
    "soonest": "soonest",
    "same_doctor": "same doctor",
}


def print_plans(plans: Plans) -> None:
    """Print what each plan gives, which aims share one, and where they differ."""
    print_table(_summary(plans))
    for sentence in _said(plans):
        data.print(sentence, markup=False)
    rows = _differences(plans)
    if rows:
        print_table(_side_by_side(plans, rows[:_MAX_SHOWN]))
    if len(rows) > _MAX_SHOWN:
        data.print(f"… and {len(rows) - _MAX_SHOWN} more; --json and --out have all of them")


def _summary(plans: Plans) -> Table:
    """A row per plan: what it gives, so that one can be chosen."""
    number = plans.plans[0].point.additional
    table = Table(title=f"Whole plans that differ, with {others(number)} moved")
    table.title_justify = "left"
    table.add_column("aim")
    table.add_column("left without a place")
    for heading in ("told\nanew", "days\nlater", "days\nlate", "other\ndoctor", "price\ndays"):
        table.add_column(heading, justify="right")
    table.add_column("")
    for plan in plans.plans:
        ledger = plan.ledger
        cells = (
            _AIMS[plan.aim],
            unplaced_of(plan.point),
            f"{ledger.moved.people}",
            f"{ledger.days_later}",
            f"{ledger.days_late}",
            f"{ledger.other_doctor.people}",
            days_of(ledger.price),
        )
        table.add_row(*map(Text, cells), status_of(plan.point))
    return table


def _said(plans: Plans) -> Iterator[str]:
    """Of aims without a row of their own, why."""
    for aim, twin in plans.same_as.items():
        yield f"{_AIMS[aim].capitalize()}: the same plan as {_AIMS[twin]}."
    for aim in plans.unfinished:
        yield f"{_AIMS[aim].capitalize()}: no better plan for it was found in time."


def _differences(plans: Plans) -> list[list[Entry | None]]:
    """Per appointment that is not told the same by all plans, its entry in each; in the order of
    what they were told.
    """
    of_plan = [{row.appointment_id: row for row in plan.ledger.entries} for plan in plans.plans]
    names = dict.fromkeys(name for entries in of_plan for name in entries)
    rows = [[entries.get(name) for entries in of_plan] for name in names]
    differing = [row for row in rows if len({_place(entry) for entry in row}) > 1]
    return sorted(differing, key=lambda row: _first(row).before.start)


def _place(entry: Entry | None) -> Where | str:
    """Where a plan sends somebody."""
    if entry is None or entry.outcome == "kept":
        return "stays"
    return entry.after or "nowhere"


def _first(row: list[Entry | None]) -> Entry:
    return next(entry for entry in row if entry is not None)


def _side_by_side(plans: Plans, rows: list[list[Entry | None]]) -> Table:
    table = Table(title="Where they differ", title_justify="left", show_lines=True)
    for heading in ("who", "before", *(_AIMS[plan.aim] for plan in plans.plans)):
        table.add_column(heading)
    for row in rows:
        told = _first(row)
        who = f"{told.patient_id}\n{told.urgency}"
        table.add_row(*map(Text, (who, _lines(told.before), *map(_cell, row))))
    return table


def _cell(entry: Entry | None) -> str:
    place = _place(entry)
    if isinstance(place, Where):
        return _lines(place)
    return "stays" if place == "stays" else "no place"


def _lines(where: Where) -> str:
    return f"{day_of(where)} {where.start:%H:%M}\n{who_of(where)}\n{place_of(where)}"
