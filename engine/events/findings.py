"""What an event leaves behind: who is forced, who collides, and what was broken before."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from engine.domain import Dataset
from engine.problems import Problem
from engine.snapshot import Snapshot
from engine.verify.violation import Violation

Reason = Literal["no_session", "taken", "refused", "missing"]
"""Why a place cannot be kept: nobody is there any more; something else that stays needs it;
a rule between the request and the role or session refuses it now; it is no longer booked.
"""

ConflictKind = Literal["doctor", "room", "patient"]
"""What is not there twice: a doctor's seat, a room or device, a patient."""


@dataclass(frozen=True, slots=True)
class Forced:
    """An appointment that an event makes impossible.

    Parameters
    ----------
    appointment_id
        Which.
    reason
        Why: the first that applied.
    detail
        ``no_session``: id of the session that it lay in; ``taken``: id of the block or visit
        that needs the place; ``refused``: name of the rule; otherwise empty.
    event
        Index of the event that did it; ``None`` where two datasets were compared.
    """

    appointment_id: str
    reason: Reason
    detail: str = ""
    event: int | None = None


@dataclass(frozen=True, slots=True)
class Conflict:
    """A stretch of time in which more is promised than there is.

    Parameters
    ----------
    kind
        Of what there is not enough.
    of
        Id of the doctor, service or patient; of rooms and devices, their kind.
    location_id
        Where the room or device is; ``None`` otherwise.
    start, end
        From when until when, on the clock at the place.
    appointment_ids
        Who meets there, blocks and others that cannot be moved included.
    """

    kind: ConflictKind
    of: str
    location_id: str | None
    start: datetime
    end: datetime
    appointment_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Cluster:
    """Appointments that collide, one with the next, and are to be settled together.

    Parameters
    ----------
    appointment_ids
        Those that may move; in the order of the dataset.
    conflicts
        Where they collide, with each other or with what cannot be moved.
    """

    appointment_ids: tuple[str, ...]
    conflicts: tuple[Conflict, ...]


@dataclass(frozen=True, slots=True)
class Aftermath:
    """How things are after an event.

    Parameters
    ----------
    dataset
        The world afterwards. Appointments of the forced are still in it.
    forced
        Appointments that the event makes impossible, one record each, in the order of the
        dataset.
    clusters
        Appointments that collide and are to be settled; nobody in them is forced.
    prior
        What was broken before and stays broken whatever becomes of the forced and the contested.
    in_prior
        Ids of the appointments that take part in what is broken so, in the order of the dataset.
    stuck
        Those of the forced who are pinned: they may not move, and cannot stay. Without the
        pin they would be placed like everybody else.
    seats
        Appointments that were seats in a day session, without a told time, before the event.
    warnings
        What is odd about the events, as that one touches nothing.
    snapshot
        Of the dataset, if there is one already.
    """

    dataset: Dataset
    forced: tuple[Forced, ...]
    clusters: tuple[Cluster, ...]
    prior: tuple[Violation, ...]
    in_prior: tuple[str, ...] = ()
    stuck: tuple[Forced, ...] = ()
    seats: frozenset[str] = frozenset()
    warnings: tuple[Problem, ...] = ()
    snapshot: Snapshot | None = field(default=None, compare=False, repr=False)
