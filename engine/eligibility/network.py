"""The visit is paid for."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from numpy.typing import ArrayLike

from engine.arrays import NONE, Bool, meets
from engine.rules import Grain, rule
from engine.snapshot import Snapshot


@rule
class Network:
    """A patient sees doctors whom the insurance plan pays, or pays for the visit.

    Formula: the role takes "any" network, or the patient's insurance plan and the role
    share a network; without an insurance plan, the role takes "any" or self-payers. A role
    without networks admits no insured patient.

    Units: none. Source: Plan-Net, network membership of a PractitionerRole.
    """

    name: ClassVar[str] = "network"
    grain: ClassVar[Grain] = "role"

    def admits(self, snapshot: Snapshot, request: ArrayLike, other: ArrayLike) -> Bool:
        """Whether each role (``other``) is paid for by each request's patient's plan."""
        roles, width = snapshot.roles, len(snapshot.index.networks)
        shared = meets(snapshot.plan_networks.mask(width), roles.networks.mask(width))
        pays = np.append(shared, roles.accepts_self_pay[None, :], axis=0) | roles.any_network
        plan = snapshot.patients.insurance_plan[snapshot.requests.patient[np.asarray(request)]]
        return pays[np.where(plan == NONE, len(shared), plan), np.asarray(other)]
