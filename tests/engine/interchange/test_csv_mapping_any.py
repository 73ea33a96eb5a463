"""Mappings of any shape: the end is a mapping that can be used, or findings."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from csv_sample import FILE, LIST, clinic, write_mapping
from hypothesis import given
from hypothesis import strategies as st

from engine.domain import COLLECTIONS
from engine.errors import DatasetError
from engine.interchange.csv_tables import read_mapping, read_tables
from engine.interchange.csv_tables.mapping import FieldRule, Table
from engine.interchange.csv_tables.shapes import shapes_of

RULE_KEYS = sorted(name.rstrip("_") for name in FieldRule.__dataclass_fields__)
TEXTS = st.sampled_from(
    ["", "No", "MRN", "created", "json", "UTC", "%Y-%m-%dT%H:%M", "%", "%Y %Y", ",", "x", "\0", "ä"]
)
VALUES = st.recursive(
    TEXTS | st.integers() | st.booleans() | st.floats() | st.datetimes() | st.dates() | st.times(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=5,
)
COLUMNS = st.sampled_from(["No", "MRN", "Reason", "Created"])
RULES = st.one_of(
    COLUMNS,
    st.builds(
        lambda column, more: {"column": column, **more},
        COLUMNS,
        st.dictionaries(st.sampled_from(RULE_KEYS), VALUES, max_size=1),
    ),
    st.dictionaries(st.sampled_from([*RULE_KEYS, "colum"]), VALUES, max_size=4),
    VALUES,
)


@st.composite
def tables(draw: st.DrawFn) -> Any:
    """A table that makes sense now and then."""
    collection = draw(st.sampled_from([*COLLECTIONS, "request"]))
    names = [*shapes_of(collection), "groups.x", "nothing"] if collection in COLLECTIONS else ["id"]
    fields = draw(st.dictionaries(st.sampled_from(names), RULES, max_size=2))
    table = {"file": FILE, "collection": collection, "fields": {"id": "No"} | fields}
    keys = sorted(Table.__dataclass_fields__)
    return table | draw(st.dictionaries(st.sampled_from(keys), VALUES, max_size=1))


@given(
    st.lists(tables(), min_size=1, max_size=2),
    st.dictionaries(TEXTS, VALUES, max_size=1) | st.just({}),
)
def test_any_mapping_is_judged(tmp_path_factory: Any, some: list[Any], more: Any) -> None:
    """Nothing that a mapping says takes the reader down; what it means is read."""
    folder = tmp_path_factory.mktemp("any")
    (folder / FILE).write_text(LIST)
    path = write_mapping(folder, *some, **{key: value for key, value in more.items() if key})
    with suppress(DatasetError):
        _, report = read_tables(read_mapping(path), clinic())
        assert sum(report.made.values()) > 0
