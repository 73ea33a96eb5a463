"""Linked visits with one doctor."""

from __future__ import annotations

from typing import ClassVar

from engine.linked import Sameness
from engine.rules import rule


@rule
class LinkedSameDoctor(Sameness):
    """Linked visits that must be with one doctor are.

    Formula: for every two requests of a link with ``same_doctor`` and every value p,
    ``Σ x[first at p] + Σ x[second not at p] ≤ 1``; where one of the two is left unplaced,
    nothing is asked. Appointments count as placed.

    Unit: doctor, or service, of the role.
    Key: pair × p.
    """

    name: ClassVar[str] = "linked_same_doctor"
    quality: ClassVar[str] = "doctor"
