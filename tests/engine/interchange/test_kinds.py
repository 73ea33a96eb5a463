"""Lists whose rows say by their ``kind`` which record they are."""

from __future__ import annotations

import json
from typing import Annotated, Any, Literal

import pytest
from pydantic import Field as Choice

from engine.domain.record import record
from engine.errors import DatasetError
from engine.interchange.kinds import Kinds


@record
class Circle:
    """A kind."""

    kind: Literal["circle"] = "circle"
    radius: int


@record
class Square:
    """Another one."""

    kind: Literal["square"] = "square"
    side: int


SHAPES: Kinds[Circle | Square] = Kinds(
    {"circle": Circle, "square": Square},
    tuple[Annotated[Circle | Square, Choice(discriminator="kind")], ...],
    "shape",
    DatasetError,
)


def test_rows_are_read_in_their_order() -> None:
    """From text and from plain values, each as the record of its kind."""
    content = [{"kind": "square", "side": 2}, {"kind": "circle", "radius": 1}]
    shapes = (Square(side=2), Circle(radius=1))
    assert SHAPES.read(json.dumps(content).encode(), "shapes") == shapes
    assert SHAPES.of(content, "") == shapes
    assert SHAPES.of([], "") == ()


@pytest.mark.parametrize(
    ("content", "found"),
    [
        ({}, [("wrong_type", "/shapes")]),
        (None, [("wrong_type", "/shapes")]),
        (
            [1, {}, {"kind": "cube"}, {"kind": ["circle"]}, {"kind": "circle", "side": 1}],
            [
                ("wrong_type", "/shapes/0"),
                ("missing_field", "/shapes/1/kind"),
                ("wrong_value", "/shapes/2/kind"),
                ("wrong_value", "/shapes/3/kind"),
                ("missing_field", "/shapes/4/radius"),
                ("unknown_field", "/shapes/4/side"),
            ],
        ),
    ],
)
def test_everything_wrong_is_found_in_one_pass(content: Any, found: list[tuple[str, str]]) -> None:
    """With the row's number and its field, as the error that was asked for."""
    with pytest.raises(DatasetError) as caught:
        SHAPES.of(content, "/shapes")
    assert [(row.code, row.path) for row in caught.value.problems] == found


def test_messages_name_the_noun_and_the_kinds() -> None:
    """What it could have been, and what it is probably meant to be."""
    with pytest.raises(DatasetError, match="no such kind of shape") as caught:
        SHAPES.of([{"kind": "squares"}], "shapes")
    assert "square" in caught.value.problems[0].message
    with pytest.raises(DatasetError, match="must be a list of shapes"):
        SHAPES.of("circle", "shapes")


def test_what_is_no_json_is_refused() -> None:
    """With the name of the file."""
    with pytest.raises(DatasetError, match=r"shapes\.json") as caught:
        SHAPES.read(b"[", "shapes.json")
    assert [row.code for row in caught.value.problems] == ["not_json"]


def test_schema_tells_them_apart() -> None:
    """By the kind."""
    assert SHAPES.schema()["items"]["discriminator"]["mapping"].keys() == {"circle", "square"}
