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
    visits, offers = Visits.of(snapshot, plan), snapshot.sessions.offers
    place, offered = offers.expand(visits.session)
    is_offered = offers.is_empty[visits.session]
    is_offered[place[offered == visits.visit_type[place]]] = True
    names, name = np.unique(
        visits.visit_type * snapshot.num_roles + visits.role, return_inverse=True
    )
    practises = [_practises(snapshot, *divmod(k, snapshot.num_roles)) for k in names.tolist()]
    is_practised = np.array(practises, np.bool_)[name]
    yield from broken(rule.name, snapshot, visits, ~(is_offered & is_practised))


def _practises(snapshot: Snapshot, visit_type: int, role: int) -> bool:
    """Whether a role holds a code that a type asks for, if it asks for any."""
    codes = list(snapshot.index.codes)
    asked = [codes[code] for code in snapshot.visit_types.codes.row(visit_type)]
    held = [codes[code] for code in snapshot.roles.codes.row(role)]
    return not asked or any(answers(a, h) for a in asked for h in held)
