"""What a find is asked for, and what it answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from engine.where import Where

NoPlace = Literal["no_candidate", "crowded_out"]
"""Why there is no place: nothing the request could take at all; or what is booked leaves no
room where it could go.
"""

GroupBy = Literal["day", "doctor"]
"""By what places are grouped: the local day at the place, or the doctor or service."""


@dataclass(frozen=True, slots=True)
class Grouping:
    """Places in groups, instead of the best of all.

    Parameters
    ----------
    by
        Days come in their order, those without a place left out; doctors by their best place.
    groups
        Groups at most.
    per_group
        Places of each at most, its best.
    """

    by: GroupBy
    groups: int = 7
    per_group: int = 3

    def __post_init__(self) -> None:
        if self.groups < 1 or self.per_group < 1:
            raise ValueError(f"{self.groups} groups of {self.per_group} places: below 1")


@dataclass(frozen=True, slots=True)
class Extras:
    """What an answer holds beside the best places.

    Parameters
    ----------
    grouping
        ``None``: no groups, but the best of all.
    next_available
        Whether it names the earliest place whatever the request's ``latest`` is; ``None``: where
        there is no other.
    counts
        Whether it says what every rule leaves; ``None``: where there are fewer places, or groups,
        than asked for.
    """

    grouping: Grouping | None = None
    next_available: bool | None = None
    counts: bool | None = None

    def wants_next(self, *, is_empty: bool) -> bool:
        """Whether the earliest place is looked for, where there is no other or not."""
        return is_empty if self.next_available is None else self.next_available

    def wants_counts(self, *, is_short: bool) -> bool:
        """Whether it is counted, where there is less than asked for or not."""
        return is_short if self.counts is None else self.counts


@dataclass(frozen=True, slots=True)
class FoundPlace:
    """A place that a request could take, and what it costs.

    Parameters
    ----------
    rank
        From 1; no two places of an answer share one.
    where
        The place.
    values
        What it adds to every level of the policy, in the level's unit.
    contributions
        What it adds to every objective, in the objective's unit.
    """

    rank: int
    where: Where
    values: Mapping[str, int]
    contributions: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Group:
    """The best places of a day, or of a doctor.

    Parameters
    ----------
    day, doctor_id, service_id
        Which: one of the three.
    places
        The best first; their ranks are those among all places of the answer.
    """

    day: date | None
    doctor_id: str | None
    service_id: str | None
    places: tuple[FoundPlace, ...]

    @classmethod
    def of(cls, by: GroupBy, places: Sequence[FoundPlace]) -> Group:
        """Of places that have it in common."""
        where = places[0].where
        if by == "day":
            return cls(where.start.date(), None, None, tuple(places))
        return cls(None, where.doctor_id, where.service_id, tuple(places))


@dataclass(frozen=True, slots=True)
class Found:
    """The best places for one request.

    Parameters
    ----------
    request_id
        What was asked about.
    places
        The best first, as many as were asked for and there are; of groups, all that they hold.
    considered
        Candidates that every rule admits.
    reason
        Why there is none; ``None`` where there are places.
    ruled_out_by
        The rule that took the last candidate away, where there is no candidate.
    held
        Where the request is already; the places are others then.
    linked_with
        Requests that it goes with and that are open too: they took no part, and a match may
        have to place it elsewhere, or not at all.
    units
        Unit of every level and objective.
    dataset_hash, policy_hash
        What the answer rests on.
    groups
        The same places by day or by doctor, where that was asked for.
    next_available
        The earliest place whatever the window's end and the price, where that was looked for and
        there is one.
    counts
        What every rule leaves, one after the other, where that was counted: roles, then roles in
        their sessions, then places.
    """

    request_id: str
    places: tuple[FoundPlace, ...]
    considered: int
    reason: NoPlace | None
    ruled_out_by: str | None
    held: Where | None
    linked_with: tuple[str, ...]
    units: Mapping[str, str]
    dataset_hash: str
    policy_hash: str
    groups: tuple[Group, ...] | None = None
    next_available: Where | None = None
    counts: Mapping[str, int] | None = None

    @property
    def is_linked(self) -> bool:
        """Whether open requests go with it: a match is due."""
        return bool(self.linked_with)
