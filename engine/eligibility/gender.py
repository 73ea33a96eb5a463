"""Gender of patient and doctor, where it matters."""

from __future__ import annotations

from collections.abc import Hashable
from typing import ClassVar

import numpy as np
from numpy.typing import ArrayLike

from engine.arrays import NONE, Bool
from engine.rules import Grain, rule
from engine.snapshot import Snapshot


@rule
class Gender:
    """Some roles serve certain genders; some patients wish to be seen by a certain one.

    Formula: ``genders_served`` is empty, names all, or contains the patient's gender
    (unknown: excluded); and the gender wished for, if any, is the doctor's (unknown: excluded).

    Units: none. Source: FHIR administrative gender.
    """

    name: ClassVar[str] = "gender"
    grain: ClassVar[Grain] = "role"

    def admits(self, snapshot: Snapshot, request: ArrayLike, other: ArrayLike) -> Bool:
        """Whether each role (``other``) serves, and suits, each request's patient."""
        roles, served = np.asarray(other), snapshot.roles.genders_served
        num_served = np.asarray(served.sum(axis=1))[roles]
        gender = snapshot.patients.gender[snapshot.requests.patient[np.asarray(request)]]
        known_served = (gender != NONE) & served[roles, gender]
        wish = snapshot.wishes.gender[np.asarray(request)]
        offered = snapshot.doctors.gender[snapshot.roles.doctor[roles]]
        serves = (num_served == served.shape[1]) | known_served
        return serves & ((wish == NONE) | (offered == wish))

    def key(self, snapshot: Snapshot, request: int) -> Hashable:
        """The patient's gender, and the one wished for."""
        gender = snapshot.patients.gender[snapshot.requests.patient[request]]
        return int(gender), int(snapshot.wishes.gender[request])
