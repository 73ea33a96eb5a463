"""What people say to what they are offered, and the file that holds it."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field as Choice

from engine.domain import Declined as Refusal
from engine.domain.fields import Id
from engine.domain.record import record
from engine.errors import AnswerError
from engine.interchange.kinds import Kinds


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


SAID: Kinds[OneAnswer] = Kinds(ANSWERS, tuple[Answer, ...], "answer", AnswerError)
"""How they are read; whether an answer fits its menu is judged when it is carried out."""
