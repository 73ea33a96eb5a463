"""Tables to Parquet and to CSV, some thousand rows at a time."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from itertools import islice
from typing import Any, BinaryIO

from engine.interchange.csv_tables.formulas import escape_formula
from scenarios.report.tables.contents import Table
from scenarios.report.tables.values import Kind, Rows, Value
from scenarios.report.told import Told

_ROWS_AT_ONCE = 50_000


def missing_library() -> str | None:
    """How to get what writes Parquet, where it is not there."""
    return None if find_spec("pyarrow") else "Maybe: pip install 'slotmatch[report]'"


def write_table(table: Table, told: Sequence[Told], parquet: BinaryIO, text: BinaryIO) -> int:
    """Write a table twice; equal runs give equal bytes.

    Parameters
    ----------
    parquet
        Gets it with its types, compressed.
    text
        Gets it as CSV (UTF-8), in which cells that look like formulas are escaped.

    Returns
    -------
    int
        How many rows it has.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    schema = pa.schema([pa.field(name, _type(pa, kind)) for name, kind in table.columns.items()])
    stream = io.TextIOWrapper(text, "utf-8", newline="", write_through=True)
    lines = csv.writer(stream, lineterminator="\n")
    lines.writerow(table.columns)
    num_rows = 0
    with pq.ParquetWriter(parquet, schema, compression="zstd") as writer:
        for some in _batches(table.rows(told)):
            num_rows += len(some)
            columns = zip(zip(*some, strict=True), schema, strict=True)
            arrays = [pa.array(column, field.type) for column, field in columns]
            writer.write_table(pa.Table.from_arrays(arrays, schema=schema))
            lines.writerows(map(_cells, some))
    stream.detach()
    return num_rows


def _batches(rows: Rows) -> Iterator[list[tuple[Value, ...]]]:
    while some := list(islice(rows, _ROWS_AT_ONCE)):
        yield some


def _type(pa: Any, kind: Kind) -> Any:
    types = {"text": pa.string(), "whole": pa.int64(), "number": pa.float64(), "flag": pa.bool_()}
    return types[kind]


def _cells(row: tuple[Value, ...]) -> list[Value]:
    return [_cell(value) for value in row]


def _cell(value: Value) -> Value:
    if isinstance(value, bool):
        return "true" if value else "false"
    return escape_formula(value) if isinstance(value, str) else value
