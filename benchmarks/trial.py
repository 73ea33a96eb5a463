"""One method on one instance: solved apart, measured, then judged by the engine's judges."""

from __future__ import annotations

import pickle
import time
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

from benchmarks.apart import Bounds, DiedError, Say, apart, peak_mib
from benchmarks.instances import Instance, array_hash, frozen_hashes
from benchmarks.pairs import (
    OtherRulesError,
    Pairs,
    TooManyPairsError,
    list_pairs,
    plan_of,
    require_cells_alone,
)
from benchmarks.peers import BY_NAME
from benchmarks.peers.ours import NAME, ours
from benchmarks.peers.peer import Answer, PeerLimits
from engine.policy import Policy
from engine.snapshot import Snapshot
from engine.verify.judge import verify

GRACE_SECONDS = 15.0
"""After its time a method that has not stopped is killed."""

SHORT_SECONDS, AGAIN = 2.0, 5
"""A method that takes no longer is asked so often again, and the median counts: what a process
does once, such as to load libraries, is not the method's."""

_MAKING_SECONDS = 3_600.0
_JUDGING_SECONDS = 600.0
_WORLD, _PAIRS = "world.pickle", "pairs.npz"


@dataclass(frozen=True, slots=True)
class Prepared:
    """An instance, made and stored.

    Parameters
    ----------
    name, arrays
        Of the instance, and the hash of its arrays.
    requests
        How many there are.
    pairs, cells
        Of the problem that the peers are given; 0 without one.
    is_single
        Whether every visit takes one cell.
    refusal
        Why there are no pairs; "": there are.
    levels, units
        Of the policy.
    pairs_seconds
        From the arrays to the pairs; that no other rule binds them is checked besides.
    """

    name: str
    arrays: str
    requests: int
    pairs: int
    cells: int
    is_single: bool
    refusal: str
    levels: tuple[str, ...]
    units: tuple[str, ...]
    pairs_seconds: float


@dataclass(frozen=True, slots=True)
class Trial:
    """What came of one method.

    Parameters
    ----------
    method
        Its name.
    status
        What it claims ("optimal", "feasible", "unknown"), "not for this", or how it died.
    values, bounds
        By level, as the method says; ``None`` where it says nothing.
    seconds
        Of the method alone; where it is short, the median of several runs after the first.
    peak_mib, before_mib
        Most memory its process held; and before the method began, with what it was given.
    faults
        What the judges say against it.
    """

    method: str
    status: str
    values: tuple[int, ...] | None
    bounds: tuple[int | None, ...]
    seconds: float | None
    peak_mib: float | None
    before_mib: float | None
    faults: tuple[str, ...] = ()

    @classmethod
    def without(cls, method: str, why: str, num_levels: int) -> Trial:
        """Nothing came of it."""
        return cls(method, why, None, (None,) * num_levels, None, None, None)


def prepare(name: str, folder: Path, most_pairs: int) -> Prepared:
    """Make an instance in a process of its own, and store it in ``folder``.

    Raises
    ------
    DiedError
        It cannot be made, or is not the one that is kept.
    """
    with apart(_prepare, name, folder, most_pairs) as process:
        prepared: Prepared = process.hear(_MAKING_SECONDS)
        return prepared


def _prepare(say: Say, name: str, folder: Path, most_pairs: int) -> None:
    instance = Instance.named(name)
    dataset, snapshot, policy = instance.dataset, instance.snapshot, instance.policy
    arrays = array_hash(snapshot)
    kept = frozen_hashes().get(name, arrays)
    if kept != arrays:
        raise ValueError(f"{name} has the hash {arrays}, and {kept} is kept: another world")
    with (folder / _WORLD).open("wb") as file:
        pickle.dump((snapshot, policy), file)
    pairs, refusal, seconds = None, "", 0.0
    try:
        began = time.perf_counter()
        pairs = list_pairs(dataset, snapshot, policy, most_pairs)
        seconds = time.perf_counter() - began
        require_cells_alone(snapshot, policy, pairs)
        pairs.save(folder / _PAIRS)
    except (TooManyPairsError, OtherRulesError) as error:
        pairs, refusal = None, str(error)
    prepared = Prepared(
        name=instance.name,
        arrays=arrays,
        requests=snapshot.num_requests,
        pairs=0 if pairs is None else len(pairs),
        cells=0 if pairs is None else pairs.num_cells_in_all,
        is_single=instance.spec.visits == "single",
        refusal=refusal,
        levels=policy.levels,
        units=tuple(map(policy.unit, policy.levels)),
        pairs_seconds=seconds,
    )
    say(prepared)


def attempt(
    method: str, prepared: Prepared, folder: Path, limits: PeerLimits, bounds: Bounds
) -> Trial:
    """Run one method on a stored instance; whatever happens to it, there is a trial."""
    num_levels = len(prepared.levels)
    if method != NAME and prepared.refusal:
        return Trial.without(method, prepared.refusal, num_levels)
    if method != NAME and BY_NAME[method].is_single_only and not prepared.is_single:
        return Trial.without(method, "not for this", num_levels)
    with apart(_attempt, method, folder, limits, bounds=bounds) as process:
        try:
            process.hear(_MAKING_SECONDS)
            answer, before, peak = process.hear(limits.seconds + GRACE_SECONDS)
        except DiedError as error:
            return Trial.without(method, str(error), num_levels)
        try:
            faults = process.hear(_JUDGING_SECONDS)
        except DiedError as error:
            faults = (f"not judged: {error}",)
    status, values, all_bounds, seconds = answer
    return Trial(method, status, values, all_bounds, seconds, peak, before, faults)


def _attempt(say: Say, method: str, folder: Path, limits: PeerLimits) -> None:
    given = _given(method, folder)
    before = peak_mib()
    say("ready")
    answer = _solved(method, given, limits)
    peak = peak_mib()
    if answer.seconds <= SHORT_SECONDS:
        again = [_solved(method, _given(method, folder), limits).seconds for _ in range(AGAIN)]
        answer = replace(answer, seconds=median(again))
    say(((answer.status, answer.values, answer.bounds, answer.seconds), before, peak))
    snapshot, policy = _world(folder)
    say(judged(snapshot, policy, answer))


def _given(method: str, folder: Path) -> Any:
    """What a method begins with, read anew: nothing of an earlier run is in it."""
    return _world(folder) if method == NAME else Pairs.load(folder / _PAIRS)


def _solved(method: str, given: Any, limits: PeerLimits) -> Answer:
    return ours(*given, limits) if method == NAME else BY_NAME[method].solve(given, limits)


def judged(snapshot: Snapshot, policy: Policy, answer: Answer) -> tuple[str, ...]:
    """What the judges of the engine say against an answer."""
    if answer.taken is None:
        return ()
    request = answer.taken.request
    if len(np.unique(request)) < len(request):
        return ("a request has two places",)
    verdict = verify(snapshot, policy, plan_of(snapshot, answer.taken))
    counted = tuple(verdict.values.tolist())
    faults = [f"{fault.rule} is broken at {fault.where}" for fault in verdict.violations]
    if counted != answer.values:
        faults.append(f"it counts {answer.values}, the judges {counted}")
    return tuple(faults)


def _world(folder: Path) -> Any:
    """Snapshot and policy, stored by ``prepare``."""
    with (folder / _WORLD).open("rb") as file:
        return pickle.load(file)  # noqa: S301 written by this run
