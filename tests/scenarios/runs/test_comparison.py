"""Comparisons: means, differences seed by seed, and what acceptance tests say."""

from __future__ import annotations

from what_ifs import DRAWN, TWICE, what_if

from scenarios.runs.comparison import Comparison, compared
from scenarios.runs.content import scenario_content
from scenarios.runs.outcome import MeasuredRow, Outcome
from scenarios.runs.task import tasks_of

TEXT = f"{DRAWN}{TWICE}repetitions: 3\n"


def of_values(
    text: str, plain: list[float | None], changed: list[float | None]
) -> tuple[Comparison, ...]:
    """A comparison of match rates, seed by seed."""
    tasks = tasks_of(what_if(text))
    values = [value for pair in zip(plain, changed, strict=True) for value in pair]
    rows = zip(tasks, values, strict=True)
    return compared(
        tasks,
        {
            task.key: Outcome(
                key=task.key,
                rows=(
                    MeasuredRow(measure="match_rate", value=value, count=9, unit="share"),
                    MeasuredRow(
                        measure="match_rate", group="age=65+", value=1.0, count=1, unit="share"
                    ),
                ),
                proven=value != 0.9,
                stopped="proven",
                warnings=("something",),
            )
            for task, value in rows
        },
    )


def test_differences_are_taken_seed_by_seed() -> None:
    """Worlds differ by much, the changes by little: that little is told from chance."""
    (point,) = of_values(TEXT, [0.2, 0.5, 0.8], [0.3, 0.6, 0.9])
    line = point.lines[0]
    assert line.baseline is not None
    assert line.difference is not None
    assert (line.measure, line.group) == ("match_rate", None)
    assert (round(line.value.mean or 0, 9), round(line.baseline.mean or 0, 9)) == (0.6, 0.5)
    assert round(line.difference.mean or 0, 9) == 0.1
    assert line.difference.is_distinguishable
    assert not line.value.is_distinguishable
    assert (point.num_runs, point.num_unproven, point.warnings) == (3, 1, ("something",))
    assert [row.group for row in point.lines] == [None, "age=65+"]


def test_a_plan_to_compare_with_that_is_not_proven_counts_too() -> None:
    """One without the changes is open: it is not said that all is proven."""
    (point,) = of_values(TEXT, [0.2, 0.9, 0.8], [0.3, 0.6, 0.7])
    assert point.num_unproven == 1


def test_acceptance_is_of_the_mean_with_the_changes() -> None:
    """Just inside and just outside, either way; without a value it fails."""
    for bound, holds in (
        ("at_least: 0.5", True),
        ("at_least: 0.51", False),
        ("at_most: 0.5", True),
        ("at_most: 0.49", False),
    ):
        text = f"{TEXT}acceptance: [{{measure: match_rate, {bound}}}]\n"
        (point,) = of_values(text, [0.1, 0.1, 0.1], [0.25, 0.5, 0.75])
        assert point.holds is holds
    (point,) = of_values(
        f"{TEXT}acceptance: [{{measure: placed, at_most: 9}}]\n", [None] * 3, [None] * 3
    )
    assert not point.holds


def test_runs_that_are_missing_are_left_out() -> None:
    """Of nothing there is nothing to say."""
    scenario = what_if(TEXT)
    (point,) = compared(tasks_of(scenario), {})
    assert (point.num_runs, point.num_asked, point.lines, point.holds) == (0, 3, (), True)
    assert scenario_content(scenario, [point])["points"][0]["runs"] == 0


def test_a_mean_that_is_open_holds_no_upper_bound() -> None:
    """One run of two lies beyond the horizon of 10 days: the mean is more than 6, who knows by
    how much. That it is at most 9 is not shown, that it is at least 6 is.
    """
    text = f"{DRAWN}repetitions: 2\n"
    for bound, holds in (("at_most: 9", False), ("at_least: 6", True), ("at_least: 7", False)):
        test = f"acceptance: [{{measure: third_next_available, {bound}}}]\n"
        tasks = tasks_of(what_if(f"{text}{test}"))
        rows = (
            MeasuredRow(measure="third_next_available", value=2.0, count=3, unit="days"),
            MeasuredRow(
                measure="third_next_available", value=None, count=3, unit="days", more_than=10.0
            ),
        )
        outcomes = {
            task.key: Outcome(key=task.key, rows=(row,), proven=True, stopped="proven")
            for task, row in zip(tasks, rows, strict=True)
        }
        (point,) = compared(tasks, outcomes)
        assert point.verdicts[0].value.more_than == 6.0
        assert point.holds is holds
