"""Places and prices in words; times as the clock of the place shows them."""

from __future__ import annotations

from engine.equivalent_days import MILLI
from engine.where import Where


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
