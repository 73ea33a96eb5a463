"""A rolling run under way: one day after the other."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from engine.repair.extent import Extent
from engine.solve.limits import Cancel, Limits
from engine.time_grid import at_clock, elapsed, end_of
from scenarios.rolling.absences import mend
from scenarios.rolling.arrivals import Arrival, Arrivals
from scenarios.rolling.book import Book
from scenarios.rolling.desk import Desk
from scenarios.rolling.history import Day, Journey, days_between
from scenarios.rolling.lateness import with_lateness
from scenarios.rolling.nightly import Nights
from scenarios.rolling.spec import Absence, RollingSpec
from scenarios.rolling.to_come import ToCome
from scenarios.rolling.visits import Visits
from scenarios.situation import Situation


class Run:
    """Lets days pass; ``simulate`` says how.

    Attributes
    ----------
    book
        How things are.
    """

    def __init__(
        self,
        situation: Situation,
        spec: RollingSpec,
        seed: int,
        limits: Limits,
        cancel: Cancel | None = None,
    ) -> None:
        dataset = situation.dataset
        self._situation, self._spec, self._limits = situation, spec, limits
        self._cancel = cancel or Cancel()
        self._zone = ZoneInfo(dataset.header.time_zone)
        self._begins = dataset.header.as_of
        self._arrivals = Arrivals(dataset, spec, seed)
        self._of: dict[str, Arrival] = {}
        self._to_come = ToCome()
        self._may_have_cancelled: set[str] = set()
        self.book = Book(dataset, starts_empty=spec.starts_empty)
        self._visits = Visits(dataset, spec, self.book, self._of)
        self._nights = Nights(situation.policy, limits, self._cancel)
        self._desk: Desk | None = None
        self._is_proven = True
        self._begin()

    def _begin(self) -> None:
        """Requests of the dataset are there, or will be made."""
        held = {row.request_id for row in self.book.appointments}
        for arrival in self._arrivals.given(self.book.first):
            self._of[arrival.request.id] = arrival
            if arrival.asked > self._begins and arrival.request.id not in held:
                self._to_come.add(arrival.asked, "asks", arrival.request.id)
            else:
                self.book.arrives(arrival)
        self.book.takes_up()
        for name in self.book.place_of:
            self._may_cancel(name, self._begins)

    def day(self, number: int) -> Day:
        """Let one day pass."""
        morning = self._begins if number == 0 else self._midnight(number)
        evening = self._midnight(number + 1)
        until = self._midnight(number + self._spec.window_days)
        self._is_proven = True
        self._let_go(morning)
        self._mend(number, morning, until)
        open_minutes = self._visits.open_minutes(morning, evening)
        self._match(morning, until)
        self._expect(self._date(number), morning)
        if not self._spec.nightly_match:
            self._open_desk(morning, evening, until)
        for instant, what, name in self._to_come.before(evening):
            if what == "asks":
                self.book.arrives(self._of[name])
                self._find(name, instant)
            else:
                self._cancels(name, instant)
        if self._desk is not None:
            self._desk.require_sound()
        visit_minutes = self._visits.hold(evening)
        return Day(
            number=number,
            date=self._date(number),
            begins=morning.astimezone(UTC),
            waiting=len(self.book.waiting()),
            booked=len(self.book.place_of),
            open_minutes=open_minutes,
            visit_minutes=visit_minutes,
            is_proven=self._is_proven,
            **self.book.taken_note(),
        )

    def journeys(self) -> tuple[Journey, ...]:
        """The ways of all requests, with how late their visits were."""
        asked = [(self._of[name].patient, self._of[name].request) for name in self.book.journeys]
        journeys = tuple(self.book.journeys.values())
        dataset, policy = self._situation.dataset, self._situation.policy
        return with_lateness(dataset, policy, asked, journeys)

    def _date(self, number: int) -> date:
        return self._begins.astimezone(self._zone).date() + timedelta(days=number)

    def _midnight(self, number: int) -> datetime:
        return at_clock(self._date(number), 0, self._zone)

    def _let_go(self, morning: datetime) -> None:
        """Holds run out, and who could not come any more, or would wait no longer, is gone."""
        book, patience = self.book, self._spec.patience_days
        for row in [row for row in book.appointments if not row.is_active(morning)]:
            if row.request_id is not None:
                book.lose(row.request_id, morning)
        for request in book.waiting():
            if request.latest is not None and end_of(request.latest, self._zone) <= morning:
                book.end(request.id, "expired", morning, "expired")
            elif patience is not None and days_between(book.since[request.id], morning) >= patience:
                book.end(request.id, "withdrawn", morning, "gave_up")

    def _mend(self, number: int, morning: datetime, until: datetime) -> None:
        """Absences that are known from this morning on happen."""
        known = [row for row in self._spec.absences if self._known_on(row) == number]
        if known:
            rules = self._situation.policy, Extent(self._spec.max_additional), self._limits
            self._is_proven &= mend(self.book, known, morning, until, *rules, self._cancel)

    def _known_on(self, absence: Absence) -> int:
        first = absence.start.astimezone(self._zone).date() - self._date(0)
        return max(0, first.days - self._spec.notice_days)

    def _match(self, morning: datetime, until: datetime) -> None:
        """Who waits is matched; without matches at night, those alone who are in links."""
        asking = self.book.waiting(linked=None if self._spec.nightly_match else True)
        self._is_proven &= self._nights.match(self.book, asking, morning, until)
        for request in asking:
            if request.id in self.book.place_of:
                self._may_cancel(request.id, morning)

    def _expect(self, today: date, morning: datetime) -> None:
        """Draw who will ask today."""
        for arrival in self._arrivals.of_day(today):
            if arrival.asked >= morning:
                self._of[arrival.request.id] = arrival
                self._to_come.add(arrival.asked, "asks", arrival.request.id)

    def _open_desk(self, morning: datetime, evening: datetime, until: datetime) -> None:
        """Everybody who waits tries again, in the order of asking."""
        coming = [self._of[name] for name in self._to_come.who("asks", evening)]
        dataset = self.book.dataset(morning, until, coming)
        self._desk = Desk(dataset, self._situation.policy)
        waiting = [row.id for row in self.book.waiting(linked=False)]
        for name in self._desk.hopeful(waiting):
            self._find(name, morning)

    def _find(self, name: str, now: datetime) -> None:
        """Ask the desk, if there is one, for a place."""
        if self._desk is None or self.book.is_linked(name):
            return
        place = self._desk.place(name, now, self.book.new_id(name))
        if place is not None:
            self.book.place(place, now)
            self._may_cancel(name, now)

    def _may_cancel(self, name: str, now: datetime) -> None:
        """Who is told a place for the first time may be somebody who will cancel."""
        fate, start = self._of[name].fate, self.book.journeys[name].start
        if name in self._may_have_cancelled or start is None:
            return
        self._may_have_cancelled.add(name)
        if fate.cancels < self._spec.patient_cancels and elapsed(now, start) > timedelta():
            instant = now.astimezone(UTC) + fate.when * elapsed(now, start)
            self._to_come.add(instant, "cancels", name)

    def _cancels(self, name: str, now: datetime) -> None:
        """A patient cancels, or gives up if the place was lost; not what has begun."""
        place = self.book.appointment(name)
        if self.book.request(name) is None or (place is not None and place.start <= now):
            return
        self.book.end(name, "withdrawn", now, "gave_up" if place is None else "cancelled")
        if place is not None and self._desk is not None:
            self._desk.release(place.id)
