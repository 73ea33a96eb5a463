"""What each change says, and what it makes of the world."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from inspect import cleandoc
from itertools import pairwise
from typing import Any

from pydantic_core import to_jsonable_python

from scenarios.changes import OneChange
from scenarios.details import WorldSize
from scenarios.report.told import PointTold, in_a_line

_FIRST_SENTENCE = re.compile(r".*?\.(?=\s|$)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Difference:
    """Something that a change makes more or fewer of."""

    name: str
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class ChangeTold:
    """One change.

    Parameters
    ----------
    said, given
        In words, and with what the file gives.
    differences
        What there is more or less of afterwards; empty where it changes what is not counted, such
        as a rule.
    """

    said: str
    given: str
    differences: tuple[Difference, ...]


def changes(point: PointTold) -> tuple[ChangeTold, ...]:
    """Every change, with the world of the first seed before it and after."""
    worlds = () if point.seed is None else point.changed[point.seed].details.worlds
    made = list(pairwise(worlds))
    given = point.scenario.source.content.get("changes", ())
    return tuple(
        ChangeTold(
            said=in_words(change),
            given=_given(change, given[index]),
            differences=tuple(_differences(*made[index])) if index < len(made) else (),
        )
        for index, change in enumerate(point.scenario.changes)
    )


def in_words(change: OneChange) -> str:
    """The first sentence that describes a kind of change."""
    described = _FIRST_SENTENCE.match(cleandoc(type(change).__doc__ or ""))
    return " ".join(described[0].split()) if described else change.kind.replace("_", " ")


def sizes(world: WorldSize) -> Iterator[tuple[str, int]]:
    """How large a world is, with names."""
    for field in fields(WorldSize):
        yield field.name.replace("_", " "), getattr(world, field.name)


def _given(change: OneChange, content: Any) -> str:
    """What the file says of a change, in a line."""
    stated = content if isinstance(content, Mapping) else to_jsonable_python(change)
    return "; ".join(
        f"{name}: {in_a_line(value)}" for name, value in stated.items() if name != "kind"
    )


def _differences(before: WorldSize, after: WorldSize) -> Iterator[Difference]:
    for (name, was), (_, now) in zip(sizes(before), sizes(after), strict=True):
        if was != now:
            yield Difference(name, was, now)
