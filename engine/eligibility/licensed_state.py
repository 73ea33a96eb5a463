"""A video visit stays where the doctor is licensed."""

from __future__ import annotations

from collections.abc import Hashable
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
        state = snapshot.patients.state[snapshot.requests.patient[np.asarray(request)]]
        admitted = snapshot.roles.location[roles] != NONE
        roles, state, admitted = np.broadcast_arrays(roles, state, admitted)
        admitted, by_video = admitted.copy(), ~admitted
        admitted[by_video] = snapshot.roles.states.holds(roles[by_video], state[by_video])
        return admitted

    def key(self, snapshot: Snapshot, request: int) -> Hashable:
        """The patient's state."""
        state = int(snapshot.patients.state[snapshot.requests.patient[request]])
        return None if state == NONE else list(snapshot.index.states)[state]
