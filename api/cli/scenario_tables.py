"""Scenarios as tables for people: every measure with the changes, without, and the difference."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from rich.table import Table
from rich.text import Text

from api.cli.amounts import difference_of, estimate_of, gap_of
from api.cli.console import data, print_table
from api.cli.sweep_table import print_sweep, swept_of
from scenarios.numbers import count_text, titled
from scenarios.runs.across import across
from scenarios.runs.comparison import Comparison, Line, Verdict
from scenarios.runs.gap_lines import GapLine
from scenarios.scenario_file import Estimated, Scenario
from scenarios.statistics import Estimate


def library_table(rows: Iterable[tuple[str, str]]) -> Table:
    """Names and titles."""
    table = Table()
    table.add_column("name", no_wrap=True)
    table.add_column("what if")
    for row in rows:
        table.add_row(*map(Text, row))
    return table


def print_scenario(
    scenario: Scenario,
    points: Sequence[Comparison],
    measures: Sequence[str] = (),
    *,
    with_groups: bool,
) -> None:
    """Print a table per point of the sweep, what acceptance tests say, and all points together.

    Parameters
    ----------
    measures
        Columns of the last table; by default those that differ.
    """
    for point in points:
        if not point.num_runs:
            data.print(f"{_title(scenario, point)}: no run is done.", markup=False)
            continue
        print_table(_measures(_title(scenario, point), point, with_groups=with_groups))
        for sentence in _said(point):
            data.print(sentence, markup=False)
    print_sweep(_called(scenario), across(points, measures))


def _title(scenario: Scenario, point: Comparison) -> str:
    values = ", ".join(swept_of(point.values))
    return f"{_called(scenario)}; {values}" if values else _called(scenario)


def _called(scenario: Scenario) -> str:
    return scenario.title or scenario.name


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
        cells = _compared(line) if is_compared else (estimate_of(line.value, line.measure),)
        table.add_row(*map(Text, (titled(line.measure), *group, *cells)))
    return table


def _compared(line: Line) -> tuple[str, str, str]:
    """Without the changes, with them, and the difference."""
    without, value = (estimate_of(row, line.measure) for row in (line.baseline, line.value))
    return without, value, difference_of(line.difference, line.measure)


def _said(point: Comparison) -> Iterator[str]:
    runs = count_text(point.num_asked, "run", "runs, each with its own seed")
    if point.num_runs < point.num_asked:
        runs = f"{point.num_runs:,} of {runs}"
    plans = count_text(point.num_unproven, "plan is", "plans are")
    proven = "all proven" if not point.num_unproven else f"{plans} not proven, with or without"
    yield f"{runs}, {proven}."
    if any(line.difference and line.difference.is_distinguishable for line in point.lines):
        yield "* hardly by chance: 0 lies outside of the interval of 95 % over the seeds."
    if point.estimated is not None:
        yield _estimated(point.estimated)
    yield from point.warnings
    yield from (_gap(gap) for gap in point.gaps if gap.is_wide)
    yield from map(_verdict, point.verdicts)


def _estimated(found: Estimated) -> str:
    """What past appointments say of how days pass, as far as the run says nothing of it."""
    said, leads = found.estimate, found.estimate.lead_days
    weekdays = " ".join(f"{factor:.2f}" for factor in said.weekdays)
    by_lead = ", ".join(f"{row.share:.1%} from {row.days:g} days" for row in said.no_show_by_lead)
    words = {
        "requests_per_day": f"{said.requests_per_day:.1f} requests a day",
        "weekdays": f"Monday to Sunday times {weekdays}",
        "lead_days": f"{leads[50]:.1f} days from asking to the visit (median; p90 {leads[90]:.1f})",
        "no_show": f"{said.no_show:.1%} stay away",
        "no_show_by_lead": by_lead and f"by days from being told: {by_lead}",
        "patient_cancels": f"{said.patient_cancels:.1%} are cancelled",
    }
    taken = "; ".join(words[name] for name in found.fields if words[name])
    head = f"Estimated from {said.appointments:,} appointments in {said.days:,} days ({found.file})"
    own = [name for name in words if name not in found.fields]
    if "no_show" in own and "no_show_by_lead" in own:
        own.remove("no_show_by_lead")  # that of the scenario holds for every lead
    rest = f" The scenario itself says {', '.join(own)}." if own else ""
    return f"{head}: {taken or 'nothing'}.{rest}"


def _gap(gap: GapLine) -> str:
    """A gap that is worth a warning: the widest of all runs, and the mean over them."""
    many, without = gap.size.count > 1, gap.baseline is not None and gap.baseline.mean is not None
    sentence = f"Warning, gap by {gap_of(gap.widest)}"
    if many:
        mean = estimate_of(gap.size, gap.measure)
        sentence += f" That is the widest; mean {mean}, wide in {gap.num_wide} of {gap.size.count}."
    if without:
        mean = estimate_of(gap.baseline, gap.measure)
        sentence += f" Without the changes{' mean' if many else ''} {mean}."
    return sentence


def _verdict(verdict: Verdict) -> str:
    test = verdict.test
    least = test.at_least is not None
    asked = f"at least {test.at_least:g}" if least else f"at most {test.at_most:g}"
    word = "holds" if verdict.holds else "FAILS"
    return f"Acceptance {word}: {test.measure} {_found(verdict.value)}, {asked} was asked."


def _found(value: Estimate) -> str:
    """What was found of a measure that is tested."""
    if value.more_than is not None:
        return f"is more than {value.more_than:.4g}"
    found = "has no value" if value.mean is None else f"is {value.mean:.4g}"
    if value.low is not None and value.high is not None and value.low < value.high:
        found += f" ({value.low:.4g} to {value.high:.4g})"
    if value.missing:
        found += f", of {value.count} of {value.count + value.missing} runs"
    return found
