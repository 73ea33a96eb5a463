"""Answers as JSON: what is read, and what is refused."""

from __future__ import annotations

import pytest
from clinic import at

from engine.domain import Declined as Refusal
from engine.errors import AnswerError
from engine.interchange.validation import adapter
from engine.repair.answers import (
    ANSWERS,
    SAID,
    Accepted,
    Answer,
    Declined,
    Stays,
)


def test_answers_come_back_as_they_were_written() -> None:
    """One of every kind."""
    answers: tuple[Answer, ...] = (
        Accepted(appointment_id="a1", option=2),
        Declined(appointment_id="a2", learned=(Refusal(doctor_id="dr", before=at("09:00")),)),
        Stays(appointment_id="a3"),
    )
    assert SAID.read(adapter(tuple[Answer, ...]).dump_json(answers), "answers") == answers
    assert {type(answer) for answer in answers} == set(ANSWERS.values())


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("{}", [("wrong_type", "answers")]),
        ("[", [("not_json", "answers")]),
        ('[1, {"option": 1}]', [("wrong_type", "answers/0"), ("missing_field", "answers/1/kind")]),
        ('[{"kind": "accept"}]', [("wrong_value", "answers/0/kind")]),
        (
            '[{"kind": "accepted", "appointment_id": "a", "option": 0, "more": 1}]',
            [("out_of_range", "answers/0/option"), ("unknown_field", "answers/0/more")],
        ),
    ],
)
def test_what_is_wrong_is_said(text: str, found: list[tuple[str, str]]) -> None:
    """Each mistake with its code and path."""
    with pytest.raises(AnswerError) as raised:
        SAID.read(text.encode(), "answers")
    assert sorted((row.code, row.path) for row in raised.value.problems) == sorted(found)


def test_schema_names_every_kind() -> None:
    """A union by the kind."""
    assert set(SAID.schema()["items"]["discriminator"]["mapping"]) == set(ANSWERS)
