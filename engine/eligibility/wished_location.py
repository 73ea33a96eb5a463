"""Only the places insisted on."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from numpy.typing import ArrayLike

from engine.arrays import Bool
from engine.domain import INSISTABLE
from engine.rules import Grain, rule
from engine.snapshot import Snapshot

_INSISTED = INSISTABLE.index("locations")


@rule
class WishedLocation:
    """Who insists on certain places goes to one of them or nowhere.

    Formula: the request does not insist on its places, or the role's location is on its
    list; a video role has none.

    Units: none.
    """

    name: ClassVar[str] = "wished_location"
    grain: ClassVar[Grain] = "role"

    def admits(self, snapshot: Snapshot, request: ArrayLike, other: ArrayLike) -> Bool:
        """Whether each role's location (``other``) is one that each request insists on."""
        insists = snapshot.wishes.insists_on[np.asarray(request), _INSISTED]
        location = snapshot.roles.location[np.asarray(other)]
        return ~insists | snapshot.wishes.locations.has(request, location)
