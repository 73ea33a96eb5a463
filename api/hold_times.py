"""How long places are held, in seconds."""

from __future__ import annotations

DEFAULT_HOLD_SECONDS = 300
MAX_HOLD_SECONDS = 3_600

MIN_LONGEST_SECONDS = 60
"""Least that holds of a key may be limited to: who lost a race has a place for as long."""
