"""Sessions of a role: its weekly hours over the horizon, without its absences."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta

from engine.domain import Interval, Session
from engine.interchange.import_report import ImportReport
from engine.interchange.make import make
from engine.interchange.plan_net.options import DirectoryOptions
from engine.interchange.plan_net.records import visit_type_id
from engine.interchange.plan_net.roles import UsableRole
from engine.interchange.weekly_hours import Span, occurrences, without
from engine.time_grid import elapsed

LEFT_OUT, CUT = "left out", "cut"


def is_there(row: UsableRole, horizon: Interval) -> bool:
    """Whether a part of a role's period lies in the horizon."""
    start, end = row.period
    first, last = max(start, horizon.start), min(end, horizon.end)
    return elapsed(first, last) > timedelta()


def sessions(
    row: UsableRole, horizon: Interval, options: DirectoryOptions, report: ImportReport
) -> Iterator[Session | None]:
    """Sessions of a role in the horizon, each offering the visits of its specialties.

    The report counts those that are left out or cut, and says which absence did it.
    """
    offered = tuple(visit_type_id(code) for code in row.role.specialties)
    touched: Counter[tuple[str, str]] = Counter()
    for stretch in row.hours:
        for span in occurrences(stretch, row.zone, horizon.start, horizon.end):
            parts = _present(span, row, touched)
            if parts != [span]:
                report.sessions[CUT if parts else LEFT_OUT] += 1
            for start, end in parts:
                values = {
                    "id": _id(row.role.id, start.astimezone(row.zone)),
                    "role_id": row.role.id,
                    "start": start.astimezone(row.zone),
                    "end": end.astimezone(row.zone),
                    "cell_minutes": options.cell_minutes,
                    "visit_type_ids": offered,
                }
                yield make(Session, values, row.entry.path, {}, report.findings)
    for field in dict.fromkeys(field for field, _ in touched):
        left_out, cut = touched[field, LEFT_OUT], touched[field, CUT]
        message = f"sessions left out: {left_out}, cut: {cut}; nobody is there"
        report.findings.warn("absence", f"{row.entry.path}/{field}", message)


def _present(span: Span, row: UsableRole, touched: Counter[tuple[str, str]]) -> list[Span]:
    """What a role's absences leave of a stretch; count what each of them does to it."""
    parts = [span]
    for absence in row.absences:
        left = [rest for part in parts for rest in without(part, absence.span)]
        if left != parts:
            touched[absence.field, CUT if left else LEFT_OUT] += 1
        parts = left
    return parts


def _id(role_id: str, start: datetime) -> str:
    """Id of a session by the clock; in an hour that the clock shows twice, by which it is."""
    return f"{role_id}-{start:%Y%m%d-%H%M}{'-again' if start.fold else ''}"
