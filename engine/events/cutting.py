"""Sessions with a part cut out, on their own cells."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from engine.domain import Session
from engine.time_grid import TimeGrid, later

Span = tuple[int, int]
"""A half-open stretch of minutes."""


def span_of(session: Session, grid: TimeGrid) -> Span:
    """When a session takes place."""
    return grid.minutes(session.start), grid.minutes(session.end)


def common(one: Span, other: Span) -> Span | None:
    """What two stretches have in common; ``None``: nothing."""
    start, end = max(one[0], other[0]), min(one[1], other[1])
    return (start, end) if start < end else None


def without(span: Span, gap: Span) -> list[Span]:
    """What a gap leaves of a stretch."""
    if common(span, gap) is None:
        return [span]
    return [part for part in ((span[0], gap[0]), (gap[1], span[1])) if part[0] < part[1]]


def is_covered(span: Span, by: Iterable[Span]) -> bool:
    """Whether stretches, together, cover one whole."""
    reached, end = span
    for start, until in sorted(by):
        if start <= reached:
            reached = max(reached, until)
    return reached >= end


def cut(session: Session, gap: Span, grid: TimeGrid, new_id: Callable[[], str]) -> list[Session]:
    """A timed session without the cells that a gap touches.

    The cells that remain are where they were, so the parts keep their grid; the first part
    keeps the id. All else is the session's; where a policy overbooks, cells keep their seats.

    Parameters
    ----------
    gap
        Minutes of ``grid``.
    new_id
        Makes the id of a further part.
    """
    start, end = span_of(session, grid)
    if session.cell_minutes is None or common((start, end), gap) is None:
        return [session]
    cell = session.cell_minutes
    num_cells = (end - start) // cell
    before = min(max((gap[0] - start) // cell, 0), num_cells)
    after = -((start - gap[1]) // cell)
    parts = [(start, start + before * cell)] if before else []
    parts += [(start + after * cell, end)] if after < num_cells else []
    return [
        replace(
            session,
            id=new_id() if number else session.id,
            start=later(session.start, part[0] - start),
            end=later(session.start, part[1] - start),
        )
        for number, part in enumerate(parts)
    ]
