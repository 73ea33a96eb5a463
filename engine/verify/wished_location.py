"""Judge of ``wished_location``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from engine.domain import INSISTABLE
from engine.plan import Plan
from engine.snapshot import Snapshot
from engine.verify.violation import Violation, Visits, broken, given

if TYPE_CHECKING:
    from engine.eligibility.wished_location import WishedLocation


def violations(rule: WishedLocation, snapshot: Snapshot, plan: Plan) -> Iterator[Violation]:
    """Visits at another place than those insisted on."""
    visits = Visits.of(snapshot, plan)
    insists = snapshot.wishes.insists_on[visits.request, INSISTABLE.index("locations")]
    location = snapshot.roles.location[visits.role]
    asked = visits.request * snapshot.wishes.locations.width + location
    listed = np.isin(asked, snapshot.wishes.locations.key) & given(location)
    yield from broken(rule.name, snapshot, visits, insists & ~listed)
