"""What people say to what they are offered, and the file that holds it."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field as Choice

from engine.domain import Declined as Refusal
from engine.domain.fields import Id
from engine.domain.record import record
from engine.errors import AnswerError
from engine.interchange.json_text import UNREADABLE, parse_json
from engine.interchange.validation import adapter, read_record
from engine.problems import Report, one_of


@record
class Accepted:
    """One of the options is taken, for all appointments of the menu."""

    kind: Literal["accepted"] = "accepted"
    """What was said."""
    appointment_id: Id
    """An appointment of the menu."""
    option: Annotated[int, Choice(strict=True, ge=1)]
    """Number of the option."""


@record
class Declined:
    """None of the options is taken; they are not to be offered again."""

    kind: Literal["declined"] = "declined"
    """What was said."""
    appointment_id: Id
    """An appointment of the menu."""
    learned: tuple[Refusal, ...] = ()
    """What else does not suit, ever: not before, not with, not at, not on these weekly times.
    It holds for all appointments of the menu."""


@record
class Stays:
    """Somebody who could have kept the place will not give it up."""

    kind: Literal["stays"] = "stays"
    """What was said."""
    appointment_id: Id
    """An appointment of the menu, contested or a bystander's; so are all others of it."""


OneAnswer = Accepted | Declined | Stays

Answer = Annotated[OneAnswer, Choice(discriminator="kind")]
"""What was said; in JSON an object that says by its ``kind`` what."""

ANSWERS: dict[str, type[OneAnswer]] = {
    "accepted": Accepted,
    "declined": Declined,
    "stays": Stays,
}
"""Record type of every kind."""


def read_answers(raw: bytes, path: str = "answers") -> tuple[Answer, ...]:
    """Read answers from the bytes of a JSON document.

    Parameters
    ----------
    raw
        A list of objects; UTF-8.
    path
        Name for messages.

    Raises
    ------
    AnswerError
        Everything that is wrong with it. Whether an answer fits its menu is judged when it is
        carried out.
    """
    report = Report()
    content = parse_json(raw, path, report)
    if content is UNREADABLE:
        raise AnswerError.of(report)
    return answers_from(content, path)


def answers_from(content: Any, path: str = "") -> tuple[Answer, ...]:
    """Read answers from plain values, as ``read_answers`` does from text."""
    report = Report()
    if not isinstance(content, list):
        report.error("wrong_type", path, "must be a list of answers", content)
        raise AnswerError.of(report)
    read = [_read(value, f"{path}/{index}", report) for index, value in enumerate(content)]
    if report.num_errors:
        raise AnswerError.of(report)
    return tuple(answer for answer in read if answer is not None)


def _read(value: Any, path: str, report: Report) -> Answer | None:
    """One answer; ``None`` where it cannot be read, which is reported."""
    if not isinstance(value, dict):
        report.error("wrong_type", path, "must be an object", value)
        return None
    if "kind" not in value:
        message = f"the field is required. {one_of(ANSWERS)}"
        report.error("missing_field", f"{path}/kind", message)
        return None
    kind = value["kind"]
    if not isinstance(kind, str) or kind not in ANSWERS:
        message = f"no such kind of answer. {one_of(ANSWERS, str(kind))}"
        report.error("wrong_value", f"{path}/kind", message, kind)
        return None
    answer: Answer | None = read_record(ANSWERS[kind], value, path, report)
    return answer


def answers_content(answers: tuple[Answer, ...]) -> list[dict[str, Any]]:
    """Answers as plain values, which ``answers_from`` reads."""
    content: list[dict[str, Any]] = adapter(tuple[Answer, ...]).dump_python(
        answers, mode="json", exclude_defaults=False, exclude_none=True
    )
    return list(content)


def answers_schema() -> dict[str, Any]:
    """JSON Schema of a list of answers."""
    return adapter(tuple[Answer, ...]).json_schema()
