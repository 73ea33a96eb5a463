"""Linked visits with one day."""

from __future__ import annotations

from typing import ClassVar

from engine.linked import Sameness
from engine.rules import rule


@rule
class LinkedSameDay(Sameness):
    """Linked visits that must fall on one day do.

    Formula: for every two requests of a link with ``same_day`` and every value d,
    ``Σ x[first at d] + Σ x[second not at d] ≤ 1``; where one of the two is left unplaced,
    nothing is asked. Appointments count as placed.

    Unit: local day of the start, at the place; a day session has one too.
    Key: pair × d.
    """

    name: ClassVar[str] = "linked_same_day"
    quality: ClassVar[str] = "day"
