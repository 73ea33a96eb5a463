"""Plan-Net directories in which anything may stand anywhere."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from plan_net_sample import ROWS, accepting, network, role, write_directory

from engine.errors import DatasetError
from engine.interchange.dataset import read_dataset, write_dataset, write_document
from engine.interchange.plan_net import DirectoryOptions, read_plan_net

RICH = role(
    "rich",
    period={"start": "2026-03", "end": "2026-03-08"},
    notAvailable=[{"during": {"start": "2026-03-07", "end": "2026-03-08T06:45:00Z"}}],
    extension=[network({"reference": "Organization/n1"}), *accepting("newpt")],
)
GONE = "(nothing at all)"
ODD: list[Any] = [
    GONE,
    None,
    True,
    0,
    -1,
    1e308,
    10**30,
    [],
    {},
    [None],
    "",
    " ",
    "\x00",
    "a\tb",
    "\ud800",
]
ODD += ["x" * 5000, "x" * 190, "0001", "9999-12-31", "0001-01-01T00:00:00+14:00", "2026-02-30"]
ODD += ["2026-03-08T03:00:00.123456789-04:00", "23:59:59", "00:00:00", "p1", "l1", "r1", "/"]
ODD += ["Practitioner/p2", "Location/l2", "both-at-l1", "inactive", "mon", "207R00000X"]

changes = st.tuples(st.integers(0, 10_000), st.integers(0, 10_000), st.sampled_from(ODD))


def paths(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Paths of everything inside a value."""
    inside = value.items() if isinstance(value, dict) else ()
    for key, part in enumerate(value) if isinstance(value, list) else inside:
        yield (*path, key)
        yield from paths(part, (*path, key))


def change(rows: list[Any], row: int, place: int, value: Any) -> None:
    """Put ``value`` somewhere into a row, or take away what is there."""
    target = rows[row % len(rows)]
    found = list(paths(target))
    if not found:
        return
    *way, last = found[place % len(found)]
    for key in way:
        target = target[key]
    if value == GONE:
        del target[last]
    else:
        target[last] = value


@given(st.lists(changes, max_size=8))
def test_what_is_read_can_be_written_and_read_again(made: list[tuple[int, int, Any]]) -> None:
    """However odd a directory is, it is refused with its problems, or becomes a dataset that
    every other command reads.
    """
    rows = copy.deepcopy([RICH, *(row for row in ROWS if isinstance(row, dict))])
    for row, place, value in made:
        change(rows, row, place, copy.copy(value))
    with TemporaryDirectory() as name:
        folder = Path(name)
        write_directory(folder, rows)
        try:
            dataset, report = read_plan_net(folder, DirectoryOptions(date(2026, 3, 7), days=2))
        except DatasetError:
            return
        write_dataset(dataset, folder / "written")
        again, _ = read_dataset(folder / "written")
        assert write_document(again) == write_document(dataset)
        assert len(report.findings.problems) == sum(report.findings.counts.values())
