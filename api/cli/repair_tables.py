"""Repairs as tables for people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from rich.table import Table
from rich.text import Text

from api.cli.console import data, print_table
from api.cli.measure_table import print_measures
from api.cli.plan_tables import print_plans
from api.cli.told import (
    MILLI_DAYS,
    day_of,
    days_of,
    number_moved,
    others,
    people,
    place_of,
    status_of,
    told,
    unplaced_of,
    who_of,
)
from api.repair_measures import RepairMeasures
from engine.events.findings import Cluster, Forced
from engine.repair.account import Account
from engine.repair.ledger import Entry, Ledger
from engine.repair.point import Point
from engine.repair.repair import Repair
from engine.solve.certificate import LevelResult
from engine.where import Where
from scenarios.numbers import count_text

_MAX_SHOWN = 50
_REST = 32  # width of the lines of a table, its prices, and the longest words of its reasons

_WHY_FORCED = {
    "no_session": "nobody is there",
    "taken": "the place is needed",
    "refused": "refused now",
    "missing": "no longer booked",
}

_STOPPED = {
    "proven": "proven",
    "time_limit": "stopped by the time limit",
    "deterministic_limit": "stopped by the work limit",
    "cancelled": "stopped on request",
}


def print_repair(account: Account, measures: RepairMeasures) -> None:
    """Print what happened, the frontier with its measures, and what its last plan does to whom."""
    repair, ledgers = account.repair, account.ledgers
    for sentence in _happened(account):
        data.print(sentence, markup=False)
    _print_collisions(repair.aftermath.clusters)
    print_table(_frontier(repair, ledgers))
    for point in repair.points:
        data.print(_certificate(point), markup=False)
    for sentence in _beyond(repair):
        data.print(sentence, markup=False)
    print_measures(account, measures)
    _print_changes(repair.points[-1], ledgers[-1])
    if account.plans is not None:
        print_plans(account.plans)


def _happened(account: Account) -> Iterator[str]:
    """Who is concerned, and what is left as it is."""
    aftermath, ledger = account.repair.aftermath, account.ledgers[-1]
    reasons = Counter(_WHY_FORCED[row.reason] for row in aftermath.forced)
    named = ", ".join(f"{reason} {number}" for reason, number in reasons.most_common())
    forced = f"{people(ledger.forced.people)} cannot come as they were told"
    if named:
        yield f"{forced}: {named}."
    elif not aftermath.clusters:
        yield "Nobody has lost a place."
    if aftermath.clusters:
        number = ledger.contested.people
        were = "was" if number == 1 else "were"
        yield f"{people(number)} {were} told places that cannot all be kept."
    without = account.unpinned.entries if account.unpinned is not None else ()
    for row in without[:_MAX_SHOWN]:
        place = "have no place either" if row.after is None else f"go to {told(row.after)}"
        yield f"Pinned to a place that is gone: {row.appointment_id}. Unpinned it would {place}."
    if aftermath.prior:
        rules = Counter(row.rule for row in aftermath.prior)
        named = ", ".join(f"{rule} {number}" for rule, number in rules.most_common())
        yield f"Broken before, and left as it is: {named}."


def _detail(row: Forced) -> str:
    """By what, where that is not the session that they know."""
    return f" ({row.detail})" if row.detail and row.reason != "no_session" else ""


def _print_collisions(clusters: tuple[Cluster, ...]) -> None:
    if not clusters:
        return
    table = Table(title="Collisions", title_justify="left")
    for heading in ("of", "day", "time", "who meets"):
        table.add_column(heading)
    conflicts = [row for cluster in clusters for row in cluster.conflicts]
    for row in conflicts[:_MAX_SHOWN]:
        time = f"{row.start:%H:%M}–{row.end:%H:%M}"
        place = "" if row.location_id is None else f" at {row.location_id}"
        cells = (f"{row.of}{place}", f"{row.start:%a %d %b}", time, ", ".join(row.appointment_ids))
        table.add_row(*map(Text, cells))
    print_table(table)
    if len(conflicts) > _MAX_SHOWN:
        data.print(f"… and {len(conflicts) - _MAX_SHOWN} more")


def _frontier(repair: Repair, ledgers: Sequence[Ledger]) -> Table:
    """A row per plan: how many others move, and what that gives."""
    table = Table(title="Plans", title_justify="left")
    table.add_column("others\nmoved", justify="right")
    table.add_column("left without a place")
    for heading in ("told\nanew", "days\nlate", "price\ndays"):
        table.add_column(heading, justify="right")
    table.add_column("")
    for point, ledger in zip(repair.points, ledgers, strict=True):
        cells = (
            number_moved(point),
            unplaced_of(point),
            f"{ledger.moved.people}",
            f"{ledger.days_late}",
            days_of(ledger.price),
        )
        table.add_row(*map(Text, cells), status_of(point))
    return table


def _certificate(point: Point) -> str:
    """What is known of a plan, in one line."""
    certificate = point.certificate
    head = f"With {others(point.additional)}: {_STOPPED[certificate.stopped]}"
    open_levels = ", ".join(_open(row) for row in certificate.levels if row.gap)
    still = f", open: {open_levels}" if open_levels else ""
    seen = f"{certificate.candidates_considered:,} candidates considered"
    return f"{head} after {certificate.seconds:.1f} s{still}; {seen}, verified by the judges."


def _open(level: LevelResult) -> str:
    """How far a level is from its bound."""
    name = level.name.replace("_", " ")
    if level.unit == MILLI_DAYS:
        return f"{name} {days_of(level.value)} days (at least {days_of(level.bound)})"
    return f"{name} {level.value} (at least {level.bound})"


def _beyond(repair: Repair) -> Iterator[str]:
    """What another limit would give, as far as that is known."""
    last, extent = repair.points[-1], repair.extent
    if not repair.is_proven:
        yield "Not all is proven: there may be better plans, and others that move more people."
    if not any(last.unplaced):
        return
    within = "" if extent.depth is None else f", within depth {extent.depth}"
    if extent.max_additional == 0:
        yield "Others would perhaps make room: --max-additional 5 says how many it takes."
    elif len(repair.points) == 1 and repair.is_proven:
        most = people(extent.max_additional)
        yield f"To move up to {most} beside them would place nobody else{within}."


def _print_changes(point: Point, ledger: Ledger) -> None:
    """Who is told what, the urgent first; then who keeps a contested place, and why."""
    moved = [row for row in ledger.entries if row.outcome in ("moved", "unplaced")]
    patients = {row.appointment_id: row.patient_id for row in ledger.entries}
    if not moved:
        data.print("Nobody is told another place.")
    else:
        title = f"Who is told what, with {others(point.additional)} moved"
        print_table(_changes(sorted(moved, key=_order), title, patients))
    for row in [row for row in ledger.entries if row.outcome == "kept"][:_MAX_SHOWN]:
        keeps = f"{row.patient_id} keeps {told(row.before)}{_because(row, patients)}."
        data.print(keeps, markup=False)


def _order(entry: Entry) -> tuple[int, object]:
    return ("forced", "contested", "bystander").index(entry.standing), entry.before.start


def _changes(entries: list[Entry], title: str, patients: dict[str, str]) -> Table:
    table = Table(title=title, title_justify="left", show_lines=True)
    often = Counter(row.patient_id for row in entries)
    rows = [
        (
            row.patient_id if often[row.patient_id] == 1 else _visit(row),
            _lines(row.before),
            _no_place(row) if row.after is None else _lines(row.after),
            f"{_why(row, patients)}\n{_change(row)}".rstrip(),
            days_of(row.price),
        )
        for row in entries
    ]
    widths = [max(len(line) for row in rows for line in row[k].splitlines()) for k in range(3)]
    fits = sum(widths) + _REST <= data.width  # then no id is broken
    for heading, width in zip(("who", "before", "after"), widths, strict=True):
        table.add_column(heading, min_width=width if fits else None)
    table.add_column("why, and what changes")
    table.add_column("price\ndays", justify="right")
    for cells in rows:
        table.add_row(*map(Text, cells))
    return table


def _visit(entry: Entry) -> str:
    """Who, and which of their visits."""
    return f"{entry.patient_id}\n{entry.appointment_id}"


def _lines(where: Where) -> str:
    return f"{day_of(where)} {where.start:%H:%M}\n{who_of(where)}\n{place_of(where)}"


def _no_place(entry: Entry) -> str:
    straw = None if entry.no_place is None else entry.no_place.ruled_out_by
    if straw is None or straw == "taken":
        return "none: others\nhold all"
    return f"none possible\n({straw})"


def _change(entry: Entry) -> str:
    """What is different, in words."""
    before, after = entry.before, entry.after
    if after is None:
        return ""
    return ", ".join([_shift(before, after), *_other(before, after), *_burdens(entry)])


def _shift(before: Where, after: Where) -> str:
    days = before.days_until(after)
    if not days:
        return "same day"
    return f"{count_text(abs(days), 'day')} {'later' if days > 0 else 'earlier'}"


def _other(before: Where, after: Where) -> Iterator[str]:
    if not before.is_with(after):
        yield "other doctor"
    if (before.location_id is None) != (after.location_id is None):
        yield "by video" if after.location_id is None else "in person"
    elif before.location_id != after.location_id:
        yield "other place"


def _burdens(entry: Entry) -> Iterator[str]:
    if "unsuitable_time" in entry.parts:
        yield "at a time that does not suit"
    if "travel_per_km" in entry.parts:
        yield "farther"
    if entry.days_late:
        yield "a day late" if entry.days_late == 1 else f"{entry.days_late} days late"


def _why(entry: Entry, patients: dict[str, str]) -> str:
    """Why there is a change at all."""
    if entry.forced is not None:
        return f"{_WHY_FORCED[entry.forced.reason]}{_detail(entry.forced)}"
    head, joint = ("collides", "with") if entry.standing == "contested" else ("makes room", "for")
    ids = () if entry.gave_way is None else entry.gave_way.to
    names = dict.fromkeys(_named(entry, name, patients) for name in ids)
    return " ".join([head, joint, ", ".join(names)] if ids else [head])


def _because(entry: Entry, patients: dict[str, str]) -> str:
    """Why a contested place is kept."""
    rows = [
        f"{_named(entry, row.with_id, patients)}: "
        f"{', '.join(row.decided_by).replace('_', ' ') or 'between equals'}"
        for row in entry.compared
    ]
    return f" rather than {'; '.join(rows)}" if rows else ""


def _named(entry: Entry, appointment_id: str, patients: dict[str, str]) -> str:
    """Whose another appointment is: of somebody told to be in two places, their own."""
    name = patients.get(appointment_id, appointment_id)
    return "their other visit" if name == entry.patient_id else name
