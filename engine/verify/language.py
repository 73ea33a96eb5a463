"""Judge of ``language``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from engine.plan import Plan
from engine.snapshot import Snapshot
from engine.verify.violation import Violation, Visits, broken, given, shares_value

if TYPE_CHECKING:
    from engine.eligibility.language import Language


def violations(rule: Language, snapshot: Snapshot, plan: Plan) -> Iterator[Violation]:
    """Visits in which doctor and patient do not understand each other."""
    visits = Visits.of(snapshot, plan)
    doctor = snapshot.roles.doctor[visits.role]
    size = len(doctor)
    spoken = snapshot.doctors.languages.expand(doctor)
    understood = snapshot.patients.languages.expand(visits.patient)
    shared = shares_value(spoken, understood, size)
    silent = np.bincount(spoken[0], minlength=size) == 0
    silent |= np.bincount(understood[0], minlength=size) == 0
    wish = snapshot.wishes.language[visits.request]
    asked = np.flatnonzero(given(wish))
    fulfilled = shares_value((asked, wish[asked]), spoken, size)
    good = (shared | silent) & (fulfilled | ~given(wish))
    is_person = ~snapshot.doctors.is_service[doctor]
    yield from broken(rule.name, snapshot, visits, is_person & ~good)
