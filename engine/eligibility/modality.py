"""In person or by video."""

from __future__ import annotations

from collections.abc import Hashable
from typing import ClassVar

import numpy as np
from numpy.typing import ArrayLike

from engine.arrays import NONE, Bool
from engine.domain import INSISTABLE
from engine.rules import Grain, rule
from engine.snapshot import Snapshot

_INSISTED = INSISTABLE.index("modality")


@rule
class Modality:
    """A visit happens in person or by video, as its type requires and the patient insists.

    Formula: the role's modality (video if it has no location) is that of the visit type,
    unless that is "any"; and that of the wish, if the request insists on it.

    Units: none.
    """

    name: ClassVar[str] = "modality"
    grain: ClassVar[Grain] = "role"

    def admits(self, snapshot: Snapshot, request: ArrayLike, other: ArrayLike) -> Bool:
        """Whether each role's modality (``other``) fits each request."""
        requests = np.asarray(request)
        offered = snapshot.modality(other)
        required = snapshot.visit_types.modality[snapshot.requests.visit_type[requests]]
        insists = snapshot.wishes.insists_on[requests, _INSISTED]
        wish = np.where(insists, snapshot.wishes.modality[requests], NONE)
        return ((required == NONE) | (required == offered)) & ((wish == NONE) | (wish == offered))

    def key(self, snapshot: Snapshot, request: int) -> Hashable:
        """What the type of visit requires, and the patient insists on."""
        wish = int(snapshot.wishes.modality[request])
        insists = bool(snapshot.wishes.insists_on[request, _INSISTED])
        required = int(snapshot.visit_types.modality[snapshot.requests.visit_type[request]])
        return required, wish if insists else NONE
