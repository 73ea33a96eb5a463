"""A dataset while events happen to it: what is there, who is forced already."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from engine.arrays import NONE
from engine.domain import Appointment, Dataset, InsurancePlan, Session
from engine.events.cutting import Span, common, cut, is_covered, span_of
from engine.events.findings import Forced, Reason
from engine.events.news import crowded_out
from engine.events.overfull import Stretch, Sweep
from engine.interchange.unique_id import unique_id
from engine.policy import Policy
from engine.snapshot import Snapshot, snapshot_after, take_snapshot


class Scene:
    """The world between two events.

    Attributes
    ----------
    before
        The world before the first of them.
    pieces
        By the id that a session had before: what is left of it, in the order of time.
    appointments, insurance_plans
        By id; blocks that events bring come last.
    session_of
        By appointment: the session that it lay in before, where there was one.
    forced
        By appointment: who is forced already.
    fixed_by
        By appointment: index of the event that added it as a block, or made it longer.
    """

    def __init__(self, dataset: Dataset, policy: Policy, snapshot: Snapshot | None = None) -> None:
        self.policy = policy
        self.before = take_snapshot(dataset) if snapshot is None else snapshot
        self.pieces = {row.id: [row] for row in dataset.sessions}
        self.appointments = {row.id: row for row in dataset.appointments}
        self.insurance_plans = {row.id: row for row in dataset.insurance_plans}
        self.forced: dict[str, Forced] = {}
        self.fixed_by: dict[str, int] = {}
        self._dataset = dataset
        self._now = self.before.grid.minutes(dataset.header.as_of)
        self._session_ids = set(self.pieces)
        self._appointment_ids = set(self.appointments)
        self._absences: dict[str, list[Span]] = defaultdict(list)
        self._unsettled = False
        self._index()

    def _index(self) -> None:
        """Make the lists by which things are found."""
        published, sessions = self.before.published, self.before.sessions
        places = zip(published.ids, published.session.tolist(), strict=True)
        self.session_of = {name: sessions.ids[at] for name, at in places if at != NONE}
        told = zip(published.ids, published.has_time.tolist(), strict=True)
        self.seats = frozenset(name for name, has_time in told if not has_time)
        self._active = set(published.ids)
        self._sessions_of_role: dict[str, list[str]] = defaultdict(list)
        self._appointments_of_role: dict[str, list[str]] = defaultdict(list)
        for session in self._dataset.sessions:
            self._sessions_of_role[session.role_id].append(session.id)
        for appointment in self._dataset.appointments:
            self._appointments_of_role[appointment.role_id].append(appointment.id)
        types = {row.id: row for row in self._dataset.visit_types}
        self.type_of = {row.id: types[row.visit_type_id] for row in self._dataset.requests}

    @property
    def dataset(self) -> Dataset:
        """The world as it is now."""
        was, plans = self._dataset.insurance_plans, tuple(self.insurance_plans.values())
        return replace(
            self._dataset,
            sessions=tuple(piece for rows in self.pieces.values() for piece in rows),
            appointments=tuple(self.appointments.values()),
            insurance_plans=was if plans == was else plans,  # the same object is not read again
        )

    def snapshot(self) -> Snapshot:
        """The world as it is now, as arrays."""
        return snapshot_after(self.before, self._dataset, self.dataset)

    def minutes(self, start_and_end: Appointment | Session) -> Span:
        """When something takes place."""
        grid = self.before.grid
        return grid.minutes(start_and_end.start), grid.minutes(start_and_end.end)

    def busy(self, row: Appointment) -> Span:
        """From when until when the doctor is busy with an appointment."""
        start, end = self.minutes(row)
        if row.request_id is None:
            return start, end
        kind = self.type_of[row.request_id]
        return start - kind.minutes_before, end + kind.minutes_after

    def sessions_of(self, role_id: str) -> Iterator[tuple[str, Session]]:
        """What is left of a role's sessions, each with the id of the session it was part of."""
        for name in self._sessions_of_role[role_id]:
            for piece in self.pieces[name]:
                yield name, piece

    def affected(self, role_id: str, *, seats: bool = False) -> Iterator[Appointment]:
        """Appointments of a role that can still be forced: active, of a request, not over.

        Parameters
        ----------
        seats
            Those in day sessions, which have no told time, instead of those that have one.
        """
        for name in self._appointments_of_role[role_id]:
            if self._can_be_forced(name) and (name in self.seats) == seats:
                yield self.appointments[name]

    def seats_in(self, session: str) -> list[Appointment]:
        """Everything that takes a seat in a day session without a told time, blocks too."""
        names = [name for name in self.seats if self.session_of[name] == session]
        return [self.appointments[name] for name in names]

    def _can_be_forced(self, name: str) -> bool:
        row = self.appointments[name]
        if row.request_id is None or name in self.forced or name not in self._active:
            return False
        return self.minutes(row)[1] > self._now

    def can_run_on(self, name: str) -> bool:
        """Whether an appointment is there, with a told end that can change."""
        return name in self._active and name not in self.seats and name not in self.forced

    def force(self, name: str, reason: Reason, detail: str, event: int) -> None:
        """Note that an appointment is impossible now."""
        self.forced.setdefault(name, Forced(name, reason, detail, event))

    def force_out(self, rows: Iterable[Appointment], event: int) -> None:
        """Note that nobody is there any more for these."""
        for row in list(rows):
            self.force(row.id, "no_session", self.session_of.get(row.id, ""), event)

    def nobody_there(self, role_ids: Sequence[str], gap: Span, event: int) -> bool:
        """Nobody is there in some roles for a while; whether that changes anything.

        Forced is whose busy minutes, those before and after the visit included, reach into
        that while. A visit that is over in time stays, even if the rest of its cell is lost.
        """
        touches = False
        for role_id in role_ids:
            for name in dict.fromkeys(name for name, _ in self.sessions_of(role_id)):
                touches |= self.lose(name, gap, event)
            hit = [row for row in self.affected(role_id) if common(self.busy(row), gap)]
            self.force_out(hit, event)
            touches |= bool(hit)
        return touches

    def lose(self, name: str, gap: Span, event: int) -> bool:
        """Take a stretch out of a session; whether any of it was there.

        A timed session loses the cells that the stretch touches. A day session tells nobody
        when to come: it stays, with all its seats, until stretches together cover everything
        that is still to come of it; then it is gone, and with it all who hold a seat.
        """
        grid = self.before.grid
        spans = [span_of(piece, grid) for piece in self.pieces[name]]
        if not any(common(span, gap) for span in spans):
            return False
        left: list[Session] = []
        self._absences[name].append(gap)
        for piece, (start, end) in zip(self.pieces[name], spans, strict=True):
            if piece.kind == "timed":
                left += cut(piece, gap, grid, lambda: unique_id(name, self._session_ids))
            elif end <= self._now or not is_covered(
                (max(start, self._now), end), self._absences[name]
            ):
                left.append(piece)
            else:
                self.empty(name, piece.role_id, event)
        self.pieces[name] = left
        return True

    def empty(self, name: str, role_id: str, event: int) -> None:
        """Force all who hold a seat in a day session."""
        holders = self.affected(role_id, seats=True)
        self.force_out((row for row in holders if self.session_of[row.id] == name), event)

    def block(self, row: Appointment, session: str | None, event: int) -> None:
        """Add a block; in which session it lies."""
        name = unique_id(row.id, self._appointment_ids)
        if session is not None:
            self.session_of[name] = session
        self._appointments_of_role[row.role_id].append(name)
        self._active.add(name)
        self.fix(replace(row, id=name), event)

    def fix(self, row: Appointment, event: int) -> None:
        """Enter an appointment that stays, whoever has to make room for it."""
        self.appointments[row.id] = row
        self.fixed_by.setdefault(row.id, event)
        self._unsettled = True

    def enter_plan(self, plan: InsurancePlan) -> tuple[Snapshot, Snapshot]:
        """Change an insurance plan; the world before and after."""
        was = self.snapshot()
        self.insurance_plans[plan.id] = plan
        return was, self.snapshot()

    def all_affected(self) -> list[str]:
        """Ids of all appointments that can still be forced."""
        return [name for name in self.appointments if self._can_be_forced(name)]

    def sweep(self) -> tuple[Snapshot, list[Stretch]]:
        """The world now, and where more is promised than there is, the forced not counted.

        Who was at one place of the doctor stays together, also where a cut has taken the
        cell beside them: no collision comes of that.
        """
        homes = {name: f"session {session}" for name, session in self.session_of.items()}
        snapshot = self.snapshot()
        return snapshot, Sweep(snapshot, self.policy, self.forced, homes).stretches()

    def settle(self) -> None:
        """Force everybody for whom nothing is left beside what events have fixed."""
        if not self._unsettled:
            return
        self._unsettled = False
        _, stretches = self.sweep()
        blocks = {row.id for row in self.appointments.values() if row.request_id is None}
        for name, culprit in crowded_out(stretches, self.fixed_by, blocks).items():
            if self._can_be_forced(name):
                self.force(name, "taken", culprit, self.fixed_by[culprit])
