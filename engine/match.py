"""Match: place the open requests of a dataset, with proof."""

from __future__ import annotations

import time
from concurrent.futures import Executor
from dataclasses import replace

import numpy as np

from engine.arrays import Int
from engine.domain import Dataset
from engine.errors import VerificationError
from engine.explain import ruled_out_by
from engine.interchange.canonical import dataset_hash, policy_hash
from engine.plan import CROWDED_OUT, LINKED, NO_CANDIDATE, PLACED, UNPLACED, Plan
from engine.policy import Policy
from engine.result import Result
from engine.snapshot import Snapshot, take_snapshot
from engine.solve.certificate import certify
from engine.solve.limits import Cancel, Limits
from engine.solve.problem import Problem
from engine.solve.progress import OnProgress
from engine.solve.solved import Solved
from engine.solve.solver import solve
from engine.verify.judge import Verdict, verify


def match(
    dataset: Dataset,
    policy: Policy | None = None,
    limits: Limits | None = None,
    *,
    executor: Executor | None = None,
    at_a_time: int | None = None,
    cancel: Cancel | None = None,
    on_progress: OnProgress | None = None,
) -> Result:
    """Place every open request as well as can be, and say how well that is.

    No appointment moves; unexpired holds stay. The plan is judged by rules written a second
    time before it is returned.

    Parameters
    ----------
    dataset
        Without errors by ``engine.checks.check_dataset``.
    policy, limits
        Defaults where not given.
    executor
        Where components are solved; threads of this process by default. With deterministic
        limits the plan is the same, to the byte, wherever that is.
    at_a_time
        How many components the executor solves side by side; by default as many as there are
        workers.
    cancel, on_progress
        Asks to stop early, with the best plan so far; hears of progress.

    Raises
    ------
    DatasetError
        The dataset was not checked, and refers to what is not there.
    PolicyError
        A request has an urgency that the policy does not know.
    VerificationError
        The judges found the plan or its values wrong: a fault of the engine.
    BrokenExecutor
        Workers of the executor died.
    """
    began = time.monotonic()
    policy, limits = policy or Policy.default(), limits or Limits()
    policy.require_urgencies(dataset)
    snapshot = take_snapshot(dataset)
    problem = Problem(snapshot, policy, workers=limits.workers)
    left = replace(limits, seconds=max(0.0, limits.seconds - (time.monotonic() - began)))
    solved = solve(
        problem,
        left,
        executor=executor,
        at_a_time=at_a_time,
        cancel=cancel,
        on_progress=on_progress,
    )
    plan = _plan(snapshot, problem, solved)
    verdict = verify(snapshot, policy, plan)
    _require_agreement(solved, verdict)
    straws = ruled_out_by(snapshot, policy, np.flatnonzero(plan.reason == NO_CANDIDATE))
    certificate = certify(
        snapshot,
        policy,
        problem,
        solved,
        limits,
        policy_hash=policy_hash(policy),
        dataset_hash=dataset_hash(dataset),
        seconds=time.monotonic() - began,
    )
    return Result(snapshot, policy, plan, certificate, verdict.prior, verdict.contributions, straws)


def _plan(snapshot: Snapshot, problem: Problem, solved: Solved) -> Plan:
    """The plan in which the candidates taken are chosen, with the reason of the unplaced."""
    plan, taken = Plan.empty(snapshot), solved.taken
    placed = taken.request
    plan.state[placed] = PLACED
    plan.role[placed], plan.session[placed] = taken.role, taken.session
    plan.start[placed], plan.end[placed] = taken.start, taken.end
    left = np.flatnonzero(plan.state == UNPLACED)
    has_candidate = problem.requests_with_candidates
    plan.reason[left] = np.where(has_candidate[left], CROWDED_OUT, NO_CANDIDATE)
    bound = _bound_to(snapshot, np.flatnonzero(plan.reason == NO_CANDIDATE))
    plan.reason[bound[plan.reason[bound] == CROWDED_OUT]] = LINKED
    return plan


def _bound_to(snapshot: Snapshot, requests: Int) -> Int:
    """Requests that go, all or none, with some of the given ones."""
    links = snapshot.links
    place, member = links.members.expand(np.flatnonzero(links.all_or_none))
    return member[np.isin(place, place[np.isin(member, requests)])]


def _require_agreement(solved: Solved, verdict: Verdict) -> None:
    """Raise unless the judges accept the plan and count the same values."""
    if verdict.violations:
        first = verdict.violations[0]
        raise VerificationError(
            f"{len(verdict.violations)} violations, the first of {first.rule} at {first.where}"
        )
    if solved.values.tolist() != verdict.values.tolist():
        raise VerificationError(
            f"the solver counts {solved.values.tolist()}, the judges {verdict.values.tolist()}"
        )
