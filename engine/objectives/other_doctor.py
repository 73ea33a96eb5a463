"""Another doctor than the one wished for."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from engine.arrays import NONE, Int
from engine.candidates import Candidates
from engine.domain import INSISTABLE
from engine.domain.fields import Days
from engine.equivalent_days import milli_days
from engine.inconvenience import Inconvenience
from engine.parameters import cited
from engine.rules import Grain, rule
from engine.snapshot import Snapshot

_INSISTED = INSISTABLE.index("doctors")


@rule
class OtherDoctor(Inconvenience):
    """A patient is seen by the doctor wished for, or pays in days what that is worth.

    Formula: the k-th of n doctors on the list (k from 0) costs its own price, or
    ``k / n × days``; a doctor who is not on the list costs ``days``, or the highest price on
    the list if that is more. No list: nothing. Who insists on the list has no other choice;
    the order still counts.

    Unit: milli-days.
    """

    name: ClassVar[str] = "other_doctor"
    grain: ClassVar[Grain] = "role"

    days: Days = cited(5.0, "Gerard et al., J Health Serv Res Policy 2008;13(S2):3-10")

    def cost(self, snapshot: Snapshot, candidates: Candidates) -> Int:
        """Milli-days for not being the first doctor on the list."""
        wishes, request = snapshot.wishes, candidates.request
        doctor, price = snapshot.roles.doctor[candidates.role], milli_days(self.days)
        place = wishes.doctors.get(request, doctor, NONE)
        length = np.maximum(wishes.num_doctors, 1)[request]
        by_place = (2 * place * price + length) // (2 * length)
        listed = wishes.doctor_prices.get(request, doctor, NONE)
        listed = np.where(listed == NONE, by_place, listed)
        highest = np.full(snapshot.num_requests, price, np.int64)
        stated = wishes.doctor_prices
        np.maximum.at(highest, stated.key // stated.width, stated.value)
        cost = np.where(place == NONE, highest[request], listed)
        return np.where(wishes.num_doctors[request] > 0, cost, 0)
