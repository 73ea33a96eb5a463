"""A sweep as one table: columns, pages, and what is said where nothing differs."""

from __future__ import annotations

import pytest

from api.cli.sweep_table import print_sweep
from scenarios.runs.across import AcrossCell, AcrossRow
from scenarios.statistics import estimate


def rows(*measures: str) -> list[AcrossRow]:
    """Two points with the same numbers in every column."""
    value, difference = estimate([0.5, 0.75]), estimate([0.2, 0.2])
    return [
        AcrossRow(
            {"changes/0/share": number},
            2,
            tuple(AcrossCell(name, value, difference if number else None) for name in measures),
        )
        for number in range(2)
    ]


def test_a_row_per_point_with_interval_and_difference(capsys: pytest.CaptureFixture[str]) -> None:
    """The first point is what the other is compared with."""
    print_sweep("More", rows("match_rate", "days_later"))
    text = " ".join(capsys.readouterr().out.split())
    assert "More: point by point" in text
    assert "│ changes/0/share = 0 │ 62.5 ± 158.8 │ 0.62 ± 1.59 │" in text
    assert "│ changes/0/share = 1 │ 62.5 ± 158.8 │ 0.62 ± 1.59 │ │ │ +20.0 * │ +0.20 * │" in text
    assert text.endswith("on the same seeds; * hardly by chance.")


def test_columns_that_do_not_fit_go_into_a_table_of_their_own(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Each names its points again, and none is wider than the terminal."""
    print_sweep("More", rows(*["travel_km_median"] * 8))
    lines = capsys.readouterr().out.splitlines()
    assert sum("point by point" in line for line in lines) > 1
    assert max(map(len, lines[:-1])) <= 80


def test_where_nothing_differs_that_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    """And of a scenario without a sweep there is nothing to say."""
    print_sweep("More", rows())
    assert capsys.readouterr().out == "More: no measure differs between the points.\n"
    print_sweep("More", [])
    assert capsys.readouterr().out == ""
