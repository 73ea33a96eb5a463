"""What is said in place of a scenario file: another base, and values at its paths."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest
from scenario_texts import SMALL, read, sentences

from engine.errors import InvalidInputError
from engine.problems import Problem
from scenarios.scenario_file import Overrides
from scenarios.scenario_file.overriding import AS_WRITTEN

DRAWN = SMALL.replace("{example: small_clinic}", "{generate: {requests: 9}}")
SWEPT = f"{DRAWN}sweep: {{base/generate/doctors: [1, 2], changes/1/factor: [2.0]}}\n"


def test_a_dataset_and_values_stand_in_the_place_of_the_file_s(tmp_path: Path) -> None:
    """A base from here, not from the folder of the file; values in order, each read as YAML; what
    is swept is called by a path itself. All of it goes to other processes.
    """
    settings = (
        "changes/1={kind: demand_times, factor: 9.0}",
        "changes/1/factor=1.5",
        "changes/0/doctor_id=06103",
        "sweep/changes/1/factor=[2.0, 3.0]",
        "repetitions=3",
        "title=A = B",
        "sweep/base/generate/doctors=[4]",
    )
    swept = f"{DRAWN}sweep: {{changes/1/factor: [7.0]}}\n"
    found = read(swept, overrides=Overrides(None, settings))
    assert [change.doctor_id for change in found.changes[:1]] == ["06103"]
    assert found.changes[1].factor == 1.5
    assert (found.repetitions, found.title) == (3, "A = B")
    points = [tuple(point.values.values()) for point in found.grid()]
    assert points == [(2.0, 4), (3.0, 4)]
    other = read(swept, folder=tmp_path, overrides=Overrides(Path(__file__), settings[:5]))
    assert other.dataset_path == Path(__file__)
    assert other.base.generate is None
    assert other.source.overridden["base"] == __file__
    assert other.source.overridden["changes/1/factor"] == 1.5
    assert pickle.loads(pickle.dumps(other)) == other  # noqa: S301 - made a moment ago
    assert read(swept).source.overridden == {}


def test_what_the_file_leaves_out_can_be_put_in_part_by_part() -> None:
    """A sweep where there was none, and limits beside the default ones."""
    found = read(
        SMALL, overrides=Overrides(None, ("sweep/changes/1/factor=[2.0, 3.0]", "limits/seconds=5"))
    )
    assert [point.scenario.changes[1].factor for point in found.grid()] == [2.0, 3.0]
    assert found.limits.seconds == 5.0


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        ("acceptance/0/measure=x", "--set acceptance/0/measure: nothing stands at 'acceptance/0'"),
        ("changes/2/factor=1", "--set changes/2/factor: nothing stands at 'changes/2'. Maybe"),
        ("change/0=1", "--set change/0: nothing stands at 'change'. Maybe one of: changes"),
        ("name/x=1", "--set name/x: 'name' is no object and no list"),
        ("/changes=1", "--set /changes: nothing stands at ''. Maybe"),
        ("changes", "--set: 'changes': must be PATH=VALUE"),
        ("base/generate/days=3", "--set base/generate/days: --base stands in the place of"),
    ],
)
def test_a_path_that_leads_nowhere_is_told(setting: str, said: str) -> None:
    """By the option, with what stands there."""
    (found,) = sentences(DRAWN, folder=Path(), overrides=Overrides(Path(__file__), (setting,)))
    assert found.startswith(f"wrong_value {said}")


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        (["changes/1/factor=11"], "out_of_range --set changes/1/factor: 11"),
        (["changes/1/factor=much"], "wrong_type --set changes/1/factor: 'much'"),
        (["changes=[{kind: luck}]"], "wrong_value --set changes/0/kind: 'luck'"),
        (["changes/1/factr=1"], "unknown_field --set changes/1/factr:"),
        (["sweep={changes/1/factor: [1, 11]}"], "out_of_range --set sweep/changes/1/factor/1: 11"),
        (["repetitions=[1"], "not_yaml --set repetitions:1:"),
        (["title=\udcff"], "not_utf8 --set title: byte 0 is not UTF-8"),
        (["changes=[]", "changes=[3]"], "wrong_type --set changes/0: 3"),
        (["changes/1/factor=11", "changes=[{kind: luck}]"], "wrong_value --set changes/0/kind:"),
    ],
)
def test_a_value_that_cannot_be_is_told_like_one_of_the_file(
    settings: list[str], said: str
) -> None:
    """With the option in the place of a line; the last one that stands there."""
    (found,) = sentences(SMALL, overrides=Overrides(None, tuple(settings)))
    assert found.startswith(said)


def test_a_base_that_is_not_there_or_is_swept_is_told() -> None:
    """The option, or the line of the sweep; with everything else that is wrong."""
    nowhere = Path("nowhere").absolute()
    given = Overrides(nowhere, ("changes/1/factor=11",))
    assert sentences(SWEPT, folder=Path(), overrides=given) == [
        "wrong_value file.yaml:9/sweep/base/generate/doctors: the base is swept here, and --base "
        "stands in its place. Maybe --set sweep={}",
        "out_of_range --set changes/1/factor: 11: must be less than or equal to 10",
        f"not_found --base: {str(nowhere)!r}: the file or folder does not exist",
    ]
    here = Overrides(Path(__file__), ("sweep={}",))
    assert read(SWEPT, folder=Path(), overrides=here).sweep == {}
    assert sentences("a text", overrides=here) == [
        "wrong_type file.yaml:1: 'a text': must be an object: a scenario is keys and values"
    ]
    assert read(SMALL, overrides=AS_WRITTEN) == read(SMALL)


def test_what_a_run_finds_wrong_is_told_by_the_option() -> None:
    """An id that the dataset has not; of the file's own values, by the line; from other processes
    too.
    """
    found = read(SMALL, overrides=Overrides(None, ("changes/0/doctor_id=d2",)))
    paths = ("/changes/0/doctor_id", "/changes/1/factor")
    error = InvalidInputError([Problem("dangling_reference", path, "no such") for path in paths])
    located = found.located(error)
    assert [row.path for row in located.problems] == [
        "--set changes/0/doctor_id",
        "file.yaml:8/changes/1/factor",
    ]
    again = pickle.loads(pickle.dumps(located))  # noqa: S301 - made a moment ago
    assert (again.problems, again.counts) == (located.problems, located.counts)
    assert str(again) == str(located)
