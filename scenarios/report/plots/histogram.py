"""How visits are spread over days or kilometres, with the changes and without."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest

from markupsafe import Markup

from scenarios.details.records import MAX_BINS
from scenarios.report.plots.axes import Frame, Scale, marks, plain, ticks
from scenarios.report.svg import drawing, element

_FEW = 8
"""Bins below which a drawing would be of a few broad bars."""


def histogram(
    label: str, unit: str, counts: Sequence[int], without: Sequence[int] | None = None
) -> Markup:
    """Draw shares of visits by whole units: bars with the changes, an outline without."""
    shares, before = _shares(counts), _shares(without or ())
    num_bins = max(len(shares), len(before), _FEW)
    frame = Frame()
    high = max((*shares, *before, 0.01))
    steps = ticks(0, high, 4)
    x, y = frame.x(0, num_bins), frame.y(0, steps[-1])
    below = [(at, _written(at)) for at in ticks(0, num_bins, 6) if at <= num_bins]
    drawn = [frame.rows(y, [(at, f"{plain(at)}%") for at, _ in marks(0, high, 4)])]
    drawn += _bars(shares, before, unit, x, y)
    drawn.append(_outline(before, x, y))
    drawn.append(frame.columns(x, below, unit))
    return drawing(frame.width, frame.height, label, *drawn)


def _shares(counts: Sequence[int]) -> list[float]:
    total = sum(counts)
    return [100 * many / total for many in counts] if total else []


def _bars(
    shares: Sequence[float], before: Sequence[float], unit: str, x: Scale, y: Scale
) -> list[Markup]:
    found = []
    for index, (share, other) in enumerate(zip_longest(shares, before, fillvalue=0.0)):
        said = f"{_bin(index, unit)}: {share:.1f} %"
        if before:
            said += f"; without the changes {other:.1f} %"
        found.append(
            element(
                "rect",
                element("title", said),
                x=x(index) + 0.5,
                y=y(share),
                width=max(0.5, x(index + 1) - x(index) - 1.0),
                height=y(0) - y(share),
                class_="bar",
            )
        )
    return found


def _outline(shares: Sequence[float], x: Scale, y: Scale) -> Markup:
    if not shares:
        return Markup("")
    steps = f"M{x(0):.1f} {y(0):.1f}"
    for index, share in enumerate(shares):
        steps += f"V{y(share):.1f}H{x(index + 1):.1f}"
    return element("path", d=f"{steps}V{y(0):.1f}", class_="without step")


def _bin(index: int, unit: str) -> str:
    end = " or more" if index == MAX_BINS else f" to below {index + 1}"
    return f"{index}{end} {unit}"


def _written(at: float) -> str:
    return f"{plain(at)}+" if at == MAX_BINS else plain(at)
