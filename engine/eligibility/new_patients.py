"""The role takes this patient on."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from numpy.typing import ArrayLike

from engine.arrays import NONE, Bool, distinct
from engine.rules import Grain, rule
from engine.snapshot import Snapshot
from engine.snapshot.supply import ACCEPTS_NEW

_ALL, _EXISTING, _FAMILY, _NOBODY = range(len(ACCEPTS_NEW))


@rule
class NewPatients:
    """A doctor who takes no new patients sees those he knows, and perhaps their families.

    Formula: ``accepts_new`` is "all"; or "existing" or "family" and the patient is
    established with the role's doctor or group; or "family" and a member of the patient's
    family is. "none" admits nobody.

    Units: none. Source: Plan-Net, AcceptingPatients (newpt, existptonly, existptfam, nopt).
    """

    name: ClassVar[str] = "new_patients"
    grain: ClassVar[Grain] = "role"

    def admits(self, snapshot: Snapshot, request: ArrayLike, other: ArrayLike) -> Bool:
        """Whether each role (``other``) takes each request's patient on."""
        accepts = snapshot.roles.accepts_new[np.asarray(other)]
        known = snapshot.knows(request, other)
        family_known = known
        if (accepts == _FAMILY).any():
            family_known = self._family_known(snapshot, request, other)
        return np.select(
            [accepts == _ALL, accepts == _EXISTING, accepts == _FAMILY],
            [np.True_, known, known | family_known],
            np.False_,
        )

    @staticmethod
    def _family_known(snapshot: Snapshot, request: ArrayLike, other: ArrayLike) -> Bool:
        patients = np.asarray(snapshot.requests.patient[np.asarray(request)])
        if np.all(snapshot.patients.family[patients] == NONE):
            return np.zeros(np.broadcast_shapes(patients.shape, np.shape(other)), np.bool_)
        roles, which = distinct(np.asarray(other))
        family = snapshot.patients.family[snapshot.requests.patient[np.asarray(request)]]
        asked, place = distinct(family + 1)  # 0: without a family
        knows = np.zeros((len(asked), len(roles)), np.bool_)
        relatives = np.flatnonzero(np.isin(snapshot.patients.family + 1, asked[asked > 0]))
        for patient in relatives.tolist():
            row = np.searchsorted(asked, snapshot.patients.family[patient] + 1)
            knows[row] |= snapshot.patient_knows(patient, roles)
        known: Bool = knows[place, which]
        return known
