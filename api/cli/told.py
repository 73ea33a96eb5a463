"""A place in words, as its clock shows it."""

from __future__ import annotations

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
