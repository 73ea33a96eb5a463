"""What was offered before, read back from the document of a repair: answers refer to it."""

from __future__ import annotations

from dataclasses import asdict, fields
from typing import Any

from engine.errors import AnswerError
from engine.events.findings import Forced
from engine.interchange.found_places import WhereRow
from engine.interchange.json_text import UNREADABLE, parse_json
from engine.interchange.validation import read_record
from engine.problems import Report
from engine.repair.causes import GaveWay
from engine.repair.document import EntryRow, MenuRow, OfferedRow, RepairDocument
from engine.repair.ledger import Entry, Ledger
from engine.repair.menus import Menu, Offered, Option
from engine.where import Where


def read_offered(raw: bytes, path: str = "repair") -> tuple[Ledger, tuple[Menu, ...]]:
    """Ledger and menus of the last plan of a repair.

    Parameters
    ----------
    raw
        A ``RepairDocument`` as JSON; further members are passed over. UTF-8.
    path
        Name for messages.

    Returns
    -------
    Ledger, tuple of Menu
        What answers need of them: who goes where and who gave way to whom, and the options; not
        why somebody has no place, keeps a contested one, or has few options.

    Raises
    ------
    AnswerError
        Everything that is wrong with it.
    """
    report = Report()
    content = parse_json(raw, path, report)
    known = {field.name for field in fields(RepairDocument)}
    if isinstance(content, dict):
        content = {name: value for name, value in content.items() if name in known}
    document: RepairDocument | None = None
    if content is not UNREADABLE:
        document = read_record(RepairDocument, content, path, report)
    if document is not None and not document.frontier:
        report.error("missing_field", f"{path}/frontier", "there is no plan")
    if report.num_errors or document is None:
        raise AnswerError.of(report)
    point = document.frontier[-1]
    ledger = Ledger(tuple(_entry(row) for row in point.ledger), point.unavoidable)
    return ledger, tuple(_menu(row) for row in point.menus)


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
