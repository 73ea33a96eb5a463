"""The comparison of a point, as rows of a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from scenarios.measures import MEASURES
from scenarios.numbers import named, unit_text
from scenarios.report.numbers import counted_text
from scenarios.report.subjects import OTHER, SUBJECTS, subject_of
from scenarios.report.svg import element
from scenarios.report.told import PointTold
from scenarios.runs.comparison import Line


@dataclass(frozen=True, slots=True)
class MeasureRow:
    """One measure.

    Parameters
    ----------
    name, description, unit
        Of the measure.
    value, baseline, difference
        As text.
    is_sure
        Whether the difference is hardly chance.
    judgement
        ``judgement`` says which there are.
    bar
        The interval of the difference, drawn around zero.
    """

    name: str
    description: str
    unit: str
    value: str
    baseline: str
    difference: str
    is_sure: bool
    judgement: str
    bar: Markup


@dataclass(frozen=True, slots=True)
class Subject:
    """Measures that speak of the same thing."""

    name: str
    rows: tuple[MeasureRow, ...]


def subjects(point: PointTold) -> tuple[Subject, ...]:
    """Every measure of all, subject by subject; those that say nothing on either side are left
    out.
    """
    lines = [line for line in point.comparison.of_all.values() if _says(line)]
    alone = point.comparison.num_asked == 1
    found = (
        Subject(name, tuple(_row(line, alone=alone) for line in _in_order(name, lines)))
        for name in (*SUBJECTS, OTHER)
    )
    return tuple(subject for subject in found if subject.rows)


def judgement(line: Line, *, alone: bool) -> str:
    """What the changes make of a measure: better, worse, or changed where neither way is better;
    same; unsure where it cannot be told from chance; empty where there is nothing to compare.

    Parameters
    ----------
    alone
        Whether it was asked for one run: there is no chance to be told from, and what there is
        is what the one run says.
    """
    difference, better = line.difference, MEASURES[line.measure].better
    if difference is None or difference.mean is None:
        return ""
    if difference.low == difference.high == 0 or (alone and not difference.mean):
        return "same"
    if not (alone or difference.is_distinguishable):
        return "unsure"
    if better is None:
        return "changed"
    return "better" if (difference.mean > 0) is (better == "higher") else "worse"


def _says(line: Line) -> bool:
    return any(
        value is not None and (value.mean is not None or value.more_than is not None)
        for value in (line.value, line.baseline)
    )


def _in_order(subject: str, lines: Sequence[Line]) -> list[Line]:
    order = SUBJECTS.get(subject, ())
    chosen = [line for line in lines if subject_of(line.measure) == subject]
    return sorted(chosen, key=lambda line: order.index(line.measure) if order else 0)


def _row(line: Line, *, alone: bool) -> MeasureRow:
    kind, difference = MEASURES[line.measure], line.difference
    judged = judgement(line, alone=alone)
    return MeasureRow(
        name=named(line.measure),
        description=kind.description,
        unit=unit_text(kind.unit),
        value=counted_text(line.value, kind.unit),
        baseline=counted_text(line.baseline, kind.unit),
        difference=counted_text(difference, kind.unit, sign=True),
        is_sure=bool(difference and difference.is_distinguishable),
        judgement=judged,
        bar=_bar(line, judged),
    )


def _bar(line: Line, judged: str) -> Markup:
    """Where the difference lies around zero, each row at its own scale."""
    difference = line.difference
    if difference is None or not difference.mean:
        return Markup("")
    mean = difference.mean
    low = mean if difference.low is None else difference.low
    high = mean if difference.high is None else difference.high
    reach = max(abs(low), abs(high))
    at = {name: 40.0 + 36.0 * some / reach for name, some in (("l", low), ("m", mean), ("h", high))}
    return element(
        "svg",
        element("line", x1=40, x2=40, y1=1, y2=15, class_="zero"),
        element("line", x1=at["l"], x2=at["h"], y1=8, y2=8, class_="reach"),
        element("circle", cx=at["m"], cy=8, r=3, class_="mean"),
        viewBox="0 0 80 16",
        width=80,
        height=16,
        aria_hidden="true",
        class_=f"bar-of {judged}",
    )
