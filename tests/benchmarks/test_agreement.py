"""Agreement: a contradiction between methods is found, and only that."""

from __future__ import annotations

from benchmarks.agreement import best_known, contradictions
from benchmarks.trial import Trial


def trial(
    method: str,
    values: tuple[int, ...] | None,
    bounds: tuple[int | None, ...] = (None, None),
    *faults: str,
) -> Trial:
    """What came of a method, at two levels."""
    status = "unknown" if values is None else "optimal" if values == bounds else "feasible"
    return Trial(method, status, values, bounds, 1.0, 100.0, 90.0, faults)


BEST = trial("best", (3, 50), (3, 50))


def test_those_who_agree_contradict_nothing() -> None:
    """Equal optima, worse plans, lower bounds, no answer at all."""
    assert contradictions([]) == []
    found = contradictions(
        [
            trial("worse", (4, 10), (2, 70)),
            BEST,
            trial("same", (3, 50), (3, 50)),
            trial("open", (3, 60), (3, 40)),
            trial("late", None, (3, None)),
            Trial.without("dead", "died of SIGSEGV", 2),
        ]
    )
    assert found == []


def test_two_optima_contradict_each_other() -> None:
    """Both cannot be proven."""
    (found,) = contradictions([BEST, trial("other", (3, 51), (3, 51))])
    assert found == "other proves (3, 51), best (3, 50)"


def test_a_plan_below_the_optimum_is_found() -> None:
    """Levels in strict order: fewer at the first one is better, whatever follows."""
    (found,) = contradictions([trial("other", (2, 99)), BEST])
    assert found == "other reaches (2, 99), best proves (3, 50)"


def test_a_bound_above_the_optimum_is_found() -> None:
    """Where the levels above agree: below a level that differs, bounds speak of other plans."""
    (found,) = contradictions([trial("other", (3, 60), (3, 51)), BEST])
    assert found == "other bounds level 1 by 51, best reaches 50"
    (found,) = contradictions([trial("other", None, (4, None)), BEST])
    assert found == "other bounds level 0 by 4, best reaches 3"
    assert contradictions([trial("other", (4, 60), (3, 51)), BEST]) == []


def test_what_the_judges_say_is_found() -> None:
    """A fault counts by itself, and a plan with a fault proves nothing."""
    bad = trial("bad", (0, 0), (0, 0), "slot_capacity is broken")
    assert contradictions([bad]) == ["bad: slot_capacity is broken"]
    found = contradictions([bad, BEST])
    assert "bad: slot_capacity is broken" in found
    assert "bad proves (0, 0), best (3, 50)" in found
    assert best_known([bad, BEST]) == BEST


def test_the_best_plan_is_the_first_in_strict_order() -> None:
    """Of equal plans the one that is proven; none without a plan."""
    same = trial("same", (3, 50), (3, None))
    assert best_known([same, BEST, trial("worse", (3, 51))]) == BEST
    assert best_known([trial("late", None)]) is None
