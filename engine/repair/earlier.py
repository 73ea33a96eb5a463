"""Earlier rounds of a negotiation: what was offered, and what people said, one after the other.

Nothing is kept between the rounds but this. The dataset of the next round is the first one with
all answers carried out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from engine.domain import Dataset
from engine.domain.record import record
from engine.errors import AnswerError
from engine.interchange.validation import read_record
from engine.problems import Report
from engine.repair.answers import SAID, Answer, OneAnswer
from engine.repair.document import OfferedPlan
from engine.repair.negotiation import Settled, settled
from engine.repair.offered import Offer


@record
class Round:
    """What was offered, and what people said to it."""

    offered: OfferedPlan
    """A plan with its menus as it was answered: of the frontier, or one of those that differ."""
    answers: tuple[Answer, ...]
    """At most one to each menu."""


@dataclass(frozen=True, slots=True)
class Said:
    """What people said to one plan.

    Parameters
    ----------
    offer
        What they were offered.
    answers
        At most one to each menu.
    path
        Where the list of answers stands, for messages.
    """

    offer: Offer
    answers: tuple[OneAnswer, ...]
    path: str


def rounds_from(content: Any, path: str) -> tuple[Said, ...]:
    """Read rounds from plain values: a list of ``Round``.

    Parameters
    ----------
    path
        Where they stand, for messages.

    Raises
    ------
    AnswerError
        Everything that is wrong with them. Whether they fit the dataset is judged when they are
        carried out.
    """
    report = Report()
    if not isinstance(content, list):
        report.error("wrong_type", path, "must be a list of rounds", content)
        raise AnswerError.of(report)
    rounds = [_round(value, f"{path}/{index}", report) for index, value in enumerate(content)]
    if report.num_errors:
        raise AnswerError.of(report)
    return tuple(row for row in rounds if row is not None)


def _round(value: Any, path: str, report: Report) -> Said | None:
    """One round; ``None`` where it cannot be read, which is reported."""
    if not isinstance(value, dict):
        report.error("wrong_type", path, "must be an object", value)
        return None
    members = tuple(Round.__dataclass_fields__)
    for name in value.keys() - set(members):
        report.error("unknown_field", f"{path}/{name}", f"one of {', '.join(members)} expected")
    missing = [name for name in members if name not in value]
    for name in missing:
        report.error("missing_field", f"{path}/{name}", "the field is required")
    plan: OfferedPlan | None = None
    if "offered" in value:
        plan = read_record(OfferedPlan, value["offered"], f"{path}/offered", report)
    try:
        answers = SAID.of(value.get("answers", []), f"{path}/answers")
    except AnswerError as error:
        report.problems += error.problems
        report.counts += error.counts
        return None
    return (
        None
        if plan is None
        else Said(Offer.of(plan, f"{path}/offered"), answers, f"{path}/answers")
    )


def all_settled(dataset: Dataset, rounds: Sequence[Said]) -> Settled:
    """Carry out what people said, round by round.

    Parameters
    ----------
    dataset
        As it was before the events and before every answer.
    rounds
        In the order in which they were.

    Returns
    -------
    Settled
        After all of them: everybody who accepted in any, and who waits after the last.

    Raises
    ------
    AnswerError
        Everything that is wrong with any of them.
    """
    report, found = Report(), Settled(dataset, (), ())
    for row in rounds:
        try:
            now = settled(
                found.dataset,
                row.offer.ledger,
                row.offer.menus,
                row.answers,
                row.path,
                row.offer.path,
            )
        except AnswerError as error:
            report.problems += error.problems
            report.counts += error.counts
            continue
        found = replace(now, accepted=(*found.accepted, *now.accepted))
    if report.num_errors:
        raise AnswerError.of(report)
    return found
