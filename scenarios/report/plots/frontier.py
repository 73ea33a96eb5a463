"""The frontier of repairs: who is left without a place against who has to move for others."""

from __future__ import annotations

from collections.abc import Mapping

from markupsafe import Markup

from scenarios.details import FrontierPoint
from scenarios.numbers import count_text
from scenarios.report.plots.axes import Frame, Scale, marks, ticks
from scenarios.report.plots.signs import path, sign
from scenarios.report.svg import drawing, element


def frontier(label: str, answers: Mapping[int, tuple[FrontierPoint, ...]]) -> Markup:
    """Draw the answers of every run; what is not proven is hollow.

    Parameters
    ----------
    answers
        By seed.
    """
    every = [point for points in answers.values() for point in points]
    frame = Frame(height=230)
    across = ticks(0, max([1, *(point.additional for point in every)]), 6)
    up = ticks(0, max([1, *(point.unplaced for point in every)]))
    x, y = frame.x(-0.3, across[-1] + 0.3), frame.y(0, up[-1] * 1.05)
    drawn = [
        frame.rows(y, [row for row in marks(0, up[-1]) if row[0] == int(row[0])]),
        frame.columns(
            x,
            [row for row in marks(0, across[-1], 6) if row[0] == int(row[0])],
            "people moved who could have stayed",
        ),
    ]
    drawn += [_of_run(seed, points, x, y) for seed, points in answers.items()]
    return drawing(frame.width, frame.height, label, *drawn)


def _of_run(seed: int, points: tuple[FrontierPoint, ...], x: Scale, y: Scale) -> Markup:
    at = [(x(point.additional), y(point.unplaced)) for point in points]
    found = element("path", d=path(at), class_="joined s0") if len(at) > 1 else Markup("")
    for point, (left, top) in zip(points, at, strict=True):
        said = (
            f"Seed {seed}: {count_text(point.additional, 'person', 'people')} moved for others, "
            f"{point.unplaced:,} left without a place, {'proven' if point.proven else 'open'}"
        )
        found += sign(0, left, top, said, is_open=not point.proven)
    return found
