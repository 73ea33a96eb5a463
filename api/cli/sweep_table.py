"""The points of a sweep as one table, a row each."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rich.table import Table
from rich.text import Text

from api.cli.amounts import difference_of, estimate_of
from api.cli.console import data, print_table
from scenarios.numbers import titled
from scenarios.runs.across import AcrossCell, AcrossRow

_MOST_OF_POINT = 44  # width of the column that names the point
_FRAME = 3  # what a column takes beside its text


def print_sweep(title: str, rows: Sequence[AcrossRow]) -> None:
    """Print what changes from point to point: as many tables as it takes to fit.

    Where fewer than two points have been run there is nothing to compare.
    """
    if sum(row.num_runs > 0 for row in rows) < 2:
        return
    if not rows[0].cells:
        data.print(f"{title}: no measure differs between the points.", markup=False)
        return
    for columns in _pages(rows):
        print_table(_table(f"{title}: point by point", rows, columns))
    data.print(
        "Second line: the difference from the first point on the same seeds; * hardly by chance.",
        markup=False,
    )


def swept_of(values: Mapping[str, Any]) -> Iterator[str]:
    """What the sweep put in at a point, path by path."""
    return (f"{path} = {as_in_file(value)}" for path, value in values.items())


def as_in_file(value: Any) -> str:
    """A value as YAML has it in a line."""
    if isinstance(value, dict):
        return f"{{{', '.join(f'{key}: {as_in_file(part)}' for key, part in value.items())}}}"
    if isinstance(value, list):
        return f"[{', '.join(map(as_in_file, value))}]"
    return value if isinstance(value, str) else json.dumps(value)


def _table(title: str, rows: Sequence[AcrossRow], columns: Sequence[int]) -> Table:
    table = Table(title=Text(title), title_justify="left", show_lines=True)
    table.add_column("point", width=_width_of_point(rows))
    for column in columns:
        heading = titled(rows[0].cells[column].measure)
        table.add_column(heading, justify="right", width=_width(rows, column))
    for row in rows:
        cells = (_text(row.cells[column]) for column in columns)
        table.add_row(*map(Text, ("\n".join(swept_of(row.values)), *cells)))
    return table


def _text(cell: AcrossCell) -> str:
    value = estimate_of(cell.value, cell.measure)
    if cell.difference is None:
        return value
    return f"{value}\n{difference_of(cell.difference, cell.measure)}"


def _pages(rows: Sequence[AcrossRow]) -> Iterator[list[int]]:
    """Columns that go into one table each, at least one; every row names its point."""
    room = data.width - _width_of_point(rows) - _FRAME - 1
    page, left = list[int](), room
    for column in range(len(rows[0].cells)):
        width = _width(rows, column) + _FRAME
        if page and width > left:
            yield page
            page, left = [], room
        page.append(column)
        left -= width
    yield page


def _width_of_point(rows: Sequence[AcrossRow]) -> int:
    longest = max((len(text) for row in rows for text in swept_of(row.values)), default=0)
    return min(max(longest, len("point")), _MOST_OF_POINT)


def _width(rows: Sequence[AcrossRow], column: int) -> int:
    """What the numbers take, and the longest word of the heading, which may break."""
    words = titled(rows[0].cells[column].measure).split()
    lines = (line for row in rows for line in _text(row.cells[column]).splitlines())
    return max(map(len, (*words, *lines)))
