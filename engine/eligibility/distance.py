"""The place is near enough."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from numpy.typing import ArrayLike

from engine.arrays import NONE, Bool
from engine.domain.fields import Kilometres
from engine.parameters import assumed
from engine.rules import Grain, rule
from engine.snapshot import Snapshot
from engine.snapshot.index import ALWAYS


@rule
class Distance:
    """Nobody is sent farther from home than they said they would go.

    Formula: great-circle distance from home to place ≤ ``max_travel_km`` of the request,
    or ``default_max_km`` where it states none. Video visits are not judged. Unknown home:
    admitted. Unknown place: admitted unless the request states a limit, which cannot be
    promised then.

    Units: kilometres in, whole metres inside. Source: haversine formula
    (``engine.geography``).
    """

    name: ClassVar[str] = "distance"
    grain: ClassVar[Grain] = "role"

    default_max_km: Kilometres = assumed(20_040.0, "half the globe: no limit unless one is stated")

    def admits(self, snapshot: Snapshot, request: ArrayLike, other: ArrayLike) -> Bool:
        """Whether each role's place (``other``) is near enough to each request's home."""
        stated = snapshot.requests.max_travel_metres[np.asarray(request)]
        limit = np.where(stated == ALWAYS, round(self.default_max_km * 1000), stated)
        metres = snapshot.metres(request, other)
        by_video = snapshot.roles.location[np.asarray(other)] == NONE
        return by_video | np.where(metres == NONE, stated == ALWAYS, metres <= limit)
