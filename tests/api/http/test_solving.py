"""What a solver process answers, called without a process."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any, NoReturn

import pytest

from api.http import solving
from api.http.solving import Outcome, Task, run_task
from engine.errors import SolverDisagreementError

CLINIC = json.loads(
    (Path(__file__).parents[3] / "scenarios/examples/small_clinic.json").read_text()
)


def solve_match(raw: bytes) -> Outcome:
    """What a process answers to a match."""
    with tempfile.TemporaryDirectory() as folder:
        return run_task(Task("match", raw, 30), folder)


def codes(raw: bytes) -> set[tuple[str, str]]:
    """Code and path of everything wrong with a body."""
    outcome = solve_match(raw)
    assert outcome.kind == "invalid"
    return {(row["code"], row["path"]) for row in outcome.problems}


def body(**members: Any) -> bytes:
    """A body with the small clinic, changed."""
    return json.dumps({"dataset": CLINIC} | members).encode()


def test_a_plan_comes_back_as_json() -> None:
    """Certificate, measures and a row per request."""
    limits = {"seconds": 5, "workers": 1, "seed": 3, "deterministic": True}
    outcome = solve_match(body(limits=limits, policy={"rules": {"language": {"enabled": False}}}))
    content = json.loads(outcome.body)
    assert outcome.kind == "done"
    assert {row["request_id"] for row in content["plan"]} >= {
        row["id"] for row in CLINIC["requests"]
    }
    assert content["certificate"]["stopped"] == "proven"


def test_the_frame_of_a_body_is_checked() -> None:
    """Not an object, fields missing or unknown, a policy that is none."""
    assert codes(b"[]") == {("wrong_type", "/")}
    assert codes(b"{}") == {("missing_field", "/dataset")}
    assert codes(b"{") == {("not_json", "/")}
    assert codes(body(more=1)) == {("unknown_field", "/more")}
    assert codes(body(policy=[])) == {("wrong_type", "/policy")}
    assert codes(body(policy={"rules": {"luck": {}}})) == {("unknown_rule", "/policy/rules/luck")}


def test_mistakes_of_dataset_policy_and_limits_are_told_together() -> None:
    """One pass finds what is wrong in all three."""
    raw = json.dumps(
        {"dataset": {"header": {}}, "policy": {"size": 1}, "limits": {"seconds": "x"}}
    ).encode()
    found = codes(raw)
    assert ("unknown_field", "/policy/size") in found
    assert any(path.startswith("/limits") for _, path in found)
    assert any(path.startswith("/dataset") for _, path in found)


def test_a_fault_of_ours_is_named_by_its_kind_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of the data leaves with a failure."""

    def fail(*_: object, **__: object) -> NoReturn:
        raise SolverDisagreementError("patient p1")

    monkeypatch.setattr(solving, "match", fail)
    outcome = solve_match(body())
    assert outcome.kind == "failed"
    assert outcome.facts["fault"] == "SolverDisagreementError"
    assert any(place.endswith(" fail") for place in outcome.facts["at"])
    assert "p1" not in str(outcome)


def test_nothing_of_a_hostile_body_is_echoed_at_length() -> None:
    """Keys with half a surrogate, names of a megabyte: the answer is short, and text."""
    name = "x" * 100_000
    hostile = [
        body(**{"\ud800": 1}),
        json.dumps({"dataset": CLINIC | {"\ud800": 1, name: 2}}).encode(),
        body(policy={"rules": {"\ud800": {}, name: {}}, "urgencies": {"\ud800": {"hours": "x"}}}),
        body(policy={"urgencies": {name: {"hours": 1}}}),
        body(policy={"rules": {"travel": {"days_per_km": name}}}),
    ]
    for raw in hostile:
        outcome = solve_match(raw)
        assert outcome.kind == "invalid"
        assert len(json.dumps(outcome.problems, ensure_ascii=False).encode()) < 5_000


def test_bad_policy_makes_no_urgency_unknown() -> None:
    """Classes of a policy that cannot be read are not held against the requests."""
    own = {"urgencies": {"now": {"hours": 1}}, "rules": {"luck": {}}}
    assert codes(body(policy=own)) == {("unknown_rule", "/policy/rules/luck")}


def test_a_process_lives_with_the_memory_that_the_service_may_have() -> None:
    """Where the service itself is bounded, a process takes the lower of the two bounds."""
    bound = 3_000_000_000
    code = (
        "import resource; from api.http.solving import prepare_process; "
        f"resource.setrlimit(resource.RLIMIT_AS, ({bound}, {bound})); "
        "prepare_process(1 << 40, None); print(resource.getrlimit(resource.RLIMIT_AS)[0])"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    assert int(told.stdout) == bound
