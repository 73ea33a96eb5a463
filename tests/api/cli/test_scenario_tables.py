"""Tables of scenarios: titles, columns and numbers."""

from __future__ import annotations

from dataclasses import replace

import pytest

from api.cli import exit_codes, scenario_tables
from api.cli.scenarios import _exit_code
from scenarios.measures import Gap, Row
from scenarios.rolling import Estimate, NoShowFrom
from scenarios.runs.comparison import Comparison, Line, Verdict
from scenarios.runs.gap_lines import GapLine
from scenarios.scenario_file import Acceptance, Estimated, scenario_from
from scenarios.statistics import estimate, with_open

SCENARIO = scenario_from(
    b"schema: slotmatch.scenario/1\nname: more\ntitle: More\nbase: {example: small_clinic}\n", "f"
)
RATE = Line("match_rate", None, estimate([0.5, 0.75]), estimate([0.5, 0.5]), estimate([0, 0.25]))
POINT = Comparison({}, (RATE,), (), 2, 2, 0, ())


def printed(point: Comparison, capsys: pytest.CaptureFixture[str]) -> str:
    """What is said of one point."""
    scenario_tables.print_scenario(SCENARIO, [point], with_groups=False)
    return " ".join(capsys.readouterr().out.split())


def test_a_value_of_the_sweep_is_shown_as_the_file_has_it(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A whole change too: no Python."""
    change = {"kind": "policy_set", "rules": {"wait": {"enabled": False}}, "of": [1, 2.5, None]}
    text = printed(replace(POINT, values={"changes/0": change}), capsys)
    shown = "{kind: policy_set, rules: {wait: {enabled: false}}, of: [1, 2.5, null]}"
    assert f"More; changes/0 = {shown}".replace(" ", "") in text.replace(" ", "")


def test_without_changes_there_is_one_column(capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing is compared: neither a baseline nor a difference is left empty."""
    assert "without" in printed(POINT, capsys)
    line = Line("people_moved", None, estimate([3, 5]), None, None)
    text = printed(replace(POINT, lines=(line,)), capsys)
    assert "without" not in text
    assert "difference" not in text
    assert "people moved" in text


def test_no_zero_has_a_sign(capsys: pytest.CaptureFixture[str]) -> None:
    """A difference that rounds to nothing is neither more nor less."""
    line = replace(RATE, difference=estimate([-0.0001, -0.0001]))
    text = printed(replace(POINT, lines=(line,)), capsys)
    assert "+0.0" in text
    assert "-0.0" not in text


def test_a_point_without_runs_is_no_table(capsys: pytest.CaptureFixture[str]) -> None:
    """It was not begun: nothing is proven, and no test fails."""
    point = replace(POINT, values={"limits/seconds": 3}, lines=(), num_runs=0)
    assert printed(point, capsys) == "More; limits/seconds = 3: no run is done."


def test_a_point_without_runs_fails_no_acceptance_test() -> None:
    """Nothing is known of it: the exit code says that something is missing."""
    test = Acceptance(measure="match_rate", at_least=0.5)
    verdict = Verdict(test, estimate(()), holds=False)
    unknown = replace(POINT, lines=(), num_runs=0, verdicts=(verdict,))
    assert _exit_code([POINT, unknown], is_complete=False) == exit_codes.UNPROVEN
    assert _exit_code([replace(unknown, num_runs=1)], is_complete=False) == exit_codes.NOT_ACCEPTED


def test_how_many_runs_are_missing_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    """Two of five were done, and one plan of theirs is open; with all of them it is shorter."""
    text = printed(replace(POINT, num_asked=5, num_unproven=1), capsys)
    assert "2 of 5 runs, each with its own seed, 1 plan is not proven, with or without." in text
    assert "2 runs, each with its own seed, all proven." in printed(POINT, capsys)


def test_a_wide_gap_is_a_warning_with_groups_values_and_counts(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Of the widest repetition, with the mean of all; a gap that is not wide is not told."""
    best, worst = (
        Row.of("match_rate", f"insurance_plan={name}", value, 40)
        for name, value in (("blue", 0.9), ("red", 0.5))
    )
    gap = Gap("match_rate", best, worst, 0.1)
    size = estimate([0.4, 0.2])
    line = GapLine("match_rate", "insurance_plan", size, estimate([0.1, 0.1]), None, 0.1, gap, 2)
    text = printed(replace(POINT, gaps=(line,)), capsys)
    groups = "90.0 for blue (40), 50.0 for red (40): 40.0 apart, wide above 10.0."
    assert f"Warning, gap by insurance plan, match rate (%): {groups}" in text
    mean = "That is the widest; mean 30.0 ± 127.1, wide in 2 of 2."
    assert f"{mean} Without the changes mean 10.0." in text
    assert "gap" not in printed(replace(POINT, gaps=(replace(line, threshold=0.31),)), capsys)


def test_what_was_estimated_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    """As far as it was taken; what the scenario says itself is named."""
    by_lead = (NoShowFrom(days=0.0, share=0.02), NoShowFrom(days=7.0, share=0.15))
    leads = tuple(number / 10 for number in range(101))
    found = Estimate(1_204, 60, 20.0, (1.4,) * 5 + (0.0,) * 2, leads, 0.08, by_lead, 0.1)
    taken = ("requests_per_day", "lead_days", "no_show", "no_show_by_lead")
    point = replace(POINT, estimated=Estimated("past.csv", found, taken))
    said = (
        "Estimated from 1,204 appointments in 60 days (past.csv): 20.0 requests a day; "
        "5.0 days from asking to the visit (median; p90 9.0); 8.0% stay away; by days from being "
        "told: 2.0% from 0 days, 15.0% from 7 days. The scenario itself says weekdays, "
        "patient_cancels."
    )
    assert said in printed(point, capsys)
    stated = Estimated("past.csv", found, ("requests_per_day", "weekdays", "lead_days"))
    text = printed(replace(POINT, estimated=stated), capsys)
    assert "The scenario itself says no_show, patient_cancels." in text


def test_what_lies_beyond_the_horizon_is_more_than_is_known(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """No mean of the others alone; and a difference says of how many runs it is."""
    beyond = with_open(estimate([2, None]), [2, None], [10.0])
    line = Line("third_next_available", None, beyond, estimate([1, 1]), estimate([1, None]))
    test = Acceptance(measure="third_next_available", at_most=9)
    verdict = Verdict(test, beyond, holds=False)
    text = printed(replace(POINT, lines=(line,), verdicts=(verdict,)), capsys)
    assert "│ third next available (days) │ 1.00 │ > 6.00 │ +1.00 (of 1) │" in text
    assert "FAILS: third_next_available is more than 6, at most 9 was asked." in text
