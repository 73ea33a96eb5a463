"""The certificate: what it says of components that are not proven."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from engine.interchange.plan_file import certificate_content
from engine.match import match
from engine.policy import Policy
from engine.result import Result
from engine.snapshot import take_snapshot
from engine.solve import certificate as certificate_module
from engine.solve.certificate import open_named
from engine.solve.limits import Limits
from engine.solve.problem import Problem
from engine.solve.solved import Solved
from engine.solve.solver import solve
from scenarios.world import WorldSpec, generate_world


@pytest.fixture(scope="module")
def stopped() -> Result:
    """A match that had no time."""
    return match(generate_world(WorldSpec(60, 12, 4)), limits=Limits(seconds=0, workers=1))


def test_open_components_are_named(stopped: Result) -> None:
    """Every open one is there, the largest first, with who is in it and how far it came."""
    certificate, snapshot = stopped.certificate, stopped.snapshot
    named = certificate.open_named
    assert len(named) == certificate.open_components > 0
    sizes = [part.requests for part in named]
    assert sizes == sorted(sizes, reverse=True)
    assert {part.first_request for part in named} <= set(snapshot.requests.ids)
    assert {part.specialty for part in named} <= set(snapshot.index.codes)
    assert all(any(level.gap for level in part.levels) for part in named)


def test_what_is_open_is_open_in_named_components(stopped: Result) -> None:
    """Gaps of the components named add up to the gaps of the whole, level by level."""
    certificate = stopped.certificate
    for number, level in enumerate(certificate.levels):
        assert level.gap == sum(part.levels[number].gap for part in certificate.open_named)


def test_names_of_open_components_are_few(stopped: Result, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the largest are named, and the number of all of them says how many are not."""
    snapshot, policy = stopped.snapshot, Policy.default()
    monkeypatch.setattr(certificate_module, "MOST_NAMED", 1)
    solved = solve(Problem(snapshot, policy), Limits(seconds=0, workers=1))
    named = open_named(snapshot, policy, solved)
    assert named == stopped.certificate.open_named[:1]
    assert solved.num_open > 1


def test_the_specialty_is_the_one_most_ask_for() -> None:
    """A component is named after its first request and the code that most of it asks for; after
    no code where none asks for one.
    """
    snapshot = take_snapshot(generate_world(WorldSpec(60, 12, 4)))
    policy = Policy.default()
    solved = solve(Problem(snapshot, policy), Limits(seconds=0, workers=1))
    part = max(solved.parts, key=lambda part: len(part.requests))
    bounds = np.full_like(part.values, -1)
    codes = snapshot.requests.code[part.requests].tolist()
    one = Solved(
        solved.taken,
        part.values,
        bounds,
        "time_limit",
        (replace(part, bounds=bounds),),
        0.0,
    )
    (named,) = open_named(snapshot, policy, one)
    most = list(snapshot.index.codes)[max(set(codes), key=lambda code: (codes.count(code), -code))]
    assert named.specialty == most
    assert named.first_request == snapshot.requests.ids[part.requests[0]]
    requests = replace(snapshot.requests, code=np.full_like(snapshot.requests.code, -1))
    (named,) = open_named(replace(snapshot, requests=requests), policy, one)
    assert named.specialty is None


def test_a_plan_file_says_the_gaps_of_components(stopped: Result) -> None:
    """As plain values, each level of a component has its gap, as those of the whole have."""
    content = certificate_content(stopped.certificate)
    assert len(content["open_named"]) == stopped.certificate.open_components
    for part in content["open_named"]:
        for level in part["levels"]:
            assert level["gap"] == level["value"] - level["bound"]


def test_proven_components_are_only_counted() -> None:
    """Of a proven plan no component is named; paths say how many there are."""
    certificate = match(generate_world(WorldSpec(40, 12, 4, "single", "loose"))).certificate
    assert certificate.is_proven
    assert certificate.open_named == ()
    assert sum(certificate.paths.values()) == certificate.components
