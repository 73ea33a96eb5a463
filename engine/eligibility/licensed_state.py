"""A video visit stays where the doctor is licensed."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from numpy.typing import ArrayLike

from engine.arrays import NONE, Bool
from engine.rules import Grain, rule
from engine.snapshot import Snapshot


@rule
class LicensedState:
    """By video, a doctor sees patients only in states where he is licensed.

    Formula: the role has a location, or the patient's state is among ``licensed_states``.
    An unknown state, or a video role that states none, is excluded.

    Units: none.
    """

    name: ClassVar[str] = "licensed_state"
    grain: ClassVar[Grain] = "role"

    def admits(self, snapshot: Snapshot, request: ArrayLike, other: ArrayLike) -> Bool:
        """Whether each role (``other``) may see each request's patient."""
        roles = np.asarray(other)
        licensed = snapshot.roles.states.mask(len(snapshot.index.states) + 1)
        state = snapshot.patients.state[snapshot.requests.patient[np.asarray(request)]]
        in_person = snapshot.roles.location[roles] != NONE
        return in_person | licensed[roles, np.where(state == NONE, -1, state)]
