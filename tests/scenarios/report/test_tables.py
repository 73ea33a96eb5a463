"""Tables: every row of every run, the same in Parquet and in CSV."""

from __future__ import annotations

import csv
import io
from typing import Any

import pyarrow.parquet as pq
import pytest
from told_scenarios import HOSTILE

from scenarios.report import Told
from scenarios.report.tables import TABLES, write_table


def written(name: str, *told: Told) -> tuple[list[dict[str, Any]], list[dict[str, str]]]:
    """Rows of a table as they are read back from both."""
    (table,) = (row for row in TABLES if row.name == name)
    parquet, text = io.BytesIO(), io.BytesIO()
    num_rows = write_table(table, told, parquet, text)
    rows = pq.read_table(io.BytesIO(parquet.getvalue())).to_pylist()
    lines = list(csv.DictReader(io.StringIO(text.getvalue().decode(), newline="")))
    assert len(rows) == len(lines) == num_rows
    assert all(list(line) == list(table.columns) for line in lines)
    return rows, lines


def test_outcomes_are_one_long_table(swept: Told) -> None:
    """Every measure of every run, of all and of groups, at two points, twice, with and without."""
    rows, lines = written("outcomes", swept)
    placed = [row for row in rows if (row["measure"], row["group"]) == ("placed", None)]
    assert [(row["point"], row["changed"], row["seed"]) for row in placed] == [
        (point, changed, seed) for point in (1, 2) for changed in (False, True) for seed in (1, 2)
    ]
    assert (placed[0]["value"], placed[0]["unit"], placed[0]["count"]) == (5.0, "requests", 5)
    assert any(row["group"] == "language=es" for row in rows)
    assert lines[0]["changed"] == "false"
    assert any(row["value"] == "" for row in lines)


def test_comparisons_have_mean_interval_and_difference(swept: Told) -> None:
    """Three requests more on both seeds are hardly chance."""
    rows, _ = written("comparisons", swept)
    (found,) = (
        row for row in rows if (row["measure"], row["group"], row["point"]) == ("requests", None, 1)
    )
    assert (found["mean"], found["without_mean"], found["difference"]) == (8.0, 5.0, 3.0)
    assert (found["low"], found["high"], found["runs"], found["missing"]) == (8.0, 8.0, 2, 0)
    assert found["distinguishable"] is True
    assert found["better"] is None


def test_details_are_tables_too(swept: Told, mended: Told, passing: Told) -> None:
    """Each has the rows that runs of its kind keep; a table without rows has its columns."""
    rows = {table.name: written(table.name, swept, mended, passing)[0] for table in TABLES}
    assert all(rows.values())
    assert {row["values"] for row in rows["points"]} == {
        '{"changes/1/factor": 1.5}',
        '{"changes/1/factor": 2.0}',
        "{}",
    }
    assert [row["holds"] for row in rows["points"]] == [False, False, None, None]
    assert [row["holds"] for row in rows["acceptance"]] == [True, False, True, False]
    assert max(row["after_change"] for row in rows["worlds"]) == 2
    assert {row["measure"] for row in rows["spreads"]} == {
        "days_to_appointment",
        "travel_km",
        "days_later",
        "days_waited",
    }
    assert sum(row["visits"] for row in rows["places"][:2]) == 5
    assert {row["scenario"] for row in rows["answers"]} == {"told"}
    assert rows["ledger"][0]["doctor_before"] == "dr"
    assert len(rows["days"]) == 4 * 2
    assert written("ledger", swept) == ([], [])


def test_cells_that_look_like_formulas_are_escaped_in_csv_alone(swept: Told) -> None:
    """A spreadsheet would run them; Parquet has types, and its names are as they are."""
    rows, lines = written("use_of_time", swept)
    assert {row["name"] for row in rows} == {HOSTILE}
    assert {line["name"] for line in lines} == {HOSTILE}
    named = swept.points[0].changed[1].details.use
    assert named is not None
    object.__setattr__(named.doctors[0], "name", "=1+1")
    try:
        rows, lines = written("use_of_time", swept)
    finally:
        object.__setattr__(named.doctors[0], "name", HOSTILE)
    assert "=1+1" in {row["name"] for row in rows}
    assert "'=1+1" in {line["name"] for line in lines}


def test_equal_runs_give_equal_bytes(swept: Told) -> None:
    """Of the long table, in both formats."""

    def once() -> tuple[bytes, bytes]:
        parquet, text = io.BytesIO(), io.BytesIO()
        write_table(TABLES[0], [swept], parquet, text)
        return parquet.getvalue(), text.getvalue()

    assert once() == once()


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_columns_are_named_once(table: Any) -> None:
    """And begin with where a row belongs."""
    assert list(table.columns)[:2] == ["scenario", "point"]
