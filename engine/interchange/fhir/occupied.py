"""What appointments take of a role's time."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from engine.domain import Appointment, Dataset


class Occupied:
    """How many of some appointments touch a stretch of a role's time.

    Parameters
    ----------
    dataset
        Holds their requests and visit types: with the minutes before and after.
    appointments
        Those that count; expired holds do not.
    """

    def __init__(self, dataset: Dataset, appointments: Iterable[Appointment]) -> None:
        type_of = {row.id: row.visit_type_id for row in dataset.requests}
        types = {row.id: row for row in dataset.visit_types}
        self._starts: dict[str, list[datetime]] = defaultdict(list)
        self._ends: dict[str, list[datetime]] = defaultdict(list)
        for row in appointments:
            if not row.is_active(dataset.header.as_of):
                continue
            kind = types.get(type_of.get(row.request_id or "", ""))
            before, after = (kind.minutes_before, kind.minutes_after) if kind else (0, 0)
            start = row.start.astimezone(UTC) - timedelta(minutes=before)
            self._starts[row.role_id].append(start)
            self._ends[row.role_id].append(row.end.astimezone(UTC) + timedelta(minutes=after))
        for times in (*self._starts.values(), *self._ends.values()):
            times.sort()

    def count(self, role_id: str, start: datetime, end: datetime) -> int:
        """Appointments of a role that overlap ``[start, end)``."""
        begun = bisect_left(self._starts.get(role_id, []), end.astimezone(UTC))
        return begun - bisect_right(self._ends.get(role_id, []), start.astimezone(UTC))
