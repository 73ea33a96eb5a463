"""Scenarios as tables for people: every measure with the changes, without, and the difference."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from rich.table import Table
from rich.text import Text

from api.cli.console import data, print_table
from scenarios.measures import MEASURES
from scenarios.runs.comparison import Comparison, Line, Verdict
from scenarios.scenario_file import Scenario
from scenarios.statistics import Estimate


def library_table(rows: Iterable[tuple[str, str]]) -> Table:
    """Names and titles."""
    table = Table()
    table.add_column("name", no_wrap=True)
    table.add_column("what if")
    for row in rows:
        table.add_row(*map(Text, row))
    return table


def print_scenario(scenario: Scenario, points: Sequence[Comparison], *, with_groups: bool) -> None:
    """Print a table per point of the sweep, and what acceptance tests say."""
    for point in points:
        if not point.num_runs:
            data.print(f"{_title(scenario, point)}: no run is done.", markup=False)
            continue
        print_table(_measures(_title(scenario, point), point, with_groups=with_groups))
        for sentence in _said(point):
            data.print(sentence, markup=False)


def _title(scenario: Scenario, point: Comparison) -> str:
    values = ", ".join(f"{path} = {_as_in_file(value)}" for path, value in point.values.items())
    title = scenario.title or scenario.name
    return f"{title}; {values}" if values else title


def _as_in_file(value: Any) -> str:
    """A value as YAML has it in a line."""
    if isinstance(value, dict):
        return f"{{{', '.join(f'{key}: {_as_in_file(part)}' for key, part in value.items())}}}"
    if isinstance(value, list):
        return f"[{', '.join(map(_as_in_file, value))}]"
    return value if isinstance(value, str) else json.dumps(value)


def _measures(title: str, point: Comparison, *, with_groups: bool) -> Table:
    table = Table(title=Text(title), title_justify="left")
    table.add_column("measure")
    if with_groups:
        table.add_column("of")
    is_compared = any(line.baseline is not None for line in point.lines)
    for heading in ("without", "with", "difference") if is_compared else ("value",):
        table.add_column(heading, justify="right")
    for line in point.lines:
        if line.group is not None and not with_groups:
            continue
        group = [line.group or "all"] if with_groups else []
        value = _said_of(line.value, line)
        cells = (_said_of(line.baseline, line), value, _difference(line))
        table.add_row(*map(Text, (_name(line), *group, *(cells if is_compared else (value,)))))
    return table


def _name(line: Line) -> str:
    kind = MEASURES[line.measure]
    unit = "%" if kind.unit == "share" else kind.unit
    return f"{line.measure.replace('_', ' ')} ({unit})"


def _said_of(value: Estimate | None, line: Line) -> str:
    """A mean, half of its interval, and of how many runs it is, where some have no value."""
    if value is None or value.mean is None:
        return "–"
    of = f" (of {value.count})" if value.missing else ""
    return f"{_number(value.mean, line)}{_half(value, line)}{of}"


def _difference(line: Line) -> str:
    """What the changes add; a star where it is hardly chance."""
    difference = line.difference
    if difference is None or difference.mean is None:
        return "–"
    text = f"{_number(difference.mean, line, sign=True)}{_half(difference, line)}"
    return f"{text} *" if difference.is_distinguishable else text


def _half(value: Estimate, line: Line) -> str:
    if value.low is None or value.high is None or value.low == value.high:
        return ""
    return f" ± {_number((value.high - value.low) / 2, line)}"


def _number(value: float, line: Line, *, sign: bool = False) -> str:
    unit = MEASURES[line.measure].unit
    number = value * 100 if unit == "share" else value
    digits = 1 if unit in ("share", "km") else 2 if unit == "days" else 0
    if digits == 0 and number != round(number):
        digits = 1
    number = round(number, digits) + 0.0  # no zero has a sign
    return f"{number:{'+' if sign else ''},.{digits}f}"


def _said(point: Comparison) -> Iterator[str]:
    runs = "1 run" if point.num_asked == 1 else f"{point.num_asked:,} runs, each with its own seed"
    if point.num_runs < point.num_asked:
        runs = f"{point.num_runs:,} of {runs}"
    plans = "1 plan is" if point.num_unproven == 1 else f"{point.num_unproven:,} plans are"
    proven = "all proven" if not point.num_unproven else f"{plans} not proven, with or without"
    yield f"{runs}, {proven}."
    if any(line.difference and line.difference.is_distinguishable for line in point.lines):
        yield "* hardly by chance: 0 lies outside of the interval of 95 % over the seeds."
    yield from point.warnings
    yield from map(_verdict, point.verdicts)


def _verdict(verdict: Verdict) -> str:
    test, value = verdict.test, verdict.value
    least = test.at_least is not None
    asked = f"at least {test.at_least:g}" if least else f"at most {test.at_most:g}"
    found = "has no value" if value.mean is None else f"is {value.mean:.4g}"
    if value.low is not None and value.high is not None and value.low < value.high:
        found += f" ({value.low:.4g} to {value.high:.4g})"
    if value.missing:
        found += f", of {value.count} of {value.count + value.missing} runs"
    word = "holds" if verdict.holds else "FAILS"
    return f"Acceptance {word}: {test.measure} {found}, {asked} was asked."
