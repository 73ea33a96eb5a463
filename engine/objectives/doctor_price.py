"""A price stated for this doctor."""

from __future__ import annotations

from typing import ClassVar

from engine.arrays import Int
from engine.candidates import Candidates
from engine.inconvenience import Inconvenience
from engine.rules import Grain, rule
from engine.snapshot import Snapshot


@rule
class DoctorPrice(Inconvenience):
    """A request may state what each doctor costs it, in days.

    Formula: ``days`` of the request's term for the role's doctor; nothing where it has none.

    Unit: milli-days.
    """

    name: ClassVar[str] = "doctor_price"
    grain: ClassVar[Grain] = "role"

    def cost(self, snapshot: Snapshot, candidates: Candidates) -> Int:
        """Milli-days as the request states them."""
        doctor = snapshot.roles.doctor[candidates.role]
        return snapshot.requests.term_prices.get(candidates.request, doctor, 0)
