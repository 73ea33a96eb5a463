"""The session offers the type of visit."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from numpy.typing import ArrayLike

from engine.arrays import Bool, meets
from engine.rules import Grain, rule
from engine.snapshot import Snapshot
from engine.specialties import covers_table


@rule
class VisitType:
    """A session takes the types of visit it offers, by roles that practise them.

    Formula: the session lists no types, or lists the request's; and the type lists no
    specialties, or one that the role's codes answer (as in ``specialty``).

    Units: none.
    """

    name: ClassVar[str] = "visit_type"
    grain: ClassVar[Grain] = "session"

    def admits(self, snapshot: Snapshot, request: ArrayLike, other: ArrayLike) -> Bool:
        """Whether each session (``other``) offers each request's type of visit."""
        visit_type = snapshot.requests.visit_type[np.asarray(request)]
        admitted: Bool = self.offered(snapshot)[np.asarray(other), visit_type]
        return admitted

    def offered(self, snapshot: Snapshot) -> Bool:
        """Whether each session offers each type of visit; bool, shape (S, V)."""
        sessions, codes = snapshot.sessions, list(snapshot.index.codes)
        offered = sessions.offers.mask(len(snapshot.visit_types.ids))
        offered |= sessions.offers.is_empty[:, None]
        asked = snapshot.visit_types.codes.mask(len(codes))
        has = snapshot.roles.codes.mask(len(codes))
        answered = meets(asked, covers_table(codes, codes).T)
        practised = meets(answered, has) | snapshot.visit_types.codes.is_empty[:, None]
        offered &= practised.T[sessions.role]
        return offered
