"""From calendars to a dataset with their sessions and appointments."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from engine.domain import Dataset
from engine.errors import DatasetError
from engine.interchange.assembly import added
from engine.interchange.files import whole_file
from engine.interchange.ical.options import CalendarOptions
from engine.interchange.ical.records import Records
from engine.interchange.ical.sources import Source, Sources
from engine.interchange.ical.stretches import Reader, Stretch
from engine.interchange.ical.text import MAX_BYTES, components
from engine.interchange.import_report import ImportReport


def with_calendars(
    base: Dataset, calendars: Sequence[str], options: CalendarOptions, report: ImportReport
) -> Dataset:
    """The dataset with what the calendars say.

    Raises
    ------
    DatasetError
        A calendar or a role is not there, or there are errors and nothing that can be used.
    """
    named = Sources(base, report.findings)
    sources = list(named.all(calendars))
    if named.num_missing:
        raise DatasetError.of(report.findings)
    records = Records(base, options.cell_minutes, report)
    by_role: dict[str, list[Source]] = {}
    for source in sources:
        by_role.setdefault(source.role.id, []).append(source)
    for rows in by_role.values():
        records.add(_stretches(rows, base, options, report))
    dataset = added(base, records.rows, report)
    if report.findings.num_errors and not any(report.made.values()):
        report.findings.error("empty_dataset", calendars[0], "nothing in it can be used")
        raise DatasetError.of(report.findings)
    return dataset


def _stretches(
    sources: Sequence[Source], base: Dataset, options: CalendarOptions, report: ImportReport
) -> Iterator[tuple[Source, Stretch]]:
    """What the calendars of one role say."""
    for source in sources:
        raw = whole_file(source.file, source.label, report.findings, MAX_BYTES)
        top = None if raw is None else components(raw, source.label, report.findings)
        if top is not None:
            report.read["calendars"] += 1
            reader = Reader(source, base.header.horizon, options, report)
            for stretch in reader.stretches(top):
                yield source, stretch
