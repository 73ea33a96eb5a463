"""What was offered before, read back from the document of a repair: answers refer to it."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from typing import Any

from engine.domain.record import open_record
from engine.errors import AnswerError
from engine.events.findings import Forced
from engine.interchange.found_places import WhereRow
from engine.interchange.json_text import UNREADABLE, parse_json
from engine.interchange.validation import read_record
from engine.problems import Report
from engine.repair.causes import GaveWay
from engine.repair.document import EntryRow, MenuRow, OfferedPlan, OfferedRow
from engine.repair.ledger import Entry, Ledger
from engine.repair.menus import Menu, Offered, Option
from engine.where import Where


@dataclass(frozen=True, slots=True)
class Offer:
    """What was offered.

    Parameters
    ----------
    ledger
        What answers need of it: who goes where, and who gave way to whom; not whom collisions
        displace in any case, nor why somebody has no place or keeps a contested one.
    menus
        The options; not why there are few.
    path
        Where it stands, for messages.
    """

    ledger: Ledger
    menus: tuple[Menu, ...]
    path: str

    @classmethod
    def of(cls, plan: OfferedPlan, path: str) -> Offer:
        """What a plan offered."""
        ledger = Ledger(tuple(_entry(row) for row in plan.ledger), 0)
        return cls(ledger, tuple(_menu(row) for row in plan.menus), path)


@open_record
class _Answer:
    """Of the answer of a repair, the plans of its frontier."""

    frontier: tuple[OfferedPlan, ...]


def read_offered(raw: bytes, path: str = "repair") -> Offer:
    """What the last plan of a repair offered.

    Parameters
    ----------
    raw
        A ``RepairDocument`` as JSON, UTF-8.
    path
        Name for messages.

    Raises
    ------
    AnswerError
        Everything that is wrong with it.
    """
    report = Report()
    content = parse_json(raw, path, report)
    answer: _Answer | None = None
    if content is not UNREADABLE:
        answer = read_record(_Answer, content, path, report)
    if answer is not None and not answer.frontier:
        report.error("missing_field", f"{path}/frontier", "there is no plan")
    if report.num_errors or answer is None:
        raise AnswerError.of(report)
    last = len(answer.frontier) - 1
    return Offer.of(answer.frontier[last], f"{path}/frontier/{last}")


def _entry(row: EntryRow) -> Entry:
    forced, gave_way = row.forced, row.gave_way
    return Entry(
        appointment_id=row.appointment_id,
        request_id=row.request_id,
        patient_id=row.patient_id,
        urgency=row.urgency,
        standing=row.standing,
        outcome=row.outcome,
        before=_where(row.before),
        after=None if row.after is None else _where(row.after),
        parts=row.parts,
        days_late=row.days_late,
        forced=None if forced is None else Forced(row.appointment_id, **asdict(forced)),
        gave_way=None if gave_way is None else GaveWay(gave_way.to, gave_way.rules),
    )


def _menu(row: MenuRow) -> Menu:
    return Menu(
        row.appointment_ids,
        tuple(
            Option(option.number, option.is_planned, tuple(map(_offered, option.places)))
            for option in row.options
        ),
        None,
    )


def _offered(row: OfferedRow) -> Offered:
    return Offered(row.appointment_id, row.request_id, _where(row), row.parts, row.days_late)


def _where(row: WhereRow) -> Where:
    content: dict[str, Any] = {field.name: getattr(row, field.name) for field in fields(Where)}
    return Where(**content)
