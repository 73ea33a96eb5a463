"""Signs that stand for values: told apart by their shape as much as by their colour."""

from __future__ import annotations

from markupsafe import Markup

from scenarios.report.svg import element

NUM_SIGNS = 4
"""Series that can be told apart in one drawing."""


def sign(series: int, x: float, y: float, title: str, *, is_open: bool = False) -> Markup:
    """A circle, square, triangle or diamond.

    Parameters
    ----------
    series
        Counted from 0.
    title
        Said where one points at it.
    is_open
        Whether only its outline is drawn.
    """
    class_ = f"sign s{series % NUM_SIGNS}{' open' if is_open else ''}"
    said = element("title", title)
    if series % NUM_SIGNS == 0:
        return element("circle", said, cx=x, cy=y, r=4.0, class_=class_)
    around = {
        1: ((-3.6, -3.6), (3.6, -3.6), (3.6, 3.6), (-3.6, 3.6)),
        2: ((0.0, -4.8), (4.6, 3.4), (-4.6, 3.4)),
        3: ((0.0, -5.2), (5.2, 0.0), (0.0, 5.2), (-5.2, 0.0)),
    }[series % NUM_SIGNS]
    points = " ".join(f"{x + dx:.1f},{y + dy:.1f}" for dx, dy in around)
    return element("polygon", said, points=points, class_=class_)


def key(series: int) -> Markup:
    """A sign for a legend beside the drawing."""
    return element(
        "svg",
        sign(series, 7.0, 7.0, ""),
        viewBox="0 0 14 14",
        width=14,
        height=14,
        aria_hidden="true",
        class_="key",
    )


def path(points: list[tuple[float, float]]) -> str:
    """Points joined by straight lines."""
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points)
