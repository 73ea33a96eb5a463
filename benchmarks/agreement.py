"""Methods against each other: who proves something must not be contradicted by anybody."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from benchmarks.trial import Trial


class DisagreementError(AssertionError):
    """Two methods cannot both be right, or a plan breaks a rule."""


def contradictions(trials: Sequence[Trial]) -> list[str]:
    """Everything that cannot be: broken rules, two optima, plans below them, bounds above them."""
    found = [f"{trial.method}: {fault}" for trial in trials for fault in trial.faults]
    proven = [trial for trial in trials if trial.status == "optimal" and not trial.faults]
    for best in proven[:1]:
        for other in trials:
            found += _against(best, other)
    return found


def _against(best: Trial, other: Trial) -> Iterator[str]:
    """What in one trial contradicts a proof."""
    if best.values is None:
        return
    if other.status == "optimal" and other.values != best.values:
        yield f"{other.method} proves {other.values}, {best.method} {best.values}"
        return
    if other.values is not None and other.values < best.values:
        yield f"{other.method} reaches {other.values}, {best.method} proves {best.values}"
    for level, (bound, optimum) in enumerate(zip(other.bounds, best.values, strict=True)):
        if bound is not None and bound > optimum:
            yield (
                f"{other.method} bounds level {level} by {bound}, {best.method} reaches {optimum}"
            )
        reached = bound if other.values is None else other.values[level]
        if reached != optimum:
            return  # bounds below speak of plans as good as its own, and no others


def best_known(trials: Sequence[Trial]) -> Trial | None:
    """The trial with the best plan, one that proves it if there is one."""
    plans = [trial for trial in trials if trial.values is not None and not trial.faults]
    return min(plans, key=lambda row: (row.values or (), row.status != "optimal"), default=None)
