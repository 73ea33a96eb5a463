"""How large a world is, before changes and after each."""

from __future__ import annotations

from datetime import timedelta

from engine.domain import Dataset, Session
from engine.snapshot.published import active
from engine.time_grid import elapsed
from scenarios.details.records import WorldSize


def size_of(dataset: Dataset) -> WorldSize:
    """Count what changes touch."""
    told = {row.request_id for row in active(dataset)}
    seats = [(row, _seats(row)) for row in dataset.sessions]
    return WorldSize(
        requests=len(dataset.requests),
        open_requests=sum(row.id not in told for row in dataset.requests),
        doctors=len(dataset.doctors) + len(dataset.services),
        roles=len(dataset.roles),
        sessions=len(dataset.sessions),
        cells=sum(number for _, number in seats),
        reserved_cells=sum(number for row, number in seats if row.reserved_for is not None),
        contracts=sum(len(row.networks) for row in dataset.insurance_plans),
    )


def _seats(session: Session) -> int:
    """Cells of a session, seat by seat."""
    if session.kind == "day" or session.cell_minutes is None:
        return session.capacity
    cell = timedelta(minutes=session.cell_minutes)
    return elapsed(session.start, session.end) // cell * session.capacity
