"""Doctor and patient understand each other."""

from __future__ import annotations

from collections.abc import Hashable
from typing import ClassVar

import numpy as np
from numpy.typing import ArrayLike

from engine.arrays import NONE, Bool, distinct, meets
from engine.rules import Grain, rule
from engine.snapshot import Snapshot


@rule
class Language:
    """Doctor and patient share a language.

    Formula: the patient's languages and the doctor's have one in common, or either list is
    empty (nothing is known); and the language wished for, if any, is among the doctor's
    (an unknown list does not do then). A service speaks whatever is asked.

    Units: none; BCP 47 tags, compared as written. Source: Plan-Net,
    Practitioner.communication.
    """

    name: ClassVar[str] = "language"
    grain: ClassVar[Grain] = "role"

    def admits(self, snapshot: Snapshot, request: ArrayLike, other: ArrayLike) -> Bool:
        """Whether each role's doctor (``other``) speaks with each request's patient."""
        width = len(snapshot.index.languages)
        doctor, who = distinct(snapshot.roles.doctor[np.asarray(other)])
        spoken = snapshot.doctors.languages.take(doctor)
        speaks = spoken.mask(width)
        patient, place = distinct(snapshot.requests.patient[np.asarray(request)])
        languages = snapshot.patients.languages.take(patient)
        unknown = languages.is_empty[:, None] | spoken.is_empty
        share = meets(languages.mask(width), speaks) | unknown
        wish = snapshot.wishes.language[np.asarray(request)]
        fulfils = np.append(speaks, np.ones((len(speaks), 1), np.bool_), axis=1)
        understood = share[place, who]
        wished = fulfils[who, np.where(wish == NONE, width, wish)]
        return snapshot.doctors.is_service[doctor][who] | (understood & wished)

    def key(self, snapshot: Snapshot, request: int) -> Hashable:
        """The patient's languages, and the one wished for."""
        words, wish = list(snapshot.index.languages), int(snapshot.wishes.language[request])
        spoken = snapshot.patients.languages.row(int(snapshot.requests.patient[request]))
        wished = None if wish == NONE else words[wish]
        return frozenset(words[word] for word in spoken.tolist()), wished
