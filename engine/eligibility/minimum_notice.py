"""Enough lead time."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from engine.arrays import NONE, Bool, Int
from engine.candidates import Candidates
from engine.domain.fields import Minutes
from engine.parameters import assumed
from engine.rules import Grain, Suspicion, rule
from engine.snapshot import Snapshot


@rule
class MinimumNotice:
    """Nobody is told to come sooner than the doctor needs to know.

    Formula: ``start − as_of ≥ notice``, the role's own or ``minutes``. A day session is
    judged by its end: there is time to come until then.

    Units: minutes.
    """

    name: ClassVar[str] = "minimum_notice"
    grain: ClassVar[Grain] = "place"
    whoever: ClassVar[bool] = True

    minutes: Minutes = assumed(0, "a visit may begin at once unless the role says otherwise")

    def admits_places(self, snapshot: Snapshot, candidates: Candidates) -> Bool:
        """Whether each candidate leaves enough notice."""
        notice = self._notice(snapshot, candidates.role)
        moment = np.where(candidates.has_time, candidates.start, candidates.end)
        return moment - snapshot.as_of >= notice

    def suspects(self, snapshot: Snapshot) -> Suspicion:
        """Suspects sessions that begin before the notice is over."""
        sessions = snapshot.sessions
        told = snapshot.as_of + self._notice(snapshot, np.arange(snapshot.num_roles))
        return lambda _request, session: sessions.start[session] < told[sessions.role[session]]

    def _notice(self, snapshot: Snapshot, role: Int) -> Int:
        own = snapshot.roles.min_notice[role]
        return np.where(own == NONE, self.minutes, own)
