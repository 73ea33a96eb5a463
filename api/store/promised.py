"""Appointments as the store keeps them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row

from api.store.rows import APPOINTMENTS, record_of
from engine.domain import Appointment


@dataclass(frozen=True, slots=True)
class Promised:
    """An appointment as the store keeps it.

    Parameters
    ----------
    record
        As a dataset has it; one that was cancelled, as it was before.
    status
        ``booked``, ``held``, ``conflicted`` or ``cancelled``.
    version
        Counts its changes.
    held_by
        Key that may book it.
    reason
        Why it was cancelled.
    """

    record: Appointment
    status: str
    version: int
    held_by: str | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class Page:
    """Some appointments in the order of their ids, and where to go on; ``None``: that is all."""

    rows: tuple[Promised, ...]
    after: str | None


def promised(row: Row[Any]) -> Promised:
    """The appointment that a row is of."""
    record = record_of(APPOINTMENTS, row.body)
    return Promised(record, row.status, row.version, row.held_by, row.reason)
