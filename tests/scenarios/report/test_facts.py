"""Words: what was asked, what changes say, and how numbers are written."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from clinic import Clinic
from told_scenarios import told, told_of
from what_ifs import DRAWN, TWICE, what_if

from engine.fairness import Fairness
from engine.interchange.dataset import write_document
from scenarios.changes import CHANGES, Overbooking
from scenarios.measures import Row, gaps
from scenarios.numbers import count_text, titled
from scenarios.report import Told
from scenarios.report.changing import changes, in_words
from scenarios.report.disparity import gap_rows
from scenarios.report.facts import base_text, facts, policy_text, proof_text, run_text, verdicts
from scenarios.report.numbers import amount, estimate_text, number, shortened
from scenarios.report.told import in_a_line
from scenarios.runs.outcome import GapRow, Outcome
from scenarios.runs.task import tasks_of
from scenarios.scenario_file import scenario_sent
from scenarios.statistics import Estimate


@pytest.mark.parametrize(
    ("text", "base", "run"),
    [
        (
            DRAWN,
            "drawn: 12 requests, 3 doctors, 2 working days from 2 March 2026, around postal code"
            " 10018; visits single, places tight; a world for every seed",
            "the open requests are matched once",
        ),
        (
            "base: {example: small_clinic}\nrun: {kind: rolling, days: 3, nightly_match: false}\n",
            "the example small_clinic",
            "3 days pass, with 0 requests a day, given the earliest place at once, in a window of"
            " 14 days",
        ),
        (
            "base: {generate: {seed: 7}}\nrun: {kind: repair, max_additional: 1, events: [{kind:"
            " double_bookings}]}\n",
            "drawn: 1,000 requests, 100 doctors, 10 working days from 2 March 2026, around postal"
            " code 10018; visits multi, places tight; one world, of seed 7",
            "the open requests are matched; then double bookings is mended, moving 1 other at most",
        ),
    ],
)
def test_base_and_run_in_words(text: str, base: str, run: str) -> None:
    """Of a world that is drawn, of an example, of every kind of run."""
    scenario = what_if(text)
    assert (base_text(scenario), run_text(scenario)) == (base, run)


def test_what_came_with_a_scenario_is_named_by_its_hash() -> None:
    """A dataset and a policy inside have no name that a file has."""
    dataset = json.loads(write_document(Clinic().session().request("ann").dataset()))
    head = {"schema": "slotmatch.scenario/1", "name": "sent", "base": {"dataset": dataset}}
    plain, ruled = scenario_sent(head), scenario_sent(head | {"policy": {"rules": {}}})
    assert policy_text(plain) == "the default one"
    said = re.compile(r"(a dataset|one) that came with the scenario, [0-9a-f]{64}")
    assert said.fullmatch(base_text(ruled))
    assert said.fullmatch(policy_text(ruled))


def test_what_is_not_proven_is_counted_once() -> None:
    """Two runs share what is without the changes; of three different ones, one is open."""
    scenario = what_if(f"{DRAWN}{TWICE}sweep: {{changes/0/factor: [1.5, 3.0]}}\n")
    tasks = tasks_of(scenario)
    outcomes = {
        task.key: Outcome(key=task.key, rows=(), proven=task.is_changed, stopped="")
        for task in tasks
    }
    told = told_of(scenario, outcomes)
    assert proof_text(told.points).startswith("2 of 3 different runs have plans proven to be best")
    assert {fact.name: fact.said for fact in facts(told)}["Swept"] == ("changes/0/factor: 1.5, 3.0")


def test_verdicts_are_in_the_unit_of_the_measure(swept: Told) -> None:
    """A share in per cent, with its interval."""
    first, second = verdicts(swept.points[0])
    assert first.asked == "match rate at least 50.0 %"
    assert first.found.endswith(" %")
    assert second.asked == "travel km median at most 0.1 km"
    assert (first.holds, second.holds) == (True, False)


def test_every_kind_of_change_has_a_first_sentence() -> None:
    """It is what a reader is told, so it names nothing of the code."""
    for kind in CHANGES.values():
        said = in_words(object.__new__(kind))
        assert said.endswith(".")
        assert "`" not in said


def test_changes_tell_what_they_make_of_the_world(swept: Told) -> None:
    """Seats are counted nowhere here; half as many requests again are."""
    seats, demand = changes(swept.points[0])
    assert (seats.said, seats.given) == (
        "A share of all cells takes one visit more.",
        "share: 0.25",
    )
    assert seats.differences == ()
    assert demand.given == "factor: 1.5"
    assert [(row.name, row.before, row.after) for row in demand.differences] == [
        ("requests", 5, 8),
        ("open requests", 5, 8),
    ]
    assert in_words(Overbooking(share=0.1)) == seats.said


def test_wide_gaps_come_first_with_what_they_were() -> None:
    """Between ages there is a gap of 20 points where there was one of 5; languages differ by 2."""
    scenario = what_if(f"{DRAWN}{TWICE}")
    tasks = tasks_of(scenario)
    rows = {
        False: {"age=0-17": 0.9, "age=65+": 0.85, "language=en": 0.9, "language=es": 0.88},
        True: {"age=0-17": 0.9, "age=65+": 0.7, "language=en": 0.9, "language=es": 0.88},
    }
    outcomes = {
        task.key: Outcome(
            key=task.key,
            rows=(),
            gaps=tuple(
                GapRow.of(gap)
                for gap in gaps(
                    [
                        Row.of("match_rate", group, value, 30)
                        for group, value in rows[task.is_changed].items()
                    ],
                    Fairness(),
                )
            ),
            proven=True,
            stopped="",
        )
        for task in tasks
    }
    (point,) = told_of(scenario, outcomes).points
    wide, narrow = gap_rows(point)
    assert (wide.grouping, wide.size, wide.before, wide.threshold) == ("age", "20.0", "5.0", "10.0")
    assert (wide.best, wide.worst, wide.unit) == ("0-17: 90.0%", "65+: 70.0%", "points")
    assert (wide.is_wide, narrow.is_wide) == (True, False)


def test_numbers_are_written_in_their_unit() -> None:
    """Shares in per cent, whole numbers whole, and no minus before a zero."""
    assert [number(0.12345, "share"), number(1.005, "days"), number(1234.0, "people")] == [
        "12.3",
        "1.00",
        "1,234",
    ]
    assert [number(1.5, "people"), number(-0.04, "km"), number(-2, "days", sign=True)] == [
        "1.5",
        "0.0",
        "−2.00",
    ]
    assert [amount(1, "people"), amount(2, "requests"), amount(0.5, "share")] == [
        "1 person",
        "2 requests",
        "50.0 %",
    ]
    assert [titled("people_moved"), titled("match_rate")] == ["people moved", "match rate (%)"]
    assert number(None, "days") == estimate_text(None, "days") == "–"
    assert estimate_text(Estimate(0.5, 0.25, 0.75, 3), "share") == "50.0 ± 25.0"
    assert (count_text(1, "person", "people"), count_text(1_000, "run")) == (
        "1 person",
        "1,000 runs",
    )
    assert (shortened("a" * 120), len(shortened("a" * 121))) == ("a" * 120, 120)
    assert in_a_line({"a": [1, None, "b"], "c": True}) == "{a: [1, null, b], c: true}"


def test_what_past_appointments_say_is_told_once(tmp_path: Path) -> None:
    """Two points take the same of the same file; what the run says itself is not named."""
    served = "2026-03-02T08:00,2026-03-02T20:00,served\n"
    (tmp_path / "past.csv").write_text(f"asked,start,status\n{served}{served}")
    text = (
        "base: {example: small_clinic}\nrun:\n  kind: rolling\n  days: 3\n"
        "  no_show: 0.25\n  estimated_from: past.csv\nsweep: {run/days: [2, 3]}\n"
    )
    found = facts(told(text, tmp_path, only=0))
    (said,) = (fact.said for fact in found if fact.name == "Estimated from")
    assert said.startswith("2 appointments in past.csv: requests per day, ")
    assert "no show" not in said.split(", ")
