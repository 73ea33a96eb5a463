"""A crowd at a real service: true answers or clear refusals, whatever happens to its solvers."""

from __future__ import annotations

import sys

import pytest
from pace import slowness

from benchmarks.load import MIB, Crowd, crowd
from benchmarks.service import running


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_every_client_of_a_crowd_gets_a_true_answer_or_a_clear_refusal(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """200 matches at once on two solver processes, 20 clients that leave, 5 processes killed and
    one that never answers: nobody is left without a word, the service answers that it is alive
    all the time, and its memory comes back.
    """
    monkeypatch.delenv("COVERAGE_PROCESS_CONFIG", raising=False)  # what is measured is not traced
    who = Crowd(matches=200, leaving=20, kills=5, hangs=1, attempts=1)
    with running("--workers", "2") as service:
        findings = crowd(service, who)
    answers = findings.answers
    assert findings.untrue == []
    assert answers["answered"] + answers["busy"] + answers["solver-killed"] == who.matches
    assert set(answers) <= {"answered", "busy", "solver-killed", "left"}
    assert answers["answered"] >= 10
    assert len(findings.live_seconds) > 100
    # seconds: 50 ms where nothing else runs, says benchmarks/README.md
    assert findings.live(0.99) < slowness()
    (before, below), (after, above) = findings.memory
    assert after < before + 100 * MIB
    assert above < below + 200 * MIB
