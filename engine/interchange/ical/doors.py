"""The ways in and out; the libraries behind them are an extra, and asked for only here."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.util import find_spec

from engine.domain import Dataset
from engine.errors import DatasetError
from engine.interchange.ical.options import CalendarOptions, check_options
from engine.interchange.import_report import ImportReport
from engine.problems import Report

_LIBRARIES = ("icalendar", "recurring_ical_events")


def read_calendars(
    base: Dataset, calendars: Sequence[str], options: CalendarOptions
) -> tuple[Dataset, ImportReport]:
    """Read hours and busy times of roles into a dataset.

    Parameters
    ----------
    base
        A dataset with the roles; its horizon bounds what is read.
    calendars
        Each is ``ROLE=FILE.ics``, or a file or a folder of files that are named after roles.
    options
        What events are, and the length of cells.

    Returns
    -------
    Dataset, ImportReport
        The dataset with sessions and appointments behind its own, and every event that was
        not used, with the reason.

    Raises
    ------
    DatasetError
        A calendar or a role is not there, an option is outside its limits, there are errors
        and nothing that can be used, or the extra ``calendar`` is not installed.
    """
    report = ImportReport()
    check_options(options, report.findings)
    _require_libraries(report.findings)
    from engine.interchange.ical.read import with_calendars

    return with_calendars(base, calendars, options, report), report


def calendars_of(dataset: Dataset) -> dict[str, bytes | None]:
    """Calendars of the roles of a dataset, by the names of their files.

    Returns
    -------
    dict
        ``None`` where a role has neither a session nor an appointment.

    Raises
    ------
    DatasetError
        A role's id is too long for the name of a file, or the extra ``calendar`` is not
        installed.
    """
    findings = Report()
    _require_libraries(findings)
    from engine.interchange.ical.write import texts

    return texts(dataset, findings)


def _require_libraries(findings: Report) -> None:
    """Raise ``DatasetError`` where the libraries are not there, or an error was found before."""
    for name in _LIBRARIES:
        if find_spec(name) is None:
            message = "is not installed. Maybe: pip install 'slotmatch[calendar]'"
            findings.error("missing_extra", "icalendar", message, name)
    if findings.num_errors:
        raise DatasetError.of(findings)
