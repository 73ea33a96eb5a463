"""What a scenario changes: a booking world, and the rules that hold in it."""

from __future__ import annotations

from dataclasses import dataclass

from engine.domain import Dataset
from engine.policy import Policy


@dataclass(frozen=True, slots=True)
class Situation:
    """A booking world and its rules.

    Parameters
    ----------
    dataset
        Without errors by ``engine.checks.check_dataset``.
    policy
        It has every urgency class that the dataset uses.
    """

    dataset: Dataset
    policy: Policy
