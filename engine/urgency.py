"""Urgency classes and the standards they set: by when a request should be seen."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated

import numpy as np
from pydantic import Field

from engine.arrays import Int
from engine.parameters import check_parameters
from engine.snapshot import Snapshot
from engine.time_grid import working_day_ends

MINUTES_PER_HOUR = 60

_CALIFORNIA = "California's timely access standards"

BASIS_OF_DEFAULTS = {
    "emergent": "assumed: a day; no published standard for visits this urgent",
    "urgent": f"cited: {_CALIFORNIA}, urgent care within 48 hours",
    "soon": f"cited: {_CALIFORNIA}, primary care within 10 working days",
    "routine": f"cited: {_CALIFORNIA}, specialists within 15 working days",
}
"""What the default standard of every class rests on."""

_NEVER = 1 << 40


@dataclass(frozen=True, slots=True)
class Standard:
    """Time within which a request should be seen: hours, or working days.

    Parameters
    ----------
    hours
        Elapsed hours.
    working_days
        Until the end of the n-th working day after the local date; weekends and
        holidays do not count.
    """

    hours: Annotated[int | None, Field(strict=True, ge=0, le=87_600)] = None
    working_days: Annotated[int | None, Field(strict=True, ge=1, le=1_000)] = None

    def __post_init__(self) -> None:
        if (self.hours is None) == (self.working_days is None):
            raise ValueError("a standard is given in hours or in working_days, not both")
        check_parameters(self)


@dataclass(frozen=True, slots=True)
class Urgencies:
    """Urgency classes, the most urgent first.

    Parameters
    ----------
    standards
        Standard of every class, in order.
    by_visit_type
        Other standards for a type of visit: type, class, standard.
    """

    standards: Mapping[str, Standard] = field(
        default_factory=lambda: {
            "emergent": Standard(hours=24),
            "urgent": Standard(hours=48),
            "soon": Standard(working_days=10),
            "routine": Standard(working_days=15),
        }
    )
    by_visit_type: Mapping[str, Mapping[str, Standard]] = field(default_factory=dict)

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the classes, the most urgent first."""
        return tuple(self.standards)

    def rank(self, snapshot: Snapshot) -> Int:
        """Rank of every urgency word of the snapshot, 0 the most urgent; int64."""
        words = snapshot.index.urgencies
        return np.array([self.names.index(word) for word in words], np.int64)

    def due(self, snapshot: Snapshot, asked: Int) -> Int:
        """When requests are due, on each clock.

        Parameters
        ----------
        asked
            int64, shape (N,): indices of requests.

        Returns
        -------
        int64, shape (N, Z)
            Minutes. ``see_by`` where the request states it; else counted from the later
            of ``created`` and ``earliest``.
        """
        requests, grid = snapshot.requests, snapshot.grid
        due = np.empty((len(asked), len(grid.zones)), np.int64)
        width = len(snapshot.visit_types.ids)
        kind = requests.urgency[asked] * width + requests.visit_type[asked]
        names: dict[Standard, list[int]] = defaultdict(list)
        for name in np.flatnonzero(np.bincount(kind)).tolist():
            names[self._standard(snapshot, *divmod(name, width))].append(name)
        for standard, alike in names.items():
            rows = np.isin(kind, alike)
            due[rows] = _due(snapshot, requests.ready[asked[rows]], standard)
        see_by = requests.see_by[asked][:, None]
        return np.where(see_by < _NEVER, see_by, due)

    def _standard(self, snapshot: Snapshot, urgency: int, visit_type: int) -> Standard:
        name = list(snapshot.index.urgencies)[urgency]
        own = self.by_visit_type.get(snapshot.visit_types.ids[visit_type], {})
        return own.get(name, self.standards[name])


def _due(snapshot: Snapshot, ready: Int, standard: Standard) -> Int:
    """Due minutes, shape (len(ready), Z)."""
    grid = snapshot.grid
    if standard.hours is not None:
        return np.repeat((ready + standard.hours * MINUTES_PER_HOUR)[:, None], len(grid.zones), 1)
    columns = []
    for zone in range(len(grid.zones)):
        last = working_day_ends(
            grid.day(zone, ready), standard.working_days or 0, snapshot.holidays
        )
        columns.append(grid.midnights(last + 1, zone))
    return np.stack(columns, axis=1)
