"""The snapshot of a dataset of which most is known already."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import fields, replace
from itertools import repeat
from typing import TypeVar

import numpy as np

from engine.arrays import NONE, Int, ints
from engine.domain import Appointment, Dataset, Session
from engine.snapshot.index import positions
from engine.snapshot.published import Places, active, publish
from engine.snapshot.sessions import sessions_joined, sessions_taken, take_sessions
from engine.snapshot.snapshot import Snapshot, take_snapshot

T = TypeVar("T")

_BOOKED = ("sessions", "appointments")


def snapshot_after(snapshot: Snapshot, before: Dataset, after: Dataset) -> Snapshot:
    """The snapshot of ``after``; what it has in common with ``before`` is not read again.

    Parameters
    ----------
    snapshot
        Of ``before``.
    after
        Made of ``before`` by ``dataclasses.replace``: what did not change is the same object.

    Raises
    ------
    DatasetError
        As ``take_snapshot``.
    """
    rest = (field.name for field in fields(Dataset) if field.name not in _BOOKED)
    was_active, is_active = active(before), active(after)
    old_sessions = _places_in(before.sessions, after.sessions)
    old_places = _places_in(was_active, is_active)
    new_sessions = _new(after.sessions, old_sessions)
    new_active = _new(is_active, old_places)
    if any(getattr(before, name) is not getattr(after, name) for name in rest) or not _spans(
        snapshot, (*new_sessions, *new_active)
    ):
        return take_snapshot(after)
    index = replace(snapshot.index, sessions=positions(row.id for row in after.sessions))
    sessions, _ = sessions_taken(
        sessions_joined(
            snapshot.sessions,
            take_sessions(new_sessions, index, snapshot.grid),
            len(index.roles),
        ),
        _order(old_sessions, len(before.sessions)),
        len(index.roles),
    )
    places = Places.published(snapshot.published).joined(
        Places.of(new_active, index, snapshot.grid), _order(old_places, len(was_active))
    )
    published, used = publish(places, sessions, snapshot.requests, snapshot.visit_types)
    return replace(snapshot, index=index, sessions=sessions, published=published, used=used)


def _places_in(before: Sequence[object], after: Iterable[object]) -> Int:
    """Where records of a table are in an earlier one, -1 of what is new; int64."""
    place = dict(zip(map(id, before), range(len(before)), strict=True))
    return ints(map(place.get, map(id, after), repeat(NONE)))


def _new(rows: Sequence[T], old: Int) -> list[T]:
    """The records that are new."""
    return [rows[row] for row in np.flatnonzero(old == NONE).tolist()]


def _order(old: Int, num_old: int) -> Int:
    """Where each record is, if the new ones follow those of the earlier table; int64."""
    is_new = old == NONE
    return np.where(is_new, num_old + np.cumsum(is_new) - 1, old)


def _spans(snapshot: Snapshot, rows: Iterable[Session | Appointment]) -> bool:
    """Whether the clocks of the snapshot's grid are right for some records."""
    sessions, published = snapshot.sessions, snapshot.published
    first = min(int(np.min(start, initial=0)) for start in (sessions.start, published.start))
    last = max(int(np.max(end, initial=0)) for end in (sessions.end, published.end))
    grid = snapshot.grid
    return all(first <= grid.minutes(row.start) and grid.minutes(row.end) <= last for row in rows)
