"""How days pass, estimated from past appointments: a CSV file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterator
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from engine.errors import InvalidInputError
from engine.interchange.csv_tables.mapping import Table
from engine.interchange.csv_tables.table_file import CsvRow, csv_rows
from engine.problems import Report, one_of
from scenarios.rolling.spec import NoShowFrom

COLUMNS = ("asked", "start", "status")

STATUSES = {
    "served": ("served", "fulfilled", "completed", "arrived"),
    "no_show": ("no_show", "no-show", "noshow"),
    "cancelled": ("cancelled", "canceled"),
}
"""Words for what became of an appointment, in any case; those of FHIR among them."""

LEADS = (0.0, 1.0, 3.0, 7.0, 14.0, 30.0)
"""Days from asking to the visit from which on patients who stay away are counted apart."""

MIN_VISITS = 30
"""Visits that a share is taken of, at least; where there are fewer, that of shorter leads holds."""

_QUANTILES = 101
_DAY = timedelta(days=1)
_WORDS = {word: status for status, words in STATUSES.items() for word in words}


@dataclass(frozen=True, slots=True)
class Past:
    """One past appointment: when it was asked for, when it was, and what became of it."""

    asked: datetime
    start: datetime
    status: str

    @property
    def lead(self) -> float:
        """Days from asking to the visit."""
        return (self.start - self.asked) / _DAY


@dataclass(frozen=True, slots=True)
class Estimate:
    """What past appointments say of how days pass.

    Parameters
    ----------
    appointments, days
        How many, and the days from the first on which one was asked for to the last.
    requests_per_day, weekdays
        How many were asked for on a day, and how much more, or less, on Monday to Sunday.
    lead_days
        Days from asking to the visit, 101 quantiles. Who could have come earlier, and found no
        place, is in them too: they are longer than what patients wished for.
    no_show, no_show_by_lead
        Share to which nobody came, of those that were not cancelled; all, and by how long before
        they were asked for.
    patient_cancels
        Share that was cancelled, by whomever.
    """

    appointments: int
    days: int
    requests_per_day: float
    weekdays: tuple[float, ...]
    lead_days: tuple[float, ...]
    no_show: float
    no_show_by_lead: tuple[NoShowFrom, ...]
    patient_cancels: float

    def beside(self, given: Container[str]) -> dict[str, Any]:
        """What a run leaves open, as the fields of a run in plain values.

        Parameters
        ----------
        given
            Names of the fields that the run states. Where it states a share of visits to which
            nobody comes, that holds for every lead.
        """
        values: dict[str, Any] = {
            "requests_per_day": self.requests_per_day,
            "weekdays": list(self.weekdays),
            "lead_days": list(self.lead_days),
            "no_show": self.no_show,
            "no_show_by_lead": [asdict(row) for row in self.no_show_by_lead],
            "patient_cancels": self.patient_cancels,
        }
        stated = {name for name in values if name in given}
        if "no_show" in stated:
            stated.add("no_show_by_lead")
        return {name: value for name, value in values.items() if name not in stated}


def estimated(file: Path) -> Estimate:
    """Estimate how days pass from past appointments.

    Parameters
    ----------
    file
        CSV with the columns ``asked``, ``start`` and ``status`` among others, plain or gzip.
        Instants are ISO 8601, with an offset from UTC on both or on neither.

    Raises
    ------
    InvalidInputError
        Everything that is wrong with the file.
    """
    report = Report()
    past = list(_read(file, report))
    if not past and not report.num_errors:
        report.error("empty_dataset", file.name, "there is no appointment in it")
    if report.num_errors:
        raise InvalidInputError.of(report)
    first, last = (pick(row.asked.date() for row in past) for pick in (min, max))
    days = (last - first) // _DAY + 1
    per_day = len(past) / days
    leads = np.quantile([row.lead for row in past], np.linspace(0, 1, _QUANTILES))
    came = [row for row in past if row.status != "cancelled"]
    return Estimate(
        appointments=len(past),
        days=days,
        requests_per_day=per_day,
        weekdays=_weekdays(past, first, days, per_day),
        lead_days=tuple(float(lead) for lead in leads),
        no_show=_no_show(came),
        no_show_by_lead=tuple(_by_lead(came)),
        patient_cancels=1 - len(came) / len(past),
    )


def _weekdays(past: list[Past], first: date, days: int, per_day: float) -> tuple[float, ...]:
    """Factor of every weekday; 1 where none of its kind lies between the first and the last."""
    there = Counter((first + n * _DAY).weekday() for n in range(days))
    asked = Counter(row.asked.date().weekday() for row in past)
    return tuple(asked[day] / there[day] / per_day if there[day] else 1.0 for day in range(7))


def _no_show(came: list[Past]) -> float:
    return sum(row.status == "no_show" for row in came) / len(came) if came else 0.0


def _by_lead(came: list[Past]) -> Iterator[NoShowFrom]:
    """Shares of those who stay away, from one lead to the next where there are enough visits."""
    rest = came
    for lead, following in zip(LEADS, (*LEADS[1:], float("inf")), strict=True):
        some = [row for row in rest if lead <= row.lead < following]
        if len(some) >= MIN_VISITS:
            yield NoShowFrom(days=lead, share=_no_show(some))


def _read(file: Path, report: Report) -> Iterator[Past]:
    """Rows of the file that can be read; the others are reported."""
    if not file.is_file():
        report.error("not_found", file.name, "there is no such file")
        return
    table = Table(file=file.name, collection="appointments", fields={})
    rows = csv_rows(file, table, report)
    head = next(rows, None)
    names = [] if head is None else [name.lower() for name in head.cells]
    missing = [name for name in COLUMNS if name not in names]
    for name in missing:
        report.error("unknown_column", file.name, f"there is no such column. {one_of(names)}", name)
    if missing:
        return
    place = {name: names.index(name) for name in COLUMNS}
    for row in rows:
        past = _past(row, place, len(names), f"{file.name}:{row.line}", report)
        if past is not None:
            yield past


def _past(row: CsvRow, place: dict[str, int], width: int, path: str, report: Report) -> Past | None:
    if len(row.cells) != width:
        message = f"{len(row.cells)} cells for {width} columns"
        report.error("wrong_number_of_cells", path, message)
        return None
    cells = {name: row.cells[column] for name, column in place.items()}
    asked, start = (_instant(cells[name], f"{path}/{name}", report) for name in COLUMNS[:2])
    status = _WORDS.get(cells["status"].lower())
    if status is None:
        advice = one_of(_WORDS, cells["status"])
        report.error("wrong_value", f"{path}/status", f"no such status. {advice}", cells["status"])
    if asked is None or start is None:
        return None
    if (asked.tzinfo is None) != (start.tzinfo is None):
        message = "an offset from UTC on one of asked and start, and none on the other"
        report.error("bad_instant", f"{path}/start", message, cells["start"])
        return None
    if start < asked:
        message = f"before it was asked for, {cells['asked']}"
        report.error("empty_interval", f"{path}/start", message, cells["start"])
        return None
    return None if status is None else Past(asked, start, status)


def _instant(cell: str, path: str, report: Report) -> datetime | None:
    try:
        return datetime.fromisoformat(cell)
    except ValueError:
        message = "an instant is written like 2026-03-08T09:00, or with its offset at the end"
        report.error("bad_instant", path, message, cell)
        return None
