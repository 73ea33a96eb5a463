"""What a repair says of the events, declared once for every face."""

from __future__ import annotations

from engine.domain.fields import Id, Instant
from engine.domain.record import record
from engine.events.findings import ConflictKind, Reason


@record
class ForcedRow:
    """An appointment that an event makes impossible."""

    appointment_id: Id
    """Which."""
    request_id: Id
    """Whose."""
    patient_id: Id
    """Who."""
    reason: Reason
    """Why: nobody is there any more; something else that stays needs the place; a rule refuses
    it now; it is no longer booked.
    """
    detail: str = ""
    """The session that it lay in, the block or visit that needs the place, or the rule."""
    event: int | None = None
    """Which of the events did it, from 0; none where two datasets were compared."""


@record
class ConflictRow:
    """A stretch of time in which more is promised than there is."""

    kind: ConflictKind
    """Of what there is not enough."""
    of: str
    """Which doctor, service or patient; of rooms and devices, their kind."""
    location_id: Id | None = None
    """Where the room or device is."""
    start: Instant
    """From when, on the clock at the place."""
    end: Instant
    """Until when."""
    appointment_ids: tuple[Id, ...]
    """Who meets there, blocks and others that cannot be moved included."""


@record
class ClusterRow:
    """Appointments that collide, and are settled together."""

    appointment_ids: tuple[Id, ...]
    """Those that may move."""
    conflicts: tuple[ConflictRow, ...]
    """Where they collide."""


@record
class ViolationRow:
    """A rule that was broken before, and is not mended."""

    rule: str
    """Its name."""
    where: str
    """What it concerns."""
    request_ids: tuple[Id, ...] = ()
    """Requests involved."""
    excess: int = 1
    """By how much, in the rule's unit."""


@record
class AftermathRow:
    """How things are after the events."""

    forced: tuple[ForcedRow, ...]
    """Appointments that they make impossible."""
    stuck: tuple[ForcedRow, ...]
    """Those of the forced who are pinned: they may not move, and cannot stay."""
    clusters: tuple[ClusterRow, ...]
    """Appointments that collide, and are to be settled."""
    prior_violations: tuple[ViolationRow, ...]
    """What was broken before, and is left as it is."""
