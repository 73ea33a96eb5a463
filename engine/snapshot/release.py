"""A snapshot in which some appointments are no longer there: their requests are open again."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from engine.arrays import NONE, Int, frozen
from engine.snapshot.published import published_taken
from engine.snapshot.snapshot import Snapshot
from engine.snapshot.stays import Stays


def without_appointments(snapshot: Snapshot, gone: Int) -> Snapshot:
    """The same without some appointments (int64 indices), and the seats that they took."""
    published = snapshot.published
    kept = np.setdiff1d(np.arange(len(published.ids)), gone)
    left = published_taken(
        published,
        kept,
        np.arange(snapshot.num_sessions),
        published.request[kept],
        snapshot.num_requests,
    )
    seats = stays_of(snapshot, gone).seats(len(snapshot.used))
    return replace(snapshot, published=left, used=frozen(snapshot.used - seats))


def stays_of(snapshot: Snapshot, appointments: Int) -> Stays:
    """Where some appointments (int64 indices) take seats."""
    request = snapshot.published.request[appointments]
    visit_type = np.append(snapshot.requests.visit_type, NONE)[request]
    return Stays.of(snapshot.sessions, snapshot.published, appointments, visit_type)
