"""The visit is paid for."""

from __future__ import annotations

from collections.abc import Hashable
from typing import ClassVar

import numpy as np
from numpy.typing import ArrayLike

from engine.arrays import Bool, distinct
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
        roles, patient = snapshot.roles, snapshot.requests.patient[np.asarray(request)]
        asked, place = distinct(snapshot.patients.insurance_plan[patient] + 1)  # 0: without
        some = asked > 0
        paid_by = np.zeros((len(asked), len(snapshot.index.networks)), np.bool_)
        paid_by[some] = snapshot.plan_networks.take(asked[some] - 1).mask(paid_by.shape[1])
        pays = roles.networks.touch(paid_by) | roles.any_network
        pays[~some] |= roles.accepts_self_pay
        return pays[place, np.asarray(other)]

    def key(self, snapshot: Snapshot, request: int) -> Hashable:
        """The patient's plan."""
        return int(snapshot.patients.insurance_plan[snapshot.requests.patient[request]])
