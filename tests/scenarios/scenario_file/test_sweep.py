"""Sweeps: every point is a scenario, and what is impossible is refused in its line."""

from __future__ import annotations

import pytest
from scenario_texts import SMALL, DemandTimes, places, read, sentences

from engine.errors import InvalidInputError, ScenarioError
from engine.problems import Problem
from scenarios.scenario_file import RunLimits


def swept(*lines: str) -> str:
    """The small file with a sweep."""
    return SMALL + "sweep:\n" + "".join(f"  {line}\n" for line in lines)


def test_without_a_sweep_there_is_one_point() -> None:
    """The scenario itself."""
    scenario = read(SMALL)
    (point,) = scenario.grid()
    assert (point.values, point.scenario) == ({}, scenario)


def test_a_sweep_is_a_grid() -> None:
    """Every value with every other; the last path varies fastest. What the file leaves out can be
    put in part by part.
    """
    scenario = read(swept("changes/1/factor: [1.0, 1.5]", "limits/seconds: [1, 2, 3]"))
    points = scenario.grid()
    assert [tuple(point.values.values()) for point in points] == [
        *((1.0, 1), (1.0, 2), (1.0, 3)),
        *((1.5, 1), (1.5, 2), (1.5, 3)),
    ]
    last = points[-1].scenario
    assert last.changes[1] == DemandTimes(factor=1.5)
    assert last.limits == RunLimits(seconds=3.0)
    assert scenario.changes[1] == DemandTimes(factor=1.2)


def test_a_point_is_a_scenario_of_its_own() -> None:
    """It has no sweep left, and reads as what was put in."""
    point = read(swept("changes/1/factor: [1.0, 1.5]")).grid()[1]
    assert not point.scenario.sweep
    (again,) = point.scenario.grid()
    assert again.scenario == point.scenario


def test_whole_parts_can_be_swept() -> None:
    """A change, all changes, or a field that the file leaves out."""
    one = read(swept("changes/0: [{kind: doctor_gone, doctor_id: d2}]")).grid()
    assert one[0].scenario.changes[0].doctor_id == "d2"
    every = read(swept("changes: [[], [{kind: doctor_gone, doctor_id: d2}]]")).grid()
    assert [len(point.scenario.changes) for point in every] == [0, 1]
    examples = read(swept("base/example: [small_clinic, family_clinic]")).grid()
    assert [point.scenario.base.example for point in examples] == ["small_clinic", "family_clinic"]
    runs = read(swept("run: [{kind: match}]")).grid()
    assert len(runs) == 1


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (
            "change/0/factor: [1]",
            "nothing stands at 'change'. Maybe one of: changes",
        ),
        (
            "repetitions: [1]",
            "nothing stands at 'repetitions'. Maybe one of: base, policy, run, changes, limits",
        ),
        ("changes/2/factor: [1]", "nothing stands at 'changes/2'. Maybe one of: 0, 1"),
        ("changes/-1/factor: [1]", "nothing stands at 'changes/-1'. Maybe one of: 1"),
        (
            "changes/0/doctr/x: [1]",
            "nothing stands at 'changes/0/doctr'. Maybe one of: doctor_id",
        ),
        ("changes/1/factor/x: [1]", "'changes/1/factor' is no object and no list"),
        ("changes/0/doctor_id/x: [1]", "'changes/0/doctor_id' is no object and no list"),
    ],
)
def test_a_path_that_leads_nowhere_is_refused(line: str, reason: str) -> None:
    """With how far it goes, and what stands there."""
    path = line.partition(":")[0]
    assert sentences(swept(line)) == [f"wrong_value file.yaml:10/sweep/{path}: {reason}"]


def test_a_bad_value_is_refused_in_its_line() -> None:
    """Each value once, however many points it makes; a field that is none with the first."""
    assert sentences(
        swept(
            "changes/1/factor:",
            "  - 1",
            "  - -1",
            "  - much",
            "changes/0/doctor_id: [d1, 2, d3]",
            "changes/0/doctr: [x]",
        )
    ) == [
        "out_of_range file.yaml:12/sweep/changes/1/factor/1: -1: "
        "must be greater than or equal to 0",
        "wrong_type file.yaml:13/sweep/changes/1/factor/2: 'much': must be a valid number",
        "wrong_type file.yaml:14/sweep/changes/0/doctor_id/1: 2: must be a valid string",
        "unknown_field file.yaml:15/sweep/changes/0/doctr/0: there is no such field",
    ]


def test_values_that_do_not_go_together_are_refused() -> None:
    """Each is possible with others: what is wrong is said at one of them, with its place."""
    text = swept("base/generate/doctors: [10, 100000]", "base/generate/days: [10, 366]")
    text = text.replace("example: small_clinic", "generate: {}")
    assert sentences(text) == [
        "out_of_range file.yaml:10/sweep/base/generate/doctors/1: "
        "base/generate: doctors times days is above 2000000",
    ]


def test_what_is_wrong_with_the_file_is_not_said_for_every_point() -> None:
    """Once, in the line of the file; a bad value is found all the same."""
    text = swept("changes/1/factor: [1, 20]").replace("doctor_id: d1", "doctor_id: 1")
    assert places(text) == [
        "wrong_type file.yaml:6/changes/0/doctor_id",
        "out_of_range file.yaml:10/sweep/changes/1/factor/1",
    ]


def test_sweeps_that_overlap_are_refused() -> None:
    """It would depend on their order what is put in."""
    found = places(swept("changes/0/doctor_id: [a, b]", "changes/0: [{}]"))
    assert found == ["wrong_value file.yaml:11/sweep/changes/0"]


@pytest.mark.parametrize(
    ("lines", "found"),
    [
        (["changes/1/factor: []"], ["out_of_range file.yaml:10/sweep/changes/1/factor"]),
        (["changes/1/factor: 1"], ["wrong_type file.yaml:10/sweep/changes/1/factor"]),
        (["changes/1/factor: [1, 1]"], ["wrong_value file.yaml:10/sweep/changes/1/factor/1"]),
    ],
)
def test_a_list_of_values_is_asked_for(lines: list[str], found: list[str]) -> None:
    """Of at least one, and none twice."""
    assert places(swept(*lines)) == found
    assert places(SMALL + "sweep: [1]") == ["wrong_type file.yaml:9/sweep"]


def test_runs_are_counted_before_they_are_made() -> None:
    """Points times repetitions up to 10,000, and not one more."""
    many = f"changes/1/factor: {[n / 100 for n in range(1, 101)]}"
    assert len(read(swept(many) + "repetitions: 100").grid()) == 100
    assert sentences(swept(many) + "repetitions: 101") == [
        "out_of_range file.yaml:9/sweep: points times repetitions is 10,100: above 10,000"
    ]
    everybody = f"changes/0/doctor_id: {[f'd{n}' for n in range(100)]}"
    wide = f"title: x\nrun: {{kind: match}}\nlimits: {{}}\nacceptance: {['x'] * 300}\n"
    assert "values in the file is above" in sentences(swept(many, everybody) + wide)[0]


def test_a_sweep_has_ten_paths_at_most() -> None:
    """Paths of one value each make one point; an eleventh path is refused."""
    lines = [f"limits/l{n}: [1]" for n in range(11)]
    assert places(swept(*lines) + "limits: {}")[0] == "out_of_range file.yaml:9/sweep"
    lines = ["base/example: [small_clinic]", "changes/1/factor: [1]", "changes/0/doctor_id: [d1]"]
    assert len(read(swept(*lines)).grid()) == 1


def test_errors_of_a_run_get_the_line_of_the_value() -> None:
    """What a sweep put in is said where it stands, the rest where it stands in the file."""
    scenario = read(swept("changes/0/doctor_id:", "  - d1", "  - d9")).grid()[1].scenario
    paths = "/changes/0/doctor_id", "/changes/1/factor"
    error = InvalidInputError([Problem("dangling_reference", path, "no such") for path in paths])
    assert [row.path for row in scenario.located(error).problems] == [
        "file.yaml:8/changes/1/factor",
        "file.yaml:12/sweep/changes/0/doctor_id/1",
    ]


def test_a_grid_is_judged_when_it_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that is gone by then makes its points unusable, in the line of the value."""
    scenario = read(swept("base/example: [small_clinic, family_clinic]"))
    monkeypatch.setattr(
        "scenarios.scenario_file.definition.examples", lambda: {"small_clinic": None}
    )
    with pytest.raises(ScenarioError) as raised:
        scenario.grid()
    assert [row.path for row in raised.value.problems] == ["file.yaml:10/sweep/base/example/1"]
