"""A situation: what changes are applied to, and what a run begins with."""

from __future__ import annotations

from dataclasses import dataclass

from engine.domain import Dataset
from engine.policy import Policy


@dataclass(frozen=True, slots=True)
class Situation:
    """A dataset, and the policy by which it is planned.

    Parameters
    ----------
    dataset
        Without errors by ``engine.checks.check_dataset``.
    policy
        Which rules hold.
    """

    dataset: Dataset
    policy: Policy
