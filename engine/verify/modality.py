"""Judge of ``modality``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from engine.domain import INSISTABLE
from engine.plan import Plan
from engine.snapshot import Snapshot
from engine.snapshot.index import MODALITIES
from engine.verify.violation import Violation, Visits, broken, given

_VIDEO = MODALITIES.index("video")

if TYPE_CHECKING:
    from engine.eligibility.modality import Modality


def violations(rule: Modality, snapshot: Snapshot, plan: Plan) -> Iterator[Violation]:
    """Visits in person that must be by video, or the reverse."""
    visits = Visits.of(snapshot, plan)
    by_video = ~given(snapshot.roles.location[visits.role])
    required = snapshot.visit_types.modality[visits.visit_type]
    wish = snapshot.wishes.modality[visits.request]
    insists = snapshot.wishes.insists_on[visits.request, INSISTABLE.index("modality")]
    wrong = given(required) & ((required == _VIDEO) != by_video)
    unwished = insists & given(wish) & ((wish == _VIDEO) != by_video)
    yield from broken(rule.name, snapshot, visits, wrong | unwished)
