"""One transaction that changes the store: its locks, its clock, and the log of what it did.

Locks are taken in one order by everybody: the records first, shared by whoever only places
appointments; then the appointment that is changed; then, at once, all that is occupied, now and
afterwards; the log of changes at the very end. So nobody waits in a circle.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    and_,
    bindparam,
    delete,
    false,
    insert,
    or_,
    select,
)

from api.store import audit
from api.store.chart import Chart, Need, Occupied
from api.store.database import Database
from api.store.ledger import Ledger
from api.store.rows import APPOINTMENTS
from api.store.tables import appointment, occupation, record
from engine.policy import Policy

NOBODY = "nobody"
"""Who acts where nobody says so."""

WORLD = "dataset"
"""Kind, in the log of changes, of a load: everything may be another."""

_RECORDS = "records"
_COLUMNS = ("appointment_id", "kind", "id", "start", "end", "seat", "home", "state", "number")

_APPOINTMENT = select(appointment).where(appointment.c.id == bindparam("wanted"))
_OF_SOME = occupation.c.appointment_id.in_(bindparam("wanted", expanding=True))
_KEYS = select(occupation.c.kind, occupation.c.id).where(_OF_SOME).distinct()
_VACATE = delete(occupation).where(_OF_SOME)
_OVERDUE = (
    select(appointment.c.id)
    .where(appointment.c.status == "held", appointment.c.held_until <= bindparam("now"))
    .limit(1)
)

Key = tuple[str, str]
"""Kind and id of what is occupied."""

T = TypeVar("T")

MOST_NAMED = 2_000
"""Values in one condition: SQLite takes 32,766 in a statement, PostgreSQL 65,535."""


@dataclass(slots=True)
class Transaction:
    """Work on a connection that is to be one change.

    Parameters
    ----------
    database, connection
        Where.
    policy
        By which it is judged what appointments need.
    actor
        Who does it.
    ledger
        Of the whole, where this is a part of it; ``None``: it is the whole.
    """

    database: Database
    connection: Connection
    policy: Policy
    actor: str = NOBODY
    ledger: Ledger | None = None
    _changed: dict[tuple[str, str], None] = field(default_factory=dict)
    _before: dict[tuple[str, str], Row[Any] | None] = field(default_factory=dict)
    _notes: list[audit.Entry] = field(default_factory=list)
    _now: int | None = None

    def lock(self, names: Iterable[str], *, shared: bool = False) -> None:
        """Hold some names, alone or with others who share them."""
        if self.ledger is None:
            self.database.lock(self.connection, names, shared=shared)
        else:
            self.ledger.lock(names, shared=shared)

    def lock_records(self, *, shared: bool) -> None:
        """Keep others from changing records that say what is occupied; alone, change them."""
        self.lock([_RECORDS], shared=shared)

    def lock_appointment(self, id: str) -> None:
        """Keep others from changing an appointment."""
        self.lock([f"appointment {id}"])

    def lock_places(self, keys: Iterable[Key], request_id: str | None) -> None:
        """Keep others from placing anything where something is placed or leaves."""
        names = [f"{kind} {id}" for kind, id in keys]
        if request_id is not None:
            names.append(f"request {request_id}")
        self.lock(names)

    def require_first(self) -> None:
        """Leave this part for later where others of the whole have changed something: whoever looks
        from outside does not see it before the commit.
        """
        if self.ledger is not None:
            self.ledger.require_nothing_changed()

    def now(self) -> int:
        """The database's clock when it was first asked for: after every wait for a lock."""
        if self._now is None:
            self._now = int(self.connection.execute(select(self.database.now)).scalar_one())
        return self._now

    def appointment(self, id: str) -> Row[Any] | None:
        """A row, as it is now."""
        return self.connection.execute(_APPOINTMENT, {"wanted": id}).one_or_none()

    def log(self, kind: str, id: str, before: Row[Any] | None) -> None:
        """Note that a record or an appointment changes, and what it was."""
        self._changed[kind, id] = None
        self._before.setdefault((kind, id), before)

    def log_all(self, note: audit.Entry) -> None:
        """Note that everything may be another, with one word for the audit."""
        self._changed[WORLD, ""] = None
        self.note(note)

    def note(self, note: audit.Entry) -> None:
        """Note what the audit alone has to know."""
        self._notes.append(note)

    def finish(self) -> None:
        """Write down what changed; of a part, the whole does it."""
        entries = [*self._entries(), *self._notes]
        noted = [audit.Noted(entry, self.actor, self.now()) for entry in entries]
        if self.ledger is not None:
            self.ledger.add(self._changed, noted)
            return
        ledger = Ledger(self.database, self.connection)
        ledger.add(self._changed, noted)
        ledger.write()

    def _entries(self) -> Iterator[audit.Entry]:
        """What became of everything that was to change."""
        after = self._as_they_are()
        for (kind, id), row in self._before.items():
            was, now = audit.content_of(row), audit.content_of(after.get((kind, id)))
            if was != now:
                yield audit.Entry(self._action(row, now), kind, id, was, now)

    def _action(self, before: Row[Any] | None, after: str | None) -> str:
        if before is None:
            return "created"
        if after is not None:
            return "changed"
        ends = before.held_until if "held_until" in before._fields else None
        return "expired" if ends is not None and ends <= self.now() else "deleted"

    def _as_they_are(self) -> dict[Key, Row[Any]]:
        """Rows of all that was to change, by kind and id."""
        ids: dict[str, list[str]] = {}
        for kind, id in self._before:
            ids.setdefault(kind, []).append(id)
        found: dict[Key, Row[Any]] = {}
        for kind, names in ids.items():
            for some in parts(names):
                if kind == APPOINTMENTS:
                    query = select(appointment).where(appointment.c.id.in_(some))
                else:
                    query = select(record).where(record.c.kind == kind, record.c.id.in_(some))
                found |= {(kind, row.id): row for row in self.connection.execute(query)}
        return found

    def occupied_by(self, ids: Sequence[str]) -> set[Key]:
        """What some appointments occupy."""
        rows = self.connection.execute(_KEYS, {"wanted": list(ids)})
        return {(row.kind, row.id) for row in rows}

    def chart(
        self, needs: Sequence[Need], without: Sequence[str] = (), *, conflicted: bool = True
    ) -> Chart:
        """All that is occupied where something is needed, but by some appointments.

        It reaches as far as seats may have to change: to whoever meets those who meet there.

        Parameters
        ----------
        conflicted
            Whether those that collide already count: what is promised without a collision is
            not in their way.
        """
        windows: dict[Key, tuple[int, int]] = {}
        for need in needs:
            _widen(windows, (need.kind, need.id), need.start, need.end)
        several = {(need.kind, need.id) for need in needs if need.room > 1}
        while True:
            rows = self._occupied_in(windows, without, conflicted=conflicted)
            wider = dict(windows)
            for row in rows:
                if (row.kind, row.id) in several and row.is_guarded:
                    _widen(wider, (row.kind, row.id), row.start, row.end)
            if wider == windows:
                break
            windows = wider
        chart = Chart()
        chart.add(rows)
        return chart

    def write_occupied(self, rows: Iterable[Occupied], chart: Chart) -> None:
        """Write what is occupied from now on, and what has another seat."""
        moved = [row for row in chart.reseated if row.number is not None]
        for numbers in parts([row.number for row in moved]):
            self.connection.execute(delete(occupation).where(occupation.c.number.in_(numbers)))
        values = [occupation_row(row) for row in (*moved, *rows)]
        if values:
            self.connection.execute(insert(occupation), values)

    def vacate(self, ids: Sequence[str]) -> None:
        """Let some appointments occupy nothing."""
        self.connection.execute(_VACATE, {"wanted": list(ids)})

    def expire(self, keys: Iterable[Key] = (), request_id: str | None = None) -> None:
        """End holds whose time is over by the database's clock, of a request or at some places."""
        if self.connection.execute(_OVERDUE, {"now": self.now()}).first() is None:
            return
        there = or_(false(), *(_is_key(key) for key in keys))
        at = select(occupation.c.appointment_id).where(occupation.c.state == "held", there)
        concerned: ColumnElement[bool] = appointment.c.id.in_(at)
        if request_id is not None:
            concerned = or_(concerned, appointment.c.request_id == request_id)
        self._expire(concerned)

    def expire_all(self) -> None:
        """End every hold whose time is over."""
        self._expire(appointment.c.status == "held")

    def _expire(self, condition: Any) -> None:
        is_over = and_(appointment.c.status == "held", appointment.c.held_until <= self.now())
        query = select(appointment).where(is_over, condition).order_by(appointment.c.id)
        for row in self.connection.execute(query).all():
            gone = delete(appointment).where(appointment.c.id == row.id, is_over)
            if self.connection.execute(gone).rowcount:
                self.log(APPOINTMENTS, row.id, row)

    def _occupied_in(
        self, windows: dict[Key, tuple[int, int]], without: Sequence[str], *, conflicted: bool
    ) -> list[Occupied]:
        if not windows:
            return []
        meets = (
            and_(_is_key(key), occupation.c.end > start, occupation.c.start < end)
            for key, (start, end) in windows.items()
        )
        query = select(*(occupation.c[name] for name in _COLUMNS)).where(or_(*meets))
        if not conflicted:
            query = query.where(occupation.c.state != "conflicted")
        if without:
            query = query.where(occupation.c.appointment_id.not_in(without))
        return [Occupied(*row) for row in self.connection.execute(query)]


def parts(some: Sequence[T]) -> Iterator[Sequence[T]]:
    """The same, as many at a time as one condition takes."""
    return (some[start : start + MOST_NAMED] for start in range(0, len(some), MOST_NAMED))


def occupation_row(row: Occupied) -> dict[str, Any]:
    """Columns of what is occupied."""
    return {name: getattr(row, name) for name in _COLUMNS if name != "number"}


def _is_key(key: Key) -> Any:
    return and_(occupation.c.kind == key[0], occupation.c.id == key[1])


def _widen(windows: dict[Key, tuple[int, int]], key: Key, start: int, end: int) -> None:
    since, until = windows.get(key, (start, end))
    windows[key] = min(since, start), max(until, end)
