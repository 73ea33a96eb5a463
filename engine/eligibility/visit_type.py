"""The session offers the type of visit."""

from __future__ import annotations

from collections.abc import Hashable
from typing import ClassVar

import numpy as np
from numpy.typing import ArrayLike

from engine.arrays import Bool, Int, Ragged, distinct, meets
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
        sessions = snapshot.sessions
        asked, session = np.broadcast_arrays(
            snapshot.requests.visit_type[np.asarray(request)], np.asarray(other)
        )
        visit_type, place = distinct(asked)
        practised = self._practised(snapshot, visit_type)
        admitted: Bool = practised[place, sessions.role[session]]
        choosy = sessions.offers.offset[session] < sessions.offers.offset[session + 1]
        choosy &= admitted
        admitted[choosy] = sessions.offers.holds(session[choosy], asked[choosy])
        return admitted

    def offered(self, snapshot: Snapshot) -> Bool:
        """Whether each session offers each type of visit; bool, shape (S, V)."""
        sessions, visit_types = snapshot.sessions, np.arange(len(snapshot.visit_types.ids))
        offered = sessions.offers.mask(len(visit_types)) | sessions.offers.is_empty[:, None]
        offered &= self._practised(snapshot, visit_types).T[sessions.role]
        return offered

    @staticmethod
    def _practised(snapshot: Snapshot, visit_type: Int) -> Bool:
        """Whether each role practises some types of visit; bool, shape (N, Q)."""
        types, codes = snapshot.visit_types.codes.take(visit_type), list(snapshot.index.codes)
        needed, place = np.unique(types.value, return_inverse=True)
        answered = np.zeros((len(visit_type), len(codes)), np.bool_)
        if len(needed):
            covers = covers_table([codes[code] for code in needed.tolist()], codes)
            answered |= meets(Ragged(types.offset, place).mask(len(needed)), covers.T)
        return snapshot.roles.codes.touch(answered) | types.is_empty[:, None]

    def key(self, snapshot: Snapshot, request: int) -> Hashable:
        """The type of visit."""
        return int(snapshot.requests.visit_type[request])
