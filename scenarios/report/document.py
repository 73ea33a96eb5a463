"""The page: one file, with nothing in it that is fetched from elsewhere, and no script."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from scenarios.numbers import count_text
from scenarios.report.changing import ChangeTold, changes
from scenarios.report.comparing import Subject, subjects
from scenarios.report.disparity import GapRow, gap_rows
from scenarios.report.facts import Fact, VerdictTold, facts, verdicts
from scenarios.report.heat import Heat, heat
from scenarios.report.numbers import shortened, whole
from scenarios.report.picturing import MapTold, MendedTold, days_of, map_of, mended_of, spreads
from scenarios.report.svg import breakable
from scenarios.report.sweeping import Plot, Sweep, sweep
from scenarios.report.told import PointTold, Told
from scenarios.statistics import CONFIDENCE

MAX_BYTES = 2_000_000
"""Of a page."""

_MOST_POINTS = (12, 8, 5, 3, 2, 1, 0)
"""Points of each scenario that are shown one by one; fewer where the page would be too large."""

_MOST_TESTED = 200
"""Acceptance tests, point by point."""

_MOST_WARNINGS = 20

_TEMPLATES = Path(__file__).parent / "templates"


class TooLargeError(ValueError):
    """So many scenarios, or so much text in them, is too much for one page."""


@dataclass(frozen=True, slots=True)
class PointPage:
    """All that is shown of a point."""

    told: PointTold
    verdicts: tuple[VerdictTold, ...]
    subjects: tuple[Subject, ...]
    changes: tuple[ChangeTold, ...]
    spreads: tuple[Plot, ...]
    days: tuple[Plot, ...]
    heat: Heat | None
    map: MapTold | None
    mended: MendedTold | None
    gaps: tuple[GapRow, ...]

    @classmethod
    def of(cls, point: PointTold) -> PointPage:
        """Work it out."""
        return cls(
            told=point,
            verdicts=verdicts(point),
            subjects=subjects(point),
            changes=changes(point),
            spreads=spreads(point),
            days=days_of(point),
            heat=heat(point),
            map=map_of(point),
            mended=mended_of(point),
            gaps=gap_rows(point),
        )

    @property
    def warnings(self) -> tuple[str, ...]:
        """What there is to be said of the base and of changes; of very much, some."""
        every = self.told.comparison.warnings
        more = len(every) - _MOST_WARNINGS
        return (*every[:_MOST_WARNINGS], f"and {more:,} more") if more > 0 else every

    @property
    def is_compared(self) -> bool:
        """Whether there are runs without the changes."""
        return bool(self.told.plain)


@dataclass(frozen=True, slots=True)
class ScenarioPage:
    """All that is shown of a scenario.

    Parameters
    ----------
    points
        Those that are shown one by one.
    acceptance
        Of points of which there is a run, what each test says.
    holds
        Whether all of them do, those that are not shown too.
    notes
        What is cut, and what is missing.
    """

    told: Told
    facts: tuple[Fact, ...]
    sweep: Sweep | None
    points: tuple[PointPage, ...]
    acceptance: tuple[tuple[PointTold, VerdictTold], ...]
    holds: bool
    notes: tuple[str, ...]

    @property
    def title(self) -> str:
        """For people."""
        return self.told.scenario.title or self.told.scenario.name


def report_html(told: Sequence[Told], measures: Sequence[str] = ()) -> str:
    """The page of some scenarios; equal runs give equal bytes.

    Parameters
    ----------
    measures
        That are drawn across the points of a sweep; none: those that say most.

    Raises
    ------
    TooLargeError
        It would be larger than ``MAX_BYTES``, however little of each is shown.
    """
    pages = [[PointPage.of(point) for point in one.points[: _MOST_POINTS[0]]] for one in told]
    for most in _MOST_POINTS:
        content = [_page(one, some[:most], measures) for one, some in zip(told, pages, strict=True)]
        found = _template().render(
            scenarios=content, version=version("slotmatch"), confidence=f"{CONFIDENCE:.0%}"
        )
        if len(found.encode()) <= MAX_BYTES:
            return found
    raise TooLargeError(
        f"the report would be larger than {MAX_BYTES:,} bytes. Maybe: fewer scenarios at a time"
    )


def _page(told: Told, points: Iterable[PointPage], measures: Sequence[str]) -> ScenarioPage:
    shown = tuple(page for page in points if page.told.changed)
    beside = sweep(told, measures)
    asked = [(point, row) for point in told.points if point.changed for row in verdicts(point)]
    return ScenarioPage(
        told=told,
        facts=facts(told),
        sweep=beside,
        points=shown,
        acceptance=tuple(asked[:_MOST_TESTED]),
        holds=all(row.holds for _, row in asked),
        notes=tuple(_notes(told, shown, beside, len(asked))),
    )


def _notes(
    told: Told, shown: Sequence[PointPage], beside: Sweep | None, num_tested: int
) -> list[str]:
    """What is missing, and what is cut."""
    said = []
    missing = sum(point.comparison.num_asked - point.comparison.num_runs for point in told.points)
    if missing:
        said.append(f"{count_text(missing, 'run')} with the changes not done yet.")
    done = sum(bool(point.changed) for point in told.points)
    if len(shown) < done:
        said.append(
            f"One by one, the first {len(shown)} of {count_text(done, 'point')} are shown; all of "
            "them are in the tables (--tables)."
        )
    if beside is not None and beside.num_left_out:
        said.append(
            f"{count_text(beside.num_left_out, 'point')} left out of the table of the sweep."
        )
    if beside is not None and beside.num_not_drawn:
        said.append(f"{count_text(beside.num_not_drawn, 'point')} not drawn.")
    if num_tested > _MOST_TESTED:
        said.append(f"The first {_MOST_TESTED} of {num_tested:,} acceptance tests are shown.")
    return said


@cache
def _template() -> Template:
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["breakable"] = breakable
    environment.filters["count"] = count_text
    environment.filters["shortened"] = shortened
    environment.filters["whole"] = whole
    return environment.get_template("report.html")
