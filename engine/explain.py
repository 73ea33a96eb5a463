"""Explain: why a request has no candidate at all."""

from __future__ import annotations

from collections import Counter

import numpy as np

from engine.arrays import Int
from engine.eligible import Sieve
from engine.policy import Policy
from engine.snapshot import Snapshot


def ruled_out_by(snapshot: Snapshot, policy: Policy, requests: Int) -> dict[int, str]:
    """Name, for requests without a candidate, the rule that took the last one away.

    Rules are applied one after the other, in the order of ``ELIGIBILITY``, coarse grain
    first; another order may name another rule. Beside the rules there are ``no_session``
    (no eligible role has sessions) and ``taken`` (no long enough run of free cells).

    Parameters
    ----------
    requests
        int64 indices, ascending: requests that have no candidate.
    """
    left: dict[str, Counter[int]] = {}

    def count(stage: str, survivors: Int) -> None:
        left.setdefault(stage, Counter()).update(np.unique(survivors).tolist())

    sieve = Sieve(snapshot, policy, count)
    for chunk in sieve.chunks(requests):
        for _ in sieve.offers(sieve.pairs(chunk)):
            pass
    return {
        request: next(stage for stage, survivors in left.items() if not survivors[request])
        for request in requests.tolist()
    }
