"""Scenarios that are sent as plain values: no files, no lines, and what they change inside."""

from __future__ import annotations

from typing import Any

import pytest
from clinic import Clinic

from engine.errors import ScenarioError
from engine.interchange.dataset import write_document
from engine.interchange.json_text import parse_json
from engine.policy import Policy
from engine.problems import Report
from scenarios.runs.base import base_named, base_of
from scenarios.scenario_file import Scenario, scenario_sent
from scenarios.scenario_file.sent import MAX_VALUES

HEAD = {"schema": "slotmatch.scenario/1", "name": "x"}
CLINIC = Clinic().session().request("ann").dataset()
DATASET = parse_json(write_document(CLINIC), "clinic", Report())


def sent(**members: Any) -> Scenario:
    """The scenario of some members."""
    return scenario_sent(HEAD | members)


def places(**members: Any) -> list[str]:
    """Code and path of everything that is wrong with one."""
    with pytest.raises(ScenarioError) as raised:
        sent(**members)
    return [f"{row.code} {row.path}" for row in raised.value.problems]


def test_a_dataset_and_a_policy_inside_are_the_base() -> None:
    """Whole, where a file names them; the same ones have the same name, others another."""
    rules = {"rules": {"travel": {"enabled": False}}}
    scenario = sent(base={"dataset": DATASET}, policy=rules)
    situation = base_of(scenario, 1)
    assert situation.dataset == CLINIC
    assert "travel" not in [rule.name for rule in situation.policy.rules]
    assert (scenario.dataset_path, scenario.policy_path) == (None, None)
    plain = sent(base={"dataset": DATASET})
    assert base_of(plain, 1).policy == Policy.default()
    named = [base_named(row, 1) for row in (scenario, plain, sent(base={"dataset": DATASET}))]
    assert named[0] != named[1] == named[2]
    smaller = sent(base={"dataset": DATASET | {"requests": []}})
    assert base_named(smaller, 1) != base_named(plain, 1)


def test_a_dataset_that_is_held_stands_in_for_a_base() -> None:
    """Where none is said, and only there."""
    assert base_of(scenario_sent(HEAD, CLINIC), 1).dataset == CLINIC
    drawn = HEAD | {"base": {"generate": {"requests": 3, "doctors": 1, "days": 1}}}
    assert len(base_of(scenario_sent(drawn, CLINIC), 1).dataset.requests) == 3
    assert places() == ["missing_field /base"]


def test_a_sweep_of_it_keeps_what_is_given() -> None:
    """At every point; nothing is put into the dataset itself."""
    changes = [{"kind": "doctor_gone", "doctor_id": "a"}]
    swept = sent(
        base={"dataset": DATASET}, changes=changes, sweep={"changes/0/doctor_id": ["a", "b"]}
    )
    points = [point.scenario for point in swept.grid()]
    assert [point.base.dataset for point in points] == [swept.base.dataset] * 2
    inside = {"base/dataset/requests": [[]]}
    assert places(base={"dataset": DATASET}, sweep=inside) == [
        "wrong_value /sweep/base/dataset/requests"
    ]


def test_everything_wrong_has_its_path_and_no_line() -> None:
    """Policy, dataset, fields and changes, in one pass; what cannot be read is said once."""
    assert places(
        base={"dataset": {"header": 3}}, policy={"size": 1}, changes=[{"kind": "luck"}], luck=1
    ) == [
        "unknown_field /policy/size",
        "wrong_type /base/dataset/header",
        "unknown_field /luck",
        "wrong_value /changes/0/kind",
    ]
    assert places(base={"dataset": DATASET, "example": "small_clinic"}) == ["not_exactly_one /base"]
    files = {"base": {"dataset": "/etc"}, "policy": "/etc/passwd"}
    assert places(**files) == ["file_not_taken /base/dataset", "file_not_taken /policy"]
    run = {"kind": "rolling", "days": 1, "estimated_from": "/etc/passwd"}
    assert places(base={"dataset": DATASET}, run=run) == ["file_not_taken /run/estimated_from"]
    assert places(
        base={"dataset": DATASET}, sweep={"base/dataset": ["/etc"], "policy": ["/etc/passwd"]}
    ) == ["file_not_taken /sweep/base/dataset/0", "file_not_taken /sweep/policy/0"]


def test_what_is_too_much_or_too_deep_is_not_read() -> None:
    """Beside the dataset, whose own limits hold for it."""
    base: Any = {"dataset": DATASET}
    deep: Any = []
    for _ in range(40):
        deep = [deep]
    assert places(base=base, title=deep) == ["out_of_range "]
    assert places(base=base, changes=[0] * MAX_VALUES) == ["out_of_range "]
