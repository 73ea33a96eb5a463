"""What came of a run: measures, and how good the plans behind them are."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from engine.domain.fields import Flag, Id
from engine.domain.record import record
from engine.errors import ScenarioError
from engine.interchange.json_text import UNREADABLE, parse_json
from engine.interchange.validation import adapter, read_record
from engine.problems import Report
from scenarios.details import Details
from scenarios.measures import Gap, Row


@record
class LevelRow:
    """A level of a plan, and what no plan can be better than."""

    name: str
    """Of the level."""
    value: int
    """Of the plan."""
    bound: int
    """At least."""


@record
class MeasuredRow:
    """One value of one measure."""

    measure: str
    """Which."""
    group: str | None = None
    """Of whom, as grouping=label; none: of all."""
    value: float | None = None
    """In the unit; none: there is nobody to state it for."""
    count: int
    """How many requests, doctors or cells it is stated for."""
    unit: str
    """Of the value."""
    more_than: float | None = None
    """Where the value lies beyond what was looked at: that it is more than this."""

    @property
    def measured(self) -> Row:
        """The row as it was measured."""
        return Row.of(self.measure, self.group, self.value, self.count, self.more_than)

    @classmethod
    def of(cls, row: Row) -> MeasuredRow:
        """A row as it is kept."""
        return cls(**asdict(row))


@record
class GapRow:
    """How far the groups of a grouping are apart."""

    best: MeasuredRow
    """The group that is served best, by a measure."""
    worst: MeasuredRow
    """And worst."""
    threshold: float
    """Of the policy: from beyond which on there is a warning."""

    @property
    def measured(self) -> Gap:
        """The gap as it was measured."""
        best, worst = self.best.measured, self.worst.measured
        return Gap(best.measure, best, worst, self.threshold)

    @classmethod
    def of(cls, gap: Gap) -> GapRow:
        """A gap as it is kept."""
        best, worst = MeasuredRow.of(gap.best), MeasuredRow.of(gap.worst)
        return cls(best=best, worst=worst, threshold=gap.threshold)


@record
class Outcome:
    """What came of one run. It holds no time: the same task has the same outcome, to the byte,
    where its limits are deterministic.
    """

    key: Id
    """Of the task."""
    rows: tuple[MeasuredRow, ...]
    """Measures, of all and of groups."""
    gaps: tuple[GapRow, ...] = ()
    """Between groups, wide or not."""
    levels: tuple[LevelRow, ...] = ()
    """Of the plan that was measured, the most important first."""
    proven: Flag
    """Whether no plan could be better."""
    stopped: str
    """Why the search ended."""
    warnings: tuple[str, ...] = ()
    """What is odd about the base, and what changes had to say."""
    details: Details = Details()
    """What a report draws."""

    @property
    def measured(self) -> tuple[Row, ...]:
        """The rows as they were measured."""
        return tuple(row.measured for row in self.rows)


def outcome_bytes(outcome: Outcome) -> bytes:
    """JSON; equal outcomes give equal bytes."""
    written: bytes = adapter(Outcome).dump_json(outcome, exclude_defaults=True)
    return written


def read_outcome(raw: bytes, path: str) -> Outcome:
    """Read what ``outcome_bytes`` wrote.

    Raises
    ------
    ScenarioError
        It cannot be read.
    """
    report = Report()
    content: Any = parse_json(raw, path, report)
    found: Outcome | None = None
    if content is not UNREADABLE:
        found = read_record(Outcome, content, path, report)
    if found is None:
        raise ScenarioError.of(report)
    return found
