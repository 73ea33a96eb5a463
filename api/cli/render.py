"""Results as tables for people."""

from __future__ import annotations

from collections import Counter

from rich.table import Table
from rich.text import Text

from api.cli.console import data, print_table
from api.cli.told import level_text
from engine.interchange.plan_file import PlanRow, plan_rows
from engine.result import Result
from engine.solve.certificate import MOST_NAMED, Certificate
from scenarios.measures import Measures, measure
from scenarios.numbers import count_text

_MOST_SHOWN = 10
_STATUS_STYLE = {"proven": "green", "conditional": "yellow", "open": "yellow"}


def print_result(result: Result) -> None:
    """Print certificate, measures and the unplaced."""
    print_table(_levels(result))
    certificate = result.certificate
    components = count_text(certificate.components, "component")
    seen = certificate.candidates_considered
    data.print(
        f"{_why(result)} after {certificate.seconds:.1f} s: {components}, "
        f"{certificate.open_components} open; {seen:,} candidates considered, "
        f"{certificate.candidates_in_model:,} in the model; verified by the judges."
    )
    if certificate.open_named:
        _print_open(certificate)
    print_table(_measures(measure(result)))
    if result.ruled_out_by:
        counts = Counter(result.ruled_out_by.values()).most_common()
        named = ", ".join(f"{rule} {number}" for rule, number in counts)
        data.print(f"No candidate at all, by the rule that took the last one: {named}.")
    if result.prior:
        broken = count_text(len(result.prior), "rule was", "rules were")
        data.print(f"{broken} broken by appointments before; none more now.")


def _why(result: Result) -> str:
    return {
        "proven": "Proven",
        "time_limit": "Stopped by the time limit",
        "deterministic_limit": "Stopped by the work limit",
        "cancelled": "Stopped on request",
    }[result.certificate.stopped]


def _levels(result: Result) -> Table:
    table = Table(title="Certificate", title_justify="left")
    for heading in ("level", "value", "bound", "gap", "status"):
        table.add_column(
            heading, justify="right" if heading in ("value", "bound", "gap") else "left"
        )
    for level in result.certificate.levels:
        style = _STATUS_STYLE[level.status]
        gap = f"{level.relative_gap:.2%}" if level.gap else "0"
        table.add_row(
            level.name.replace("_", ", "),
            level_text(level.value, level.unit),
            level_text(level.bound, level.unit),
            gap,
            Text(level.status, style),
        )
    return table


def _print_open(certificate: Certificate) -> None:
    """Which components are open, and how far, the largest first."""
    table = Table(title="Open components", title_justify="left")
    for heading in ("of request", "specialty", "requests", "path", "value ≥ bound"):
        table.add_column(heading, justify="right" if heading == "requests" else "left")
    shown = certificate.open_named[:_MOST_SHOWN]
    for part in shown:
        levels = "\n".join(
            f"{level.name.replace('_', ', ')}: {level_text(level.value, level.unit)} ≥ "
            f"{level_text(level.bound, level.unit)}"
            for level in part.levels
            if level.gap
        )
        cells = (part.first_request, part.specialty or "", f"{part.requests}", part.path, levels)
        table.add_row(*(Text(cell) for cell in cells))
    print_table(table)
    if more := certificate.open_components - len(shown):
        data.print(f"{more} more are open; a plan file names {MOST_NAMED} of them at most.")


def _measures(measures: Measures) -> Table:
    table = Table(title="Measures", title_justify="left", show_header=False)
    table.add_column("measure")
    table.add_column("value", justify="right")
    for name, value in _measure_rows(measures):
        table.add_row(name, value)
    return table


def _measure_rows(measures: Measures) -> list[tuple[str, str]]:
    rows = [
        ("requests", f"{measures.requests}"),
        ("placed", f"{measures.placed} ({_percent(measures.match_rate)})"),
        ("unplaced: no candidate at all", f"{measures.no_candidate}"),
        ("unplaced: crowded out", f"{measures.crowded_out}"),
        ("days to appointment, median", _number(measures.days_to_appointment_median)),
        ("days to appointment, 90th percentile", _number(measures.days_to_appointment_p90)),
        ("seen within the standard", _percent(measures.within_standard)),
        ("way to the doctor, median km", _number(measures.travel_km_median)),
        ("with a wished doctor, of those who wish", _percent(measures.with_wished_doctor)),
        ("at a suitable time, of those who say", _percent(measures.at_suitable_time)),
        ("free cells filled", _percent(measures.utilisation)),
    ]
    if measures.linked:
        unplaced = ("unplaced: bound to one without a candidate", f"{measures.linked}")
        rows.insert(4, unplaced)
    if measures.kept:
        rows.insert(1, ("with an appointment already", f"{measures.kept}"))
    return rows


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{share:.1%}"


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.1f}"


def print_rows(result: Result) -> None:
    """Print every visit in the order of time, and who is left out."""
    table = Table(title="Plan", title_justify="left")
    for heading in ("day", "time", "request", "with", "at", ""):
        table.add_column(heading, overflow="fold")
    rows = sorted(plan_rows(result), key=lambda row: (row.start is None, row.start or 0))
    for row in rows:
        who = row.doctor_id or row.service_id or ""
        cells = (_day(row), _time(row), row.request_id, who, _place(row), row.reason or row.state)
        table.add_row(*(Text(cell) for cell in cells))
    print_table(table)


def _day(row: PlanRow) -> str:
    return "" if row.start is None else f"{row.start:%a %d %b}"


def _time(row: PlanRow) -> str:
    return "" if row.start is None or row.end is None else f"{row.start:%H:%M}–{row.end:%H:%M}"


def _place(row: PlanRow) -> str:
    return "" if row.start is None else row.location_id or "by video"
