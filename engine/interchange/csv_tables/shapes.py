"""What a cell can give: the fields of a record, those inside records by dotted names."""

from __future__ import annotations

import types
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, dataclass, fields, is_dataclass
from datetime import date, datetime
from functools import cache
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

from engine.domain import COLLECTIONS

Kind = Literal["text", "whole", "number", "flag", "date", "instant", "moment", "list", "record"]

ANY_NAME = "*"
"""Stands for a name that is free, as in ``groups.*``."""

_SCALARS: dict[Any, Kind] = {
    str: "text",
    bool: "flag",
    int: "whole",
    float: "number",
    date: "date",
    datetime: "instant",
}


@dataclass(frozen=True, slots=True)
class Shape:
    """What kind of value a field holds.

    Parameters
    ----------
    kind
        ``moment`` is an instant or a date. A ``record`` can be written whole only as JSON, or
        by its own fields, dotted.
    required
        The fields, below this one, without which there is no such record; a tuple for every
        kind of record that can stand here.
    item
        Of a list: kind of one item; ``record`` where an item has several required fields.
    item_field
        The one required field of the records in a list: a cell gives them by it alone.
    words
        Texts that stand for the whole list (``any`` network).
    """

    kind: Kind
    required: tuple[tuple[str, ...], ...] = ()
    item: Kind = "text"
    item_field: str = ""
    words: tuple[str, ...] = ()


@cache
def shapes_of(collection: str) -> Mapping[str, Shape]:
    """Shape of every field of a collection's records, by dotted name."""
    return dict(_fields(COLLECTIONS[collection], ""))


@cache
def required_fields(collection: str) -> tuple[str, ...]:
    """Fields that every record of a collection states."""
    return _required(COLLECTIONS[collection])


def shape_named(collection: str, name: str) -> Shape | None:
    """Shape of a field; ``None`` where there is none of the name."""
    shapes = shapes_of(collection)
    above, _, below = name.partition(".")
    return shapes.get(name) or (shapes.get(f"{above}.{ANY_NAME}") if below else None)


def _required(record_type: Any) -> tuple[str, ...]:
    return tuple(
        field.name
        for field in fields(record_type)
        if field.default is MISSING and field.default_factory is MISSING
    )


def _fields(record_type: Any, above: str) -> Iterator[tuple[str, Shape]]:
    hints = get_type_hints(record_type, include_extras=True)
    for field in fields(record_type):
        yield from _shapes(f"{above}{field.name}", _branches(hints[field.name]))


def _shapes(name: str, branches: list[Any]) -> Iterator[tuple[str, Shape]]:
    """A field, and the fields below it; ``branches`` are the types it may have."""
    records = [branch for branch in branches if is_dataclass(branch)]
    lists = [branch for branch in branches if get_origin(branch) is tuple]
    if records:
        yield name, Shape("record", tuple(_required(branch) for branch in records))
        for branch in records:
            yield from _fields(branch, f"{name}.")
    elif lists:
        words = (word for branch in branches if branch not in lists for word in get_args(branch))
        yield name, _list_shape(get_args(lists[0])[0], tuple(words))
    elif get_origin(branches[0]) is dict:
        yield name, Shape("record", ((),))
        yield f"{name}.{ANY_NAME}", Shape("text")
    else:
        yield name, Shape(_scalar(branches))


def _list_shape(item: Any, words: tuple[str, ...]) -> Shape:
    branches = _branches(item)
    if not is_dataclass(branches[0]):
        return Shape("list", item=_scalar(branches), words=words)
    needed = _required(branches[0])
    if len(needed) != 1:
        return Shape("list", item="record")
    hint = get_type_hints(branches[0], include_extras=True)[needed[0]]
    return Shape("list", item=_scalar(_branches(hint)), item_field=needed[0])


def _scalar(branches: list[Any]) -> Kind:
    if set(branches) == {date, datetime}:
        return "moment"
    return "text" if get_origin(branches[0]) is Literal else _SCALARS[branches[0]]


def _branches(hint: Any) -> list[Any]:
    """Types that a hint admits, without their limits and without ``None``."""
    origin = get_origin(hint)
    if origin is Annotated:
        return _branches(get_args(hint)[0])
    if origin in (Union, types.UnionType):
        return [branch for part in get_args(hint) for branch in _branches(part)]
    return [] if hint is type(None) else [hint]
