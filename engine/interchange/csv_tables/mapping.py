"""The mapping: which table holds what, and which column gives which field."""

from __future__ import annotations

import codecs
from dataclasses import field
from typing import Annotated, Any, Literal, get_args

from pydantic import BeforeValidator, Discriminator, StringConstraints, Tag, WithJsonSchema
from pydantic import Field as Limit
from pydantic_core import PydanticCustomError

from engine.domain import Header
from engine.domain.fields import Count, Flag, Id, ZoneName
from engine.domain.record import record
from engine.interchange.validation import adapter

MAPPING_SCHEMA: Literal["slotmatch.mapping/1"] = "slotmatch.mapping/1"
"""Format and version that a mapping may state."""

_ENCODINGS = (
    *("utf-8", "utf-16", "utf-16-le", "utf-16-be", "ascii", "mac-roman", "koi8-r"),
    *(f"iso8859-{part}" for part in (*range(1, 12), 13, 14, 15, 16)),
    *(f"cp{page}" for page in (437, 850, 852, 858, 866, 932, *range(1250, 1259))),
    *("shift_jis", "euc_jp", "euc_kr", "gbk", "gb18030", "big5"),
)


def _encoding(value: Any) -> Any:
    """The usual name of an encoding; the codecs of Python that are no encodings are refused."""
    try:
        found = codecs.lookup(value).name if isinstance(value, str) and value.isascii() else ""
    except (LookupError, ValueError):  # no such codec, or no name of one
        found = ""
    found = {"utf-8-sig": "utf-8"}.get(found, found)
    if found not in _ENCODINGS:
        raise PydanticCustomError(
            "wrong_value", "an encoding is one such as utf-8, cp1252, iso-8859-1 or utf-16"
        )
    return found


Encoding = Annotated[
    str,
    BeforeValidator(_encoding),
    WithJsonSchema({"type": "string", "examples": ["utf-8", "cp1252", "utf-16"]}),
]
Delimiter = Literal[",", ";", "\t", "|", ":", "^", "~"]
DELIMITERS: tuple[Delimiter, ...] = get_args(Delimiter)
ColumnName = Annotated[str, StringConstraints(strict=True, min_length=1, max_length=1000)]
Cell = Annotated[str, StringConstraints(strict=True, max_length=1000)]
Format = Annotated[str, StringConstraints(strict=True, min_length=1, max_length=100)]
Separator = Annotated[str, StringConstraints(strict=True, min_length=1, max_length=10)]


@record
class FieldRule:
    """Where the value of a field comes from: a column, several, or the same for every row."""

    column: ColumnName | None = None
    """The column that gives it."""
    columns: Annotated[tuple[ColumnName, ...], Limit(max_length=20)] = ()
    """Several columns instead: their cells are joined by a blank, empty ones left out."""
    value: Any = None
    """The same for every row, instead of a column."""
    values: dict[str, Any] = field(default_factory=dict)
    """What a cell means; a cell that is not named here is an error, unless ``others`` is given."""
    others: Any = None
    """What every cell means that ``values`` does not name."""
    default: Any = None
    """What an empty cell means; without it the field is absent."""
    empty: tuple[Cell, ...] = ()
    """Cells that count as empty, such as ``n/a``."""
    format: Format | None = None
    """How a date or an instant is written, as Python's ``strptime`` says it: ``%m/%d/%Y %H:%M``.
    Without it: as in ISO 8601.
    """
    time_zone: ZoneName | None = None
    """The clock that shows it, where no offset is written; without it, that of the header."""
    separator: Separator | None = None
    """What stands between the items of a list; without it a cell is one item."""
    decimal: Literal[".", ","] = "."
    """What stands before the fraction of a number."""
    after: Id | None = None
    """An instant is so many minutes (``30`` or ``0:30``) after this field of the same row."""
    as_: Annotated[Literal["json"] | None, Limit(alias="as")] = None
    """The cell holds JSON."""


FieldSource = Annotated[
    Annotated[ColumnName, Tag("a_column")] | Annotated[FieldRule, Tag("a_rule")],
    Discriminator(lambda value: "a_column" if isinstance(value, str) else "a_rule"),
]
"""A column alone, or what else there is to say."""


@record
class Table:
    """A CSV file, and the records that its rows are."""

    file: Id
    """The file, below the folder of the mapping; ``.gz`` is unpacked."""
    collection: Id
    """What its rows become: requests, appointments, patients, …"""
    fields: dict[Id, FieldSource]
    """Where each field comes from; fields inside records have dotted names."""
    delimiter: Delimiter = ","
    """What stands between cells."""
    quote: Literal['"', "'", ""] = '"'
    """What cells are enclosed in that hold a delimiter; empty: no cell is."""
    encoding: Encoding = "utf-8"
    """How the text is encoded; a byte order mark is understood."""
    skip_lines: Annotated[Count, Limit(le=1000)] = 0
    """Lines before the one that names the columns."""
    only: dict[ColumnName, tuple[Cell, ...]] = field(default_factory=dict)
    """Read only the rows that have one of these cells in each of these columns."""
    trim: Flag = True
    """Leave out blanks around cells, and around the items of a list."""
    formulas_escaped: Flag = False
    """A cell that begins with an apostrophe is meant without it: so are cells written that a
    spreadsheet would take for formulas.
    """


@record
class Mapping:
    """What a set of CSV files means."""

    schema: Literal["slotmatch.mapping/1"] = MAPPING_SCHEMA
    """The format and its version."""
    header: Header | None = None
    """Header of the dataset, where the tables are all of it."""
    tables: Annotated[tuple[Table, ...], Limit(min_length=1)]
    """The tables, in the order in which they are read."""


def mapping_schema() -> dict[str, Any]:
    """JSON Schema of a mapping, as TOML is read."""
    return adapter(Mapping).json_schema()
