"""Judge of ``specialty``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from engine.plan import Plan
from engine.snapshot import Snapshot
from engine.verify.codes import answers
from engine.verify.violation import Violation, Visits, broken, given

if TYPE_CHECKING:
    from engine.eligibility.specialty import Specialty


def violations(rule: Specialty, snapshot: Snapshot, plan: Plan) -> Iterator[Violation]:
    """Visits with roles that do not practise what is asked for."""
    visits, codes = Visits.of(snapshot, plan), list(snapshot.index.codes)
    bad = np.zeros(len(visits.request), np.bool_)
    code = snapshot.requests.code[visits.request]
    asking = np.flatnonzero(given(code))
    names = code[asking] * snapshot.num_roles + visits.role[asking]
    found, name = np.unique(names, return_inverse=True)
    refused = [
        not any(answers(codes[code], codes[held]) for held in snapshot.roles.codes.row(role))
        for code, role in (divmod(k, snapshot.num_roles) for k in found.tolist())
    ]
    bad[asking] = np.array(refused, np.bool_)[name]
    yield from broken(rule.name, snapshot, visits, bad)
