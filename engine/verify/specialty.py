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
    for index in np.flatnonzero(given(snapshot.requests.code[visits.request])).tolist():
        asked = codes[snapshot.requests.code[visits.request[index]]]
        held = [codes[code] for code in snapshot.roles.codes.row(visits.role[index])]
        bad[index] = not any(answers(asked, code) for code in held)
    yield from broken(rule.name, snapshot, visits, bad)
