"""The command: every method in a process of its own, a table, a result, and a failure if due."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks import run_peers
from benchmarks import trial as trial_module
from benchmarks.agreement import DisagreementError
from benchmarks.apart import Bounds, DiedError
from benchmarks.instances import Instance
from benchmarks.pairs import Taken
from benchmarks.peer_report import Round
from benchmarks.peers import BY_NAME
from benchmarks.peers.peer import Answer, PeerLimits
from benchmarks.trial import Prepared, Trial, attempt, judged, prepare

NAME = "single-tight-40x8x3-s0"
PREPARED = Prepared(NAME, "ab", 40, 258, 44, True, "", ("lateness",), ("days",), 0.1)
METHODS = ["slotmatch", "first-come", "lapjvsp-split"]


def run(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    """Run the command."""
    monkeypatch.setattr("sys.argv", ["run_peers", *arguments])
    return run_peers.main()


def test_methods_run_apart_and_are_kept(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """A table per instance, a result with everything, a plot; the methods agree."""
    arguments = ["--family", NAME, "--peers", *METHODS, "--seconds", "30"]
    plot = tmp_path / "plot.svg"
    assert run(monkeypatch, *arguments, "--out", str(tmp_path), "--plot", str(plot)) == 0
    said = capsys.readouterr().out
    (file,) = tmp_path.glob("*.json")
    content = json.loads(file.read_text())
    (row,) = content["rounds"]
    assert row["pairs"] == len(Instance.named(NAME).pairs())
    trials = {trial["method"]: trial for trial in row["trials"]}
    assert list(trials) == METHODS
    assert trials["slotmatch"]["values"] == trials["lapjvsp-split"]["values"]
    assert trials["slotmatch"]["status"] == trials["lapjvsp-split"]["status"] == "optimal"
    assert trials["first-come"]["values"] >= trials["slotmatch"]["values"]
    for method, trial in trials.items():
        assert f"| {method} | {trial['status']} |" in said
        assert trial["peak_mib"] >= trial["before_mib"] > 0
    assert content["contradictions"] == []
    assert plot.read_text().startswith("<svg")


def test_a_contradiction_fails_the_run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """After everything is written: the result says it too."""
    real = run_peers.attempt

    def lies(method: str, *given: object) -> Trial:
        found = real(method, *given)  # type: ignore[arg-type]
        if method != "first-come" or found.values is None:
            return found
        return Trial(method, "optimal", found.values, found.values, 1.0, 1.0, 1.0)

    monkeypatch.setattr(run_peers, "attempt", lies)
    arguments = ["--family", NAME, "--peers", *METHODS[:2], "--out", str(tmp_path)]
    with pytest.raises(DisagreementError, match=f"{NAME}: first-come proves"):
        run(monkeypatch, *arguments)
    (file,) = tmp_path.glob("*.json")
    assert len(json.loads(file.read_text())["contradictions"]) == 1


def test_an_instance_that_has_changed_is_not_measured(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Its hash is not the one that is kept: numbers would be compared that cannot be."""
    monkeypatch.setattr(trial_module, "frozen_hashes", lambda: {NAME: "another"})
    said: list[object] = []
    with pytest.raises(ValueError, match="another is kept"):
        trial_module._prepare(said.append, NAME, tmp_path, 1_000)
    assert said == []
    assert list(tmp_path.iterdir()) == []


def test_what_was_measured_is_kept_when_the_run_stops(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """The second instance cannot be made, or somebody stops the run: the first one is written."""
    for stop, code in ((DiedError("no such world"), 1), (KeyboardInterrupt(), None)):

        def stops(*_: object, stop: BaseException = stop) -> Iterator[Round]:
            yield Round(PREPARED, (Trial.without("first-come", "died of SIGSEGV", 1),))
            raise stop

        monkeypatch.setattr(run_peers, "run", stops)
        out = tmp_path / str(code)
        if code is None:
            with pytest.raises(KeyboardInterrupt):
                run(monkeypatch, "--family", NAME, "--out", str(out))
        else:
            assert run(monkeypatch, "--family", NAME, "--out", str(out)) == code
            assert "no such world" in capsys.readouterr().err
        (file,) = out.glob("*.json")
        assert len(json.loads(file.read_text())["rounds"]) == 1


def test_where_nothing_can_be_written_nothing_is_measured(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """Outputs are tried first."""
    monkeypatch.setattr(run_peers, "run", None)
    (tmp_path / "file").write_text("")
    for arguments in (["--out", str(tmp_path / "file")], ["--plot", str(tmp_path)]):
        with pytest.raises(SystemExit, match="2"):
            run(monkeypatch, "--family", NAME, "--out", str(tmp_path), *arguments)
        assert str(tmp_path) in capsys.readouterr().err


def test_who_cannot_is_not_asked(tmp_path: Path) -> None:
    """Visits of several cells are no assignment; too many pairs are given to nobody."""
    limits, bounds = PeerLimits(30.0), Bounds()
    prepared = prepare("multi-tight-30x6x3-s0", tmp_path, 1_000_000)
    assert attempt("whole-flow", prepared, tmp_path, limits, bounds).status == "not for this"
    assert attempt("first-come", prepared, tmp_path, limits, bounds).status == "feasible"
    prepared = prepare("multi-tight-30x6x3-s0", tmp_path, 1)
    assert "more than 1 pairs" in attempt("first-come", prepared, tmp_path, limits, bounds).status
    assert attempt("slotmatch", prepared, tmp_path, limits, bounds).status == "optimal"


def test_judges_find_what_is_wrong() -> None:
    """A cell taken twice, a request placed twice, values that nobody else counts."""
    instance = Instance.named(NAME)
    pairs = instance.pairs()
    answer = BY_NAME["first-come"].solve(pairs, PeerLimits(30.0))
    world = instance.snapshot, instance.policy
    assert answer.taken is not None
    assert answer.values is not None
    assert judged(*world, answer) == ()
    other = (answer.values[0] + 1, *answer.values[1:])
    wrong = Answer("feasible", answer.taken, other, answer.bounds, 1.0)
    assert "the judges" in judged(*world, wrong)[0]
    taken = answer.taken
    cell = taken.first_cell.copy()
    cell[1] = cell[0]
    clash = Taken(taken.request, cell, taken.num_cells)
    faults = judged(*world, Answer("feasible", clash, answer.values, answer.bounds, 1.0))
    assert any("slot_capacity" in fault for fault in faults)
    twice = Taken(taken.request * 0, taken.first_cell, taken.num_cells)
    faults = judged(*world, Answer("feasible", twice, answer.values, answer.bounds, 1.0))
    assert faults == ("a request has two places",)


@pytest.mark.parametrize(
    "arguments",
    [
        ["--family", "nothing"],
        ["--family", NAME, "--seconds", "0"],
        ["--family", NAME, "--seconds", "nan"],
        ["--family", NAME, "--peers", "gurobi"],
        ["--family", NAME, "--workers", "0"],
        ["--family", NAME, "--seeds", "-1"],
        [],
    ],
)
def test_what_cannot_be_asked_is_refused(
    arguments: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """With exit code 2, before anything is made."""
    with pytest.raises(SystemExit, match="2"):
        run(monkeypatch, *arguments)
    assert "error:" in capsys.readouterr().err


def test_seeds_multiply_instances() -> None:
    """Each family once per seed; without seeds as named."""
    assert run_peers._names(["single-tight-40x8x3"], [4, 5, 4]) == [
        "single-tight-40x8x3-s4",
        "single-tight-40x8x3-s5",
    ]
    assert len(run_peers._names(["S"], None)) == 4
