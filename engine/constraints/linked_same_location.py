"""Linked visits with one location."""

from __future__ import annotations

from typing import ClassVar

from engine.linked import Sameness
from engine.rules import rule


@rule
class LinkedSameLocation(Sameness):
    """Linked visits that must be at one place are.

    Formula: for every two requests of a link with ``same_location`` and every value p,
    ``Σ x[first at p] + Σ x[second not at p] ≤ 1``; where one of the two is left unplaced,
    nothing is asked. Appointments count as placed.

    Unit: place of the role; by video is one place.
    Key: pair × p.
    """

    name: ClassVar[str] = "linked_same_location"
    quality: ClassVar[str] = "location"
