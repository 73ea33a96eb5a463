"""What can happen to places that people were told of.

An event names things by their ids in the dataset as it was before. Intervals are half-open
``[start, end)``. What an event means for the dataset is said in ``engine.events.applying``.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field as Choice

from engine.domain.fields import Id, Instant
from engine.domain.record import record


@record
class DoctorAbsent:
    """A doctor (or a service) is not there for a while, wherever it would have been."""

    kind: Literal["doctor_absent"] = "doctor_absent"
    """What happened."""
    doctor_id: Id
    """A doctor or a service."""
    start: Instant
    """First minute away."""
    end: Instant
    """First minute back."""


@record
class SessionClosed:
    """A session does not take place."""

    kind: Literal["session_closed"] = "session_closed"
    """What happened."""
    session_id: Id
    """Which."""


@record
class SessionShortened:
    """Of a session, only a part takes place."""

    kind: Literal["session_shortened"] = "session_shortened"
    """What happened."""
    session_id: Id
    """Which."""
    start: Instant
    """First minute that remains."""
    end: Instant
    """First minute after what remains."""


@record
class LocationClosed:
    """A place is closed for a while, for everybody."""

    kind: Literal["location_closed"] = "location_closed"
    """What happened."""
    location_id: Id
    """Which."""
    start: Instant
    """First minute closed."""
    end: Instant
    """First minute open again."""


@record
class TakenElsewhere:
    """An interval is taken in a calendar that is not ours: one seat of it is gone."""

    kind: Literal["taken_elsewhere"] = "taken_elsewhere"
    """What happened."""
    role_id: Id | None = None
    """In which role; exactly one of role and doctor."""
    doctor_id: Id | None = None
    """Of which doctor or service, in whatever role; exactly one of role and doctor."""
    start: Instant
    """First minute taken."""
    end: Instant
    """First minute free again."""


@record
class PlanLeavesNetwork:
    """An insurance plan no longer pays the doctors of a network."""

    kind: Literal["plan_leaves_network"] = "plan_leaves_network"
    """What happened."""
    insurance_plan_id: Id
    """Which insurance plan."""
    network: Id
    """Which network."""


@record
class VisitTypeDropped:
    """A role, or a doctor in every role, no longer offers a type of visit."""

    kind: Literal["visit_type_dropped"] = "visit_type_dropped"
    """What happened."""
    visit_type_id: Id
    """Which type of visit."""
    role_id: Id | None = None
    """In which role; exactly one of role and doctor."""
    doctor_id: Id | None = None
    """Of which doctor or service, in every role; exactly one of role and doctor."""


@record
class VisitRunsLonger:
    """A visit ends later than the patient was told."""

    kind: Literal["visit_runs_longer"] = "visit_runs_longer"
    """What happened."""
    appointment_id: Id
    """Which appointment, or block."""
    end: Instant
    """When it ends now."""


@record
class DoubleBookings:
    """All double bookings that the dataset holds are to be mended, not only new ones."""

    kind: Literal["double_bookings"] = "double_bookings"
    """What happened."""


OneDisruption = (
    DoctorAbsent
    | SessionClosed
    | SessionShortened
    | LocationClosed
    | TakenElsewhere
    | PlanLeavesNetwork
    | VisitTypeDropped
    | VisitRunsLonger
    | DoubleBookings
)

Disruption = Annotated[OneDisruption, Choice(discriminator="kind")]
"""Something that happened; in JSON an object that says by its ``kind`` what."""

DISRUPTIONS: dict[str, type[OneDisruption]] = {
    "doctor_absent": DoctorAbsent,
    "session_closed": SessionClosed,
    "session_shortened": SessionShortened,
    "location_closed": LocationClosed,
    "taken_elsewhere": TakenElsewhere,
    "plan_leaves_network": PlanLeavesNetwork,
    "visit_type_dropped": VisitTypeDropped,
    "visit_runs_longer": VisitRunsLonger,
    "double_bookings": DoubleBookings,
}
"""Record type of every kind."""
