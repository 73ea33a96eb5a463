"""Judge of ``visit_type``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from engine.plan import Plan
from engine.snapshot import Snapshot
from engine.verify.codes import answers
from engine.verify.violation import Violation, Visits, broken

if TYPE_CHECKING:
    from engine.eligibility.visit_type import VisitType


def violations(rule: VisitType, snapshot: Snapshot, plan: Plan) -> Iterator[Violation]:
    """Visits of a type that the session or the role does not offer."""
    visits, codes = Visits.of(snapshot, plan), list(snapshot.index.codes)
    bad = np.zeros(len(visits.request), np.bool_)
    for index, (session, visit_type, role) in enumerate(
        zip(visits.session.tolist(), visits.visit_type.tolist(), visits.role.tolist(), strict=True)
    ):
        offered = snapshot.sessions.offers.row(session)
        asked = [codes[code] for code in snapshot.visit_types.codes.row(visit_type)]
        held = [codes[code] for code in snapshot.roles.codes.row(role)]
        practised = not asked or any(answers(a, h) for a in asked for h in held)
        bad[index] = (len(offered) > 0 and visit_type not in offered) or not practised
    yield from broken(rule.name, snapshot, visits, bad)
