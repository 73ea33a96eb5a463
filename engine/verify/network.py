"""Judge of ``network``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from engine.plan import Plan
from engine.snapshot import Snapshot
from engine.verify.violation import Violation, Visits, broken, given, shares_value

if TYPE_CHECKING:
    from engine.eligibility.network import Network


def violations(rule: Network, snapshot: Snapshot, plan: Plan) -> Iterator[Violation]:
    """Visits that nobody pays for."""
    visits, roles = Visits.of(snapshot, plan), snapshot.roles
    insured_by = snapshot.patients.insurance_plan[visits.patient]
    insured = np.flatnonzero(given(insured_by))
    place, network = snapshot.plan_networks.expand(insured_by[insured])
    shared = shares_value(
        (insured[place], network), roles.networks.expand(visits.role), len(visits.request)
    )
    own_purse = ~given(insured_by) & roles.accepts_self_pay[visits.role]
    paid = roles.any_network[visits.role] | shared | own_purse
    yield from broken(rule.name, snapshot, visits, ~paid)
