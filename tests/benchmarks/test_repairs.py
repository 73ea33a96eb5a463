"""The experiment of repairs, on a world small enough to run whole."""

from __future__ import annotations

from benchmarks.repairs import drawn, rows, shock, table, told
from engine.solve.limits import Limits

LIMITS = Limits(seconds=20, workers=1)


def test_methods_are_measured_by_the_same_measures() -> None:
    """A repair leaves no more than first come does, and moves no more than a new match does."""
    dataset = told("single-tight-150x20x10-s1", 20.0)
    assert len(shock(dataset, 10, 0)) == 2
    found = list(rows(dataset, 10, 0, 3, LIMITS))
    by_method = {row.method: row for row in found}
    first, anew = by_method["first come"], by_method["from scratch"]
    assert by_method["repair"].is_proven
    assert by_method["repair"].others == first.others == 0
    assert by_method["repair"].left <= first.left
    last = found[-3]
    assert last.method.startswith("repair")
    assert (last.left + last.others) <= (anew.left + anew.others)
    assert table(found).count("\n") == len(found) + 2
    assert drawn(found).count("<polyline") == len({row.method.split(",")[0] for row in found}) + (
        len(found) > 3
    )
