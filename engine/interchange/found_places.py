"""What a find answers, as plain values: the same for every face."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from engine.domain.fields import Day, Id, Instant
from engine.domain.record import record
from engine.found import Found, FoundPlace, Group
from engine.interchange.validation import adapter
from engine.where import Where


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
    """From 1, the best first, among all places of the answer."""
    levels: dict[str, int]
    """What it adds to every level of the policy, in the level's unit."""
    contributions: dict[str, int]
    """What it adds to every objective, in the objective's unit."""


@record
class GroupRow:
    """The best places of a day, or of a doctor."""

    day: Day | None = None
    """Which day, on the clock of the places; or"""
    doctor_id: Id | None = None
    """which doctor; or"""
    service_id: Id | None = None
    """which service, where no doctor is named."""
    places: tuple[PlaceRow, ...]
    """The best first."""


@record
class FoundDocument:
    """The best places for one request."""

    request_id: Id
    """The request."""
    places: tuple[PlaceRow, ...] | None = None
    """The best first; left out where groups were asked for."""
    groups: tuple[GroupRow, ...] | None = None
    """Days in their order, or doctors by their best place, where that was asked for."""
    considered: int
    """Candidates that every rule admits."""
    reason: str | None = None
    """Why there is no place: nothing it could take at all (no_candidate), or what is booked
    leaves no room where it could go (crowded_out).
    """
    ruled_out_by: Id | None = None
    """The rule that took the last candidate away."""
    next_available: WhereRow | None = None
    """The earliest place whatever the end of the window and the price, where it was looked for;
    none: there is none.
    """
    counts: dict[str, int] | None = None
    """What every rule and stage leaves, one after the other, where it was counted: roles, then
    roles in their sessions, then places.
    """
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
        places=_place_rows(found.places) if found.groups is None else None,
        groups=None if found.groups is None else tuple(_group_row(row) for row in found.groups),
        considered=found.considered,
        reason=found.reason,
        ruled_out_by=found.ruled_out_by,
        next_available=_where_row(found.next_available),
        counts=None if found.counts is None else dict(found.counts),
        held=_where_row(found.held),
        linked_with=found.linked_with,
        units=dict(found.units),
        dataset_hash=found.dataset_hash,
        policy_hash=found.policy_hash,
    )
    return adapter(FoundDocument).dump_python(row, mode="json", exclude_none=True)


def place_content(place: FoundPlace) -> dict[str, Any]:
    """One place as plain values."""
    return adapter(PlaceRow).dump_python(_place_row(place), mode="json", exclude_none=True)


def _where_row(where: Where | None) -> WhereRow | None:
    return None if where is None else WhereRow(**asdict(where))


def _group_row(group: Group) -> GroupRow:
    return GroupRow(
        day=group.day,
        doctor_id=group.doctor_id,
        service_id=group.service_id,
        places=_place_rows(group.places),
    )


def _place_rows(places: Iterable[FoundPlace]) -> tuple[PlaceRow, ...]:
    return tuple(_place_row(place) for place in places)


def _place_row(place: FoundPlace) -> PlaceRow:
    return PlaceRow(
        **asdict(place.where),
        rank=place.rank,
        levels=dict(place.values),
        contributions=dict(place.contributions),
    )
