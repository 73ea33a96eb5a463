"""Judge of ``linked_all_or_none``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from engine.plan import PLACED, UNPLACED, Plan
from engine.snapshot import FORCED, Snapshot
from engine.verify.violation import Violation

if TYPE_CHECKING:
    from engine.constraints.linked_all_or_none import LinkedAllOrNone


def violations(rule: LinkedAllOrNone, snapshot: Snapshot, plan: Plan) -> Iterator[Violation]:
    """Links of which the plan places some requests and leaves others."""
    links, standing = snapshot.links, snapshot.told.standing
    is_repair = bool((standing != -1).any())
    for link in np.flatnonzero(links.all_or_none).tolist():
        members = links.members.row(link)
        if is_repair:  # the others could stay, or take no part
            members = members[standing[members] == FORCED]
        if np.isin((PLACED, UNPLACED), plan.state[members]).all():
            ids = tuple(sorted(snapshot.requests.ids[r] for r in members.tolist()))
            yield Violation(rule.name, links.ids[link], ids)
