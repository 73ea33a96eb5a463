"""Reports of the peers: ratios, losses, tables and plots say what was measured."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from benchmarks.peer_plot import plot, points_by_method
from benchmarks.peer_report import Round, as_json, free_path, table
from benchmarks.trial import Prepared, Trial

PREPARED = Prepared(
    name="single-tight-100x10x5-s0",
    arrays="ab",
    requests=100,
    pairs=2_000,
    cells=150,
    is_single=True,
    refusal="",
    levels=("unplaced_emergent", "unplaced_routine", "lateness", "inconvenience"),
    units=("requests", "requests", "days", "milli-days"),
    pairs_seconds=0.5,
)
OURS = Trial("slotmatch", "optimal", (1, 9, 4, 90_000), (1, 9, 4, 90_000), 2.0, 150.0, 140.0)
FIRST = Trial("first-come", "feasible", (3, 17, 2, 60_000), (None,) * 4, 0.1, 130.0, 128.0)
OPEN = Trial("scip", "feasible", (1, 9, 4, 95_000), (1, 9, 4, 80_000), 20.0, 300.0, 128.0)
DEAD = Trial.without("highs", "died of SIGSEGV", 4)
ROUND = Round(PREPARED, (OURS, FIRST, OPEN, DEAD))


def cells(method: str) -> list[str]:
    """A row of the table."""
    (line,) = [row for row in table(ROUND).splitlines() if row.startswith(f"| {method} |")]
    return [cell.strip() for cell in line.strip("|").split("|")]


def test_a_ratio_compares_what_begins_and_ends_alike() -> None:
    """The making of pairs counts for a peer, and the engine makes its own candidates."""
    assert ROUND.ratio(OURS) == 1.0
    assert ROUND.ratio(FIRST) == pytest.approx(0.3)
    assert ROUND.ratio(DEAD) is None
    assert Round(PREPARED, (FIRST,)).ratio(FIRST) is None


def test_a_loss_is_said_in_patients_and_days() -> None:
    """Against the best plan; the days of who is placed are said beside their sum."""
    loss = ROUND.loss(FIRST)
    assert loss is not None
    assert (loss.unplaced, loss.late_days, loss.days) == (10, -2, -30.0)
    assert loss.days_each == 60 / 80
    assert ROUND.loss(DEAD) is None
    assert ROUND.loss(OURS).unplaced == 0  # type: ignore[union-attr]


def test_a_table_tells_proven_from_open() -> None:
    """A value with its proof, with its bound, or by itself; an empty cell where nothing came."""
    assert cells("slotmatch")[6:10] == ["1 =", "9 =", "4 =", "90,000 ="]
    assert cells("scip")[6:10] == ["1 =", "9 =", "4 =", "95,000 ≥ 80,000"]
    assert cells("first-come")[6:] == [
        *("3", "17", "2", "60,000"),
        *("+10", "-2", "-30.0", "0.750"),
    ]
    assert cells("highs") == ["highs", "died of SIGSEGV", *[""] * 12]


def test_a_status_cannot_break_the_table() -> None:
    """Whatever a solver says stays in its cell."""
    dead = Trial.without("highs", "ValueError: a | b\nc", 4)
    assert "| highs | ValueError: a / b c |" in table(Round(PREPARED, (dead,)))


def test_the_better_of_both_ways_is_named() -> None:
    """LAPJVsp on the whole, or part by part."""
    whole = Trial("lapjvsp-whole", "optimal", (1, 9, 4, 90_000), (1, 9, 4, 90_000), 0.3, 1.0, 1.0)
    split = Trial("lapjvsp-split", "optimal", (1, 9, 4, 90_000), (1, 9, 4, 90_000), 0.2, 1.0, 1.0)
    assert "lapjvsp-split, 0.20 s" in table(Round(PREPARED, (whole, split)))
    assert "better" not in table(Round(PREPARED, (whole,)))


def test_everything_is_kept_as_json() -> None:
    """What was measured, with what it is worth beside it."""
    content = json.loads(json.dumps(as_json([ROUND], {"commit": "abc"})))
    (row,) = content["rounds"]
    assert content["commit"] == "abc"
    assert row["arrays"] == "ab"
    assert [trial["method"] for trial in row["trials"]] == [t.method for t in ROUND.trials]
    assert row["trials"][1]["loss"]["unplaced"] == 10
    assert row["trials"][3]["status"] == "died of SIGSEGV"


def test_no_result_is_overwritten(tmp_path: Path) -> None:
    """A second run of a day has a number."""
    first = free_path(tmp_path, "2026-11-22", "abc")
    first.write_text("{}")
    second = free_path(tmp_path, "2026-11-22", "abc")
    assert second != first
    assert second.stem == f"{first.stem}-2"


def test_a_plot_has_a_point_for_every_answer() -> None:
    """Well-formed, with the methods that have an answer; without any, axes alone."""
    assert set(points_by_method([ROUND])) == {"slotmatch", "first-come", "scip"}
    larger = Round(
        Prepared(**{n: getattr(PREPARED, n) for n in Prepared.__slots__} | {"pairs": 9_000_000}),
        (OURS, FIRST),
    )
    name = "{http://www.w3.org/2000/svg}"
    root = ET.fromstring(plot([ROUND, larger]))  # noqa: S314 our own
    lines = [row.attrib["points"] for row in root.iter(f"{name}polyline")]
    assert [len(points.split()) for points in lines] == [2, 2, 1]
    for points in lines:
        for point in points.split():
            x, y = map(float, point.split(","))
            assert 0 < x < 860
            assert 0 < y < 520
    dots = [row.attrib for row in root.iter(f"{name}circle") if row.attrib["r"] == "3.5"]
    assert [dot["fill"] == "white" for dot in dots] == [False, False, True, True, True]
    assert list(ET.fromstring(plot([])).iter(f"{name}polyline")) == []  # noqa: S314 our own
