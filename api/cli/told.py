"""Places, prices and plans in words; times as the clock of the place shows them."""

from __future__ import annotations

from rich.text import Text

from engine.equivalent_days import MILLI
from engine.repair.point import Point
from engine.where import Where
from scenarios.numbers import count_text

MILLI_DAYS = "milli-days"
"""Unit of a level that is a price."""


def day_of(where: Where) -> str:
    """On which day."""
    return f"{where.start:%a %d %b}"


def time_of(where: Where) -> str:
    """From when until when."""
    return f"{where.start:%H:%M}–{where.end:%H:%M}"


def who_of(where: Where) -> str:
    """With whom."""
    return where.doctor_id or where.service_id or ""


def place_of(where: Where) -> str:
    """Where."""
    return where.location_id or "by video"


def told(where: Where) -> str:
    """When, and with whom."""
    return f"{day_of(where)} {time_of(where)} with {who_of(where)}"


def days_of(milli: int) -> str:
    """Thousandths of a day as days."""
    return f"{milli / MILLI:,.2f}"


def level_text(value: int, unit: str) -> str:
    """A value of a level, with its unit; thousandths of a day as days."""
    return f"{value / MILLI:,.1f} days" if unit == MILLI_DAYS else f"{value:,} {unit}"


def others(number: int) -> str:
    """How many others."""
    return count_text(number, "other")


def people(number: int) -> str:
    """How many people."""
    return count_text(number, "person", "people")


def number_moved(point: Point) -> str:
    """How many others a plan moves, and how many whom collisions move in any case."""
    return f"{point.additional}" + (f" + {point.minimum}" if point.minimum else "")


def unplaced_of(point: Point) -> str:
    """How many a plan leaves without a place, and of which urgency."""
    levels = [row for row in point.certificate.levels if row.name.startswith("unplaced_")]
    named = ", ".join(
        f"{row.value} {row.name.removeprefix('unplaced_')}" for row in levels if row.value
    )
    total = sum(row.value for row in levels)
    return f"{total}: {named}" if "," in named else named or "0"


def status_of(point: Point) -> Text:
    """Whether a plan is proven."""
    return Text("proven", "green") if point.is_proven else Text("not proven", "yellow")
