"""Only the doctors insisted on."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from numpy.typing import ArrayLike

from engine.arrays import Bool
from engine.domain import INSISTABLE
from engine.rules import Grain, rule
from engine.snapshot import Snapshot

_INSISTED = INSISTABLE.index("doctors")


@rule
class WishedDoctor:
    """Who insists on certain doctors is seen by one of them or by nobody.

    Formula: the request does not insist on its doctors, or the role's doctor (or service)
    is on its list.

    Units: none.
    """

    name: ClassVar[str] = "wished_doctor"
    grain: ClassVar[Grain] = "role"

    def admits(self, snapshot: Snapshot, request: ArrayLike, other: ArrayLike) -> Bool:
        """Whether each role's doctor (``other``) is one that each request insists on."""
        insists = snapshot.wishes.insists_on[np.asarray(request), _INSISTED]
        doctor = snapshot.roles.doctor[np.asarray(other)]
        return ~insists | snapshot.wishes.doctors.has(request, doctor)
