"""Scenario files: read with their defaults, refused with everything that is wrong."""

from __future__ import annotations

import pickle
from contextlib import suppress
from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scenario_texts import SMALL, DemandTimes, DoctorGone, places, read, sentences

from engine.errors import InvalidInputError, ScenarioError
from engine.problems import Problem
from scenarios.rolling import RollingSpec
from scenarios.scenario_file import (
    Acceptance,
    MatchRun,
    RepairRun,
    RunLimits,
    read_scenario,
    scenario_from,
)
from scenarios.world import WorldSpec

HEAD = "schema: slotmatch.scenario/1\nname: x\nbase: {example: small_clinic}\n"
ABSENT = (
    "{kind: doctor_absent, doctor_id: d1, start: 2026-03-02T09:00:00-05:00,"
    " end: 2026-03-02T12:00:00-05:00}"
)


def test_a_small_file_has_defaults() -> None:
    """One match of what the changes make of the example, once."""
    scenario = read(SMALL)
    assert scenario.changes == (DoctorGone(doctor_id="d1"), DemandTimes(factor=1.2))
    assert (scenario.run, scenario.limits) == (MatchRun(), RunLimits())
    assert (list(scenario.seeds), scenario.title, scenario.acceptance) == ([1], "", ())
    assert scenario.dataset_path is not None
    assert scenario.dataset_path.name == "small_clinic.json"
    assert scenario.policy_path is None


def test_everything_can_be_said() -> None:
    """Repetitions with their seeds, limits, tests, and a title."""
    scenario = read(
        HEAD + "title: Für alle\nrepetitions: 3\nseed: 7\n"
        "limits: {seconds: 5, deterministic_seconds: 2.5}\n"
        "acceptance:\n- {measure: within_standard, at_least: 0.9}\n"
        "- {measure: travel_km_median, at_most: 12}\n"
    )
    assert list(scenario.seeds) == [7, 8, 9]
    assert scenario.limits == RunLimits(seconds=5.0, deterministic_seconds=2.5)
    assert scenario.acceptance == (
        Acceptance(measure="within_standard", at_least=0.9),
        Acceptance(measure="travel_km_median", at_most=12.0),
    )
    assert scenario.title == "Für alle"


def test_a_repair_has_events() -> None:
    """As in a file of events; instants need no quotes."""
    scenario = read(
        HEAD + f"run:\n  kind: repair\n  max_additional: 3\n  depth: 2\n  events: [{ABSENT}]"
    )
    assert isinstance(scenario.run, RepairRun)
    assert (scenario.run.max_additional, scenario.run.depth) == (3, 2)
    assert getattr(scenario.run.events[0], "start") == datetime.fromisoformat(  # noqa: B009
        "2026-03-02T09:00:00-05:00"
    )


def test_days_that_pass_have_rates() -> None:
    """How many arrive, who does not come, who is away."""
    scenario = read(
        HEAD + f"run: {{kind: rolling, days: 5, requests_per_day: 30, no_show: 0.1,"
        f" nightly_match: false, absences: [{ABSENT}]}}"
    )
    assert isinstance(scenario.run, RollingSpec)
    assert (scenario.run.days, scenario.run.no_show) == (5, 0.1)
    assert not scenario.run.nightly_match
    assert len(scenario.run.absences) == 1


def test_a_generated_world_takes_the_seed_of_the_repetition() -> None:
    """Unless the file says one."""
    world = "{requests: 5, doctors: 2, days: 3, visits: single, first_day: 2026-03-03}"
    text = HEAD.replace("{example: small_clinic}", f"{{generate: {world}}}")
    drawn = read(text).base.generate
    fixed = read(text.replace("days: 3", "days: 3, seed: 4")).base.generate
    assert drawn is not None
    assert fixed is not None
    spec = WorldSpec(
        requests=5, doctors=2, days=3, visits="single", first_day=date(2026, 3, 3), seed=9
    )
    assert drawn.spec(9) == spec
    assert fixed.spec(9).seed == 4
    assert read(text).dataset_path is None


def test_files_are_relative_to_the_scenario(tmp_path: Path) -> None:
    """The dataset and the policy lie beside it, wherever it is read from."""
    (tmp_path / "clinic").mkdir()
    (tmp_path / "own.toml").touch()
    file = tmp_path / "what-if.yaml"
    text = HEAD.replace("example: small_clinic", "dataset: clinic") + "policy: own.toml"
    file.write_text(text)
    scenario = read_scenario(file)
    assert scenario.dataset_path == tmp_path / "clinic"
    assert scenario.policy_path == tmp_path / "own.toml"
    (tmp_path / "own.toml").unlink()
    assert places(text, folder=tmp_path) == ["not_found file.yaml:4/policy"]
    long = text.replace("clinic", "c" * 900).replace("own", "what-if").replace("toml", "yaml")
    assert places(long, folder=tmp_path) == ["not_found file.yaml:3/base/dataset"]


def test_what_comes_from_afar_names_no_files() -> None:
    """A text without a folder has no say in which files are read."""
    text = HEAD.replace("example: small_clinic", "dataset: /etc") + "policy: /etc/passwd"
    assert sentences(text) == [
        "file_not_taken file.yaml:3/base/dataset: '/etc': no file can be named here",
        "file_not_taken file.yaml:4/policy: '/etc/passwd': no file can be named here",
    ]


def test_a_file_that_cannot_be_had_is_refused(tmp_path: Path) -> None:
    """One that is not there, one that is too long, one that is no YAML."""
    for name, content, code in (
        ("none.yaml", None, "not_found"),
        ("long.yaml", b"x" * 200_000, "too_large"),
        ("bad.yaml", b"a: [", "not_yaml"),
    ):
        if content is not None:
            (tmp_path / name).write_bytes(content)
        with pytest.raises(ScenarioError) as raised:
            read_scenario(tmp_path / name)
        assert [row.code for row in raised.value.problems] == [code]


def test_everything_wrong_is_found_in_one_pass() -> None:
    """Each in its line, in the order of the file, with advice where there is some."""
    assert sentences(
        """\
schema: slotmatch.scenario/2
name: two words
base:
  generate: {requests: -500}
  example: smal_clinic
run:
  kind: rolling
  days: 3
  requests_per_day: -2
  absences: [{kind: nothing}]
changes:
  - kind: doctor_gon
  - kind: doctor_gone
    doctor_id: 7
    doctor_id: d1
  - {}
  - demand
repetitions: 0
limts: 3
acceptance:
  - {measure: within_standrd, at_least: 0.9}
  - {measure: within_standard, at_least: 0.9, at_most: 1}
  - {measure: within_standard}
"""
    ) == [
        "duplicate_key file.yaml:15/changes/1/doctor_id: an object names the key twice, "
        "first in line 14",
        "wrong_value file.yaml:1/schema: 'slotmatch.scenario/2': must be 'slotmatch.scenario/1'",
        "wrong_value file.yaml:2/name: 'two words': "
        "must match pattern '^[A-Za-z0-9][A-Za-z0-9-]*$'",
        "not_exactly_one file.yaml:3/base: ['generate', 'example']: "
        "exactly one of dataset, generate, example is given",
        "out_of_range file.yaml:4/base/generate/requests: -500: must be greater than or equal to 0",
        "wrong_value file.yaml:5/base/example: 'smal_clinic': no such example. "
        "Maybe one of: small_clinic, family_clinic",
        "out_of_range file.yaml:9/run/requests_per_day: -2: must be greater than or equal to 0",
        "wrong_value file.yaml:10/run/absences/0/kind: 'nothing': no such kind of absence. "
        "Maybe one of: doctor_absent, location_closed",
        "wrong_value file.yaml:12/changes/0/kind: 'doctor_gon': no such kind of change. "
        "Maybe one of: doctor_gone",
        "wrong_type file.yaml:14/changes/1/doctor_id: 7: must be a valid string",
        "missing_field file.yaml:16/changes/2/kind: the field is required. "
        "Maybe one of: doctor_gone, demand_times",
        "wrong_type file.yaml:17/changes/3: 'demand': must be an object",
        "out_of_range file.yaml:18/repetitions: 0: must be greater than or equal to 1",
        "unknown_field file.yaml:19/limts: there is no such field. Maybe one of: limits",
        "wrong_value file.yaml:21/acceptance/0/measure: 'within_standrd': no such measure. "
        "Maybe one of: within_standard, seen_within_standard",
        "not_exactly_one file.yaml:22/acceptance/1: exactly one of at_least and at_most is given",
        "not_exactly_one file.yaml:23/acceptance/2: exactly one of at_least and at_most is given",
    ]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", ["wrong_type file.yaml:1"]),
        ("- a", ["wrong_type file.yaml:1"]),
        (HEAD.replace("name: x\n", ""), ["missing_field file.yaml:1/name"]),
        (HEAD.replace("{example: small_clinic}", "{}"), ["not_exactly_one file.yaml:3/base"]),
        (HEAD.replace("{example: small_clinic}", "small_clinic"), ["wrong_type file.yaml:3/base"]),
        (HEAD + "run: match", ["wrong_type file.yaml:4/run"]),
        (HEAD + "run: {}", ["missing_field file.yaml:4/run/kind"]),
        (HEAD + "run: {kind: mtch}", ["wrong_value file.yaml:4/run/kind"]),
        (HEAD + "run: {kind: repair}", ["missing_field file.yaml:4/run/events"]),
        (HEAD + "run: {kind: repair, events: []}", ["out_of_range file.yaml:4/run/events"]),
        (HEAD + "run: {kind: repair, events: x}", ["wrong_type file.yaml:4/run/events"]),
        (HEAD + "run: {kind: match, events: []}", ["unknown_field file.yaml:4/run/events"]),
        (HEAD + "changes: {kind: doctor_gone}", ["wrong_type file.yaml:4/changes"]),
        (HEAD + "changes:", ["wrong_type file.yaml:4/changes"]),
        (HEAD + "acceptance: [x]", ["wrong_type file.yaml:4/acceptance/0"]),
        (HEAD + "limits: {seconds: 0}", ["out_of_range file.yaml:4/limits/seconds"]),
        (HEAD + "seed: 2000000001", ["out_of_range file.yaml:4/seed"]),
        (HEAD + "seed: 1.0", ["wrong_type file.yaml:4/seed"]),
        (HEAD + "title: 5", ["wrong_type file.yaml:4/title"]),
        (HEAD + "source: x", ["unknown_field file.yaml:4/source"]),
    ],
)
def test_what_is_no_scenario_is_refused(text: str, found: list[str]) -> None:
    """One mistake, one sentence, in its line."""
    rows = places(text)
    assert [row.removesuffix(":") for row in rows] == found


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "acceptance: [{measure: match_rate, at_least: 80}]",
            "out_of_range file.yaml:4/acceptance/0/at_least: 80.0: a share is between 0 and 1",
        ),
        ("limits: 5", "wrong_type file.yaml:4/limits: 5: must be an object"),
        (
            "run: {kind: rolling, days: 3, weekdays: [1]}",
            "wrong_type file.yaml:4/run/weekdays: [1]: 1 factors for 7 weekdays",
        ),
        (
            "run: {kind: rolling, days: 3, weekdays: 1}",
            "wrong_type file.yaml:4/run/weekdays: 1: must be a list",
        ),
    ],
)
def test_the_rule_is_said_in_the_words_of_the_file(text: str, said: str) -> None:
    """A list is no tuple, an object no dictionary, and a share no percentage."""
    assert sentences(HEAD + text) == [said]


@pytest.mark.parametrize(
    ("world", "advice"),
    [
        ("doctors: 100000, days: 366", "doctors times days is above 2000000"),
        ("first_day: 2026-03-01", "first_day 2026-03-01 is no working day"),
        ("days: 367", "days 367 is outside 1 … 366"),
    ],
)
def test_a_world_that_cannot_be_is_refused(world: str, advice: str) -> None:
    """With the reason that the generator gives."""
    text = HEAD.replace("{example: small_clinic}", f"{{generate: {{{world}}}}}")
    assert sentences(text) == [f"out_of_range file.yaml:3/base/generate: {advice}"]


def test_a_scenario_goes_to_other_processes() -> None:
    """With everything that it was read from."""
    scenario = read(SMALL)
    again = pickle.loads(pickle.dumps(scenario))  # noqa: S301 - made a moment ago
    assert again == scenario
    assert again.grid() == scenario.grid()


def test_errors_of_a_run_get_their_lines() -> None:
    """What is found out when the changes are applied is said in the line of the file."""
    error = InvalidInputError([Problem("dangling_reference", "/changes/0/doctor_id", "no such")])
    found = read(SMALL).located(error)
    assert isinstance(found, ScenarioError)
    assert found.problems[0].path == "file.yaml:6/changes/0/doctor_id"


@given(
    line=st.integers(0, len(SMALL.splitlines()) - 1),
    text=st.text(alphabet="ab:-[]{},'\"~ 01.\n", max_size=20),
)
def test_no_file_breaks_the_reader(line: int, text: str) -> None:
    """With any line replaced, a file is read or refused with its reasons."""
    lines = SMALL.splitlines()
    lines[line] = text
    with suppress(ScenarioError):
        scenario_from("\n".join(lines).encode(), "file.yaml")
