"""The evening of a day: who was seen, who stayed away, and how full the day was."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from engine.domain import Appointment, Dataset
from engine.time_grid import elapsed
from scenarios.rolling.arrivals import Arrival
from scenarios.rolling.book import Book
from scenarios.rolling.history import days_between
from scenarios.rolling.spec import RollingSpec

_MINUTE = timedelta(minutes=1)


class Visits:
    """Ends what was placed.

    Parameters
    ----------
    dataset, spec
        Types of visit, and who stays away.
    book
        In which places stand.
    arrivals
        By request; it may grow.
    """

    def __init__(
        self, dataset: Dataset, spec: RollingSpec, book: Book, arrivals: Mapping[str, Arrival]
    ) -> None:
        self._begins = dataset.header.as_of
        self._types = {row.id: row for row in dataset.visit_types}
        self._spec = spec
        self._book = book
        self._arrivals = arrivals

    def hold(self, evening: datetime) -> int:
        """Visits whose doctor is free again by now were held, or nobody came.

        Returns
        -------
        int
            Minutes of those visits, before and after included; seats in day sessions have none.
        """
        minutes = 0
        for row in list(self._book.appointments):
            if row.request_id is None or self._free_again(row) > evening:
                continue
            if not self._book.sessions.is_seat(row):
                minutes += self._busy(row)
            if self._shows(row.request_id, row):
                self._book.end(row.request_id, "served", row.end, "served")
            else:
                self._book.end(row.request_id, "no_show", row.end, "no_show")
        self._book.forget_blocks(evening)
        return minutes

    def open_minutes(self, morning: datetime, evening: datetime) -> int:
        """Minutes of the sessions that begin on a day, seat by seat, without blocks."""
        blocked = sum(
            elapsed(row.start, row.end) // _MINUTE
            for row in self._book.appointments
            if row.request_id is None and morning <= row.start.astimezone(UTC) < evening
        )
        return max(0, self._book.sessions.seat_minutes(morning, evening) - blocked)

    def _shows(self, name: str, place: Appointment) -> bool:
        told = self._book.journeys[name].placed_on or self._begins
        share = self._spec.no_show_after(days_between(told, place.start))
        return self._arrivals[name].fate.shows >= share

    def _busy(self, place: Appointment) -> int:
        kind = self._types[self._arrivals[place.request_id or ""].request.visit_type_id]
        told = elapsed(place.start, place.end) // _MINUTE
        return told + kind.minutes_before + kind.minutes_after

    def _free_again(self, place: Appointment) -> datetime:
        kind = self._types[self._arrivals[place.request_id or ""].request.visit_type_id]
        return place.end.astimezone(UTC) + timedelta(minutes=kind.minutes_after)
