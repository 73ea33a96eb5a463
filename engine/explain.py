"""Explain: why a request has no candidate at all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

import numpy as np

from engine.arrays import Int
from engine.eligible import Sieve
from engine.policy import Policy
from engine.snapshot import Snapshot


class Stages:
    """Who has offers left after every rule and stage of a sieve; it is told by the sieve.

    Rules are applied one after the other, in the order of ``ELIGIBILITY``, coarse grain
    first; another order may name another rule. Beside the rules there are ``no_session``
    (no eligible role has sessions) and ``taken`` (no long enough run of free cells).
    """

    def __init__(self) -> None:
        self.left: dict[str, Counter[int]] = {}

    def __call__(self, stage: str, survivors: Int) -> None:
        """Count those who are left after a stage; a request that is named twice counts twice."""
        who, count = np.unique(survivors, return_counts=True)
        some = self.left.setdefault(stage, Counter())
        some.update(dict(zip(who.tolist(), count.tolist(), strict=True)))

    def last(self, request: int) -> str:
        """The stage that took the last of a request's offers away."""
        return next(stage for stage, survivors in self.left.items() if not survivors[request])

    def counts(self, request: int) -> Mapping[str, int]:
        """How much every stage leaves a request, in order: roles, then roles in their sessions,
        then places.
        """
        return {stage: survivors[request] for stage, survivors in self.left.items()}


def ruled_out_by(snapshot: Snapshot, policy: Policy, requests: Int) -> dict[int, str]:
    """Name, for requests without a candidate, the rule that took the last one away.

    Parameters
    ----------
    requests
        int64 indices, ascending: requests that have no candidate.
    """
    stages = Stages()
    sieve = Sieve(snapshot, policy, stages)
    for chunk in sieve.chunks(requests):
        for _ in sieve.offers(sieve.pairs(chunk)):
            pass
    return {request: stages.last(request) for request in requests.tolist()}
