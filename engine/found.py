"""What a find answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from engine.where import Where

NoPlace = Literal["no_candidate", "crowded_out"]
"""Why there is no place: nothing the request could take at all; or what is booked leaves no
room where it could go.
"""


@dataclass(frozen=True, slots=True)
class FoundPlace:
    """A place that a request could take, and what it costs.

    Parameters
    ----------
    rank
        From 1; no two places share one.
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
class Found:
    """The best places for one request.

    Parameters
    ----------
    request_id
        What was asked about.
    places
        The best first, as many as were asked for and there are.
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

    @property
    def is_linked(self) -> bool:
        """Whether open requests go with it: a match is due."""
        return bool(self.linked_with)
