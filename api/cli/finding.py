"""``slotmatch find``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from rich.table import Table
from rich.text import Text

from api.cli import exit_codes
from api.cli.console import data, print_json, print_problems, print_table
from api.cli.inputs import load_inputs
from api.cli.told import MILLI_DAYS, day_of, days_of, place_of, time_of, told, who_of
from engine.find import find
from engine.found import Extras, Found, FoundPlace, Grouping
from engine.interchange.found_places import found_content


def run_find(
    dataset_path: Path,
    request_id: str,
    k: int,
    policy_path: Path | None,
    grouping: Grouping | None = None,
    *,
    as_json: bool,
) -> int:
    """Read a dataset, and print the best places for one of its requests."""
    policy, dataset, report = load_inputs(policy_path, dataset_path)
    print_problems(report.problems, report.counts)
    found = find(dataset, request_id, k, policy, Extras(grouping))
    if as_json:
        print_json(found_content(found))
    else:
        _print(found)
    return exit_codes.OK


def _print(found: Found) -> None:
    for sentence in _before(found):
        data.print(sentence, markup=False)
    if found.places:
        print_table(_table(found))
    for sentence in _after(found):
        data.print(sentence, markup=False)


def _before(found: Found) -> Iterator[str]:
    """What a reader of the places must know."""
    if found.held is not None:
        where = found.held
        yield (
            f"{found.request_id} has an appointment: {told(where)} at {place_of(where)}. "
            "Other places:"
        )
    if found.is_linked:
        others = ", ".join(found.linked_with)
        yield (
            f"{found.request_id} goes with {others}, still open: only a match places them together."
        )


def _after(found: Found) -> Iterator[str]:
    """How many there were, or why there is none."""
    number = f"{found.considered:,}"
    if found.places:
        yield f"{len(found.places)} of {number} candidates, verified by the judges."
    elif found.reason == "no_candidate":
        yield f"No place: nothing is eligible. The last was ruled out by {found.ruled_out_by}."
    else:
        yield f"No place: what is booked leaves no room for any of {number} candidates."
    if found.next_available is not None:
        where = found.next_available
        yield f"Whatever the latest and the price, the next is {told(where)} at {place_of(where)}."
    if found.counts is not None:
        taking = ", ".join(_taking(found.counts))
        yield f"Of roles, of these in sessions, then of places, rules leave: {taking or 'all'}."


def _taking(counts: Mapping[str, int]) -> Iterator[str]:
    """What every rule leaves that takes something away."""
    before = None
    for name, left in counts.items():
        if before is not None and left < before:
            yield f"{name.replace('_', ' ')} {left:,} of {before:,}"
        before = left


def _table(found: Found) -> Table:
    table = Table(title=f"Places for {found.request_id}", title_justify="left")
    table.add_column("", justify="right")
    for heading in ("day", "time"):
        table.add_column(heading, no_wrap=True)
    for heading in ("with", "at"):
        table.add_column(heading)
    levels = [name for name in found.places[0].values if not name.startswith("unplaced")]
    for name in levels:
        table.add_column(_heading(name, found.units[name]), justify="right", no_wrap=True)
    table.add_column("of which", min_width=10)
    parts = [found.places] if found.groups is None else [group.places for group in found.groups]
    for part in parts:
        table.add_section()
        for place in part:
            where = place.where
            cells = [f"{place.rank}", day_of(where), time_of(where), who_of(where)]
            cells.append(place_of(where))
            cells += [_amount(place.values[name], found.units[name]) for name in levels]
            table.add_row(*(Text(cell) for cell in [*cells, _parts(found, place)]))
    return table


def _heading(level: str, unit: str) -> str:
    """A level, as other tables call it."""
    if level == "lateness":
        return "days\nlate"
    return "price\ndays" if unit == MILLI_DAYS else f"{level}\n{unit}"


def _parts(found: Found, place: FoundPlace) -> str:
    """What the price consists of."""
    return ", ".join(
        f"{name.replace('_', ' ')} {_amount(amount, found.units[name])}"
        for name, amount in place.contributions.items()
        if amount and found.units[name] == MILLI_DAYS
    )


def _amount(amount: int, unit: str) -> str:
    return days_of(amount) if unit == MILLI_DAYS else f"{amount}"
