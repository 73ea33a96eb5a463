"""The role practises what the request asks for."""

from __future__ import annotations

from collections.abc import Hashable
from typing import ClassVar

import numpy as np
from numpy.typing import ArrayLike

from engine.arrays import NONE, Bool, distinct
from engine.rules import Grain, rule
from engine.snapshot import Snapshot
from engine.specialties import covers_table


@rule
class Specialty:
    """A patient is seen by somebody who practises the specialty asked for.

    A role admits a request if one of its codes is the request's code or lies below it:
    who asks for internal medicine may see a cardiologist; who asks for cardiology may not
    see a general internist.

    Formula: ``∃ c ∈ codes(role): stem(c) begins with stem(code(request))``. The stem of a
    NUCC taxonomy code is its first two characters (grouping), four (classification, also
    written with ``00000X`` behind) or all ten (specialisation). Any other code is its own
    stem and must be equal. A request without a code is admitted.

    Units: none. Source: the structure of the NUCC Health Care Provider Taxonomy.
    """

    name: ClassVar[str] = "specialty"
    grain: ClassVar[Grain] = "role"

    def admits(self, snapshot: Snapshot, request: ArrayLike, other: ArrayLike) -> Bool:
        """Whether each role (``other``) practises what each request asks for."""
        codes = list(snapshot.index.codes)
        asked, place = distinct(snapshot.requests.code[np.asarray(request)] + 1)  # 0: without
        covers = np.ones((len(asked), len(codes)), np.bool_)
        some = asked > 0
        if some.any():
            covers[some] = covers_table([codes[code - 1] for code in asked[some].tolist()], codes)
        serves = snapshot.roles.codes.touch(covers) | ~some[:, None]
        return serves[place, np.asarray(other)]

    def key(self, snapshot: Snapshot, request: int) -> Hashable:
        """The code asked for."""
        code = int(snapshot.requests.code[request])
        return None if code == NONE else list(snapshot.index.codes)[code]
