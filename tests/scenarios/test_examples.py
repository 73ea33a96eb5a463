"""The examples that people read and copy."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from brute_force import optimum

from engine.interchange.dataset import read_dataset
from engine.interchange.plan_file import plan_rows
from engine.match import match
from engine.result import Result
from engine.solve.limits import Limits

EXAMPLES = sorted((Path(__file__).parents[2] / "scenarios/examples").glob("*.json"))


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_examples_are_proven_and_brute_force_agrees(path: Path) -> None:
    """Every plan there is has been tried: none is better."""
    dataset, report = read_dataset(path)
    certificate = match(dataset, limits=Limits(deterministic=True)).certificate
    assert report.problems == []
    assert certificate.is_proven
    assert tuple(level.value for level in certificate.levels) == optimum(dataset)


@pytest.fixture(scope="module")
def family_clinic() -> Result:
    """A family back to back, a scan before the specialist, one ultrasound room, and a patient
    with two visits across town.
    """
    path = next(path for path in EXAMPLES if path.stem == "family_clinic")
    return match(read_dataset(path)[0], limits=Limits(deterministic=True))


def test_family_clinic_keeps_to_what_belongs_together(family_clinic: Result) -> None:
    """The children one after the other; two days from scan to specialist; half an hour from
    Midtown to Brooklyn; one at a time in the ultrasound room.
    """
    row = {row.request_id: row for row in plan_rows(family_clinic)}
    assert all(r.start is not None and r.end is not None for r in row.values())
    start = {name: r.start for name, r in row.items() if r.start is not None}
    end = {name: r.end for name, r in row.items() if r.end is not None}
    children = sorted(("ida-check", "jon-check", "kim-check"), key=lambda name: start[name])
    assert [end[name] for name in children[:2]] == [start[name] for name in children[1:]]
    assert (start["omar-consultation"].date() - start["omar-scan"].date()).days >= 2
    way = start["pia-physiotherapy"] - end["pia-echo"]
    assert way >= timedelta(minutes=17)
    assert start["pia-echo"] != start["omar-scan"]
