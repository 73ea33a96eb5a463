"""What a find answers, as plain values: the same for every face."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from engine.domain.fields import Id, Instant
from engine.domain.record import record
from engine.found import Found, FoundPlace
from engine.interchange.validation import adapter


@record
class WhereRow:
    """A place, in the words of a plan file's row."""

    doctor_id: Id | None = None
    """With which doctor."""
    service_id: Id | None = None
    """With which service, where no doctor is named."""
    role_id: Id
    """In which role."""
    location_id: Id | None = None
    """At which place; none: by video."""
    session_id: Id | None = None
    """In which session; none: an appointment outside every session."""
    start: Instant
    """The told start, on the clock of the place; of a day session, its own."""
    end: Instant
    """The told end; of a day session, its own."""


@record
class PlaceRow(WhereRow):
    """A place that a request could take, and what it costs."""

    rank: int
    """From 1, the best first."""
    levels: dict[str, int]
    """What it adds to every level of the policy, in the level's unit."""
    contributions: dict[str, int]
    """What it adds to every objective, in the objective's unit."""


@record
class FoundDocument:
    """The best places for one request."""

    request_id: Id
    """The request."""
    places: tuple[PlaceRow, ...]
    """The best first."""
    considered: int
    """Candidates that every rule admits."""
    reason: str | None = None
    """Why there is no place: nothing it could take at all (no_candidate), or what is booked
    leaves no room where it could go (crowded_out).
    """
    ruled_out_by: Id | None = None
    """The rule that took the last candidate away."""
    held: WhereRow | None = None
    """Where the request has its appointment; the places are others."""
    linked_with: tuple[Id, ...] = ()
    """Open requests that it goes with; they took no part, and a match is due."""
    units: dict[str, str]
    """Unit of every level and objective."""
    dataset_hash: Id
    """SHA-256 of the dataset."""
    policy_hash: Id
    """SHA-256 of the policy."""


def found_content(found: Found) -> dict[str, Any]:
    """The whole answer as plain values; absent fields are left out."""
    row = FoundDocument(
        request_id=found.request_id,
        places=tuple(_place_row(place) for place in found.places),
        considered=found.considered,
        reason=found.reason,
        ruled_out_by=found.ruled_out_by,
        held=None if found.held is None else WhereRow(**asdict(found.held)),
        linked_with=found.linked_with,
        units=dict(found.units),
        dataset_hash=found.dataset_hash,
        policy_hash=found.policy_hash,
    )
    return adapter(FoundDocument).dump_python(row, mode="json", exclude_none=True)


def place_content(place: FoundPlace) -> dict[str, Any]:
    """One place as plain values."""
    return adapter(PlaceRow).dump_python(_place_row(place), mode="json", exclude_none=True)


def _place_row(place: FoundPlace) -> PlaceRow:
    return PlaceRow(
        **asdict(place.where),
        rank=place.rank,
        levels=dict(place.values),
        contributions=dict(place.contributions),
    )
