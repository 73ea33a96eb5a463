"""A plan into the store: all of it in one transaction, or nothing, and what stands against it.

What happened while the plan was made need not be in its way. It is refused where somebody has a
place that it gives away, where a request is gone or has a place, where a record changed that it
names, and where the judges find that it breaks a rule beside what came since.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import TypeVar

from sqlalchemy import insert, select

from api.store.chart import Chart, Need, Occupied
from api.store.errors import Collision, RefusalError
from api.store.loading import read_all
from api.store.needing import needs_of
from api.store.planned import Draft, Planned, world_at
from api.store.promised import Promised
from api.store.rows import APPOINTMENTS, appointment_row
from api.store.store import Store, last_sequence
from api.store.tables import appointment, change, record
from api.store.transaction import WORLD, Key, Transaction
from engine.domain import Dataset, Session
from engine.interchange.canonical import policy_hash
from engine.plan import PLACED, Plan
from engine.policy import Policy
from engine.snapshot import Snapshot, take_snapshot
from engine.verify.judge import verify
from engine.verify.violation import Violation

T = TypeVar("T")

Work = Callable[[Transaction], tuple[Promised, ...]]
"""What books a plan in a transaction."""

POLICY = "policy"
"""Kind, in a difference, of the policy of the store: it is another one now."""

_WHOLE = {WORLD: "a dataset was loaded", POLICY: "the policy is another"}
_AT_ONCE = 200  # things, or ids, in one condition


@dataclass(frozen=True, slots=True)
class Difference:
    """What stands between a plan and the world as it is now; nothing of it: it can be booked.

    Parameters
    ----------
    changed
        Kind and id of records that the plan names and that were changed; ``dataset``: a whole
        one was loaded; ``policy``: the store has another one.
    gone
        Requests that are there no more.
    placed
        Requests that have a place, and their appointments.
    taken
        Requests, and where others have their places, or what they need.
    broken
        Rules that the plan would break beside what came since.
    """

    changed: tuple[tuple[str, str], ...] = ()
    gone: tuple[str, ...] = ()
    placed: tuple[tuple[str, str], ...] = ()
    taken: tuple[tuple[str, Collision], ...] = ()
    broken: tuple[Violation, ...] = ()

    def __bool__(self) -> bool:
        return any(getattr(self, field.name) for field in fields(self))

    def sentences(self) -> Iterator[str]:
        """Render for people."""
        for kind, id in self.changed:
            yield f"{kind}/{id} was changed" if id else _WHOLE[kind]
        for id in self.gone:
            yield f"request {id} is gone"
        for id, has in self.placed:
            yield f"request {id} has appointment {has}"
        for id, collision in self.taken:
            yield f"request {id}: {collision.sentence()}"
        for violation in self.broken:
            yield f"{violation.rule} would be broken at {violation.where}"


class ChangedError(RefusalError):
    """The world is another than the plan was made for; nothing was booked."""

    code = "world_changed"

    def __init__(self, difference: Difference) -> None:
        super().__init__("; ".join([*difference.sentences()][:3]))
        self.difference = difference


def commit(store: Store, draft: Draft, as_of: datetime | None = None) -> tuple[Promised, ...]:
    """Book a whole plan, which was made under the policy of the store.

    Others wait for as long as it takes to write it; whether it still holds is judged before, so
    far as it can be.

    Parameters
    ----------
    as_of
        What counts as now; by default what did when the plan was made.

    Raises
    ------
    ChangedError
        It no longer holds; nothing was booked.
    """
    return store.run(ready(store, draft, as_of))


def ready(store: Store, draft: Draft, as_of: datetime | None = None) -> Work:
    """Judge a plan as it stands, while nobody has to wait.

    Returns
    -------
    Callable
        What books it in a transaction, or raises ``ChangedError`` there; judged again where
        anything has changed by then.
    """
    database, now = store.database, as_of or draft.as_of
    store.expire()
    with database.reading() as connection:
        database.take_time(connection)
        judged = last_sequence(connection)
        first = [_judged(Transaction(database, connection, store.policy), draft, now)]

    def work(tx: Transaction) -> tuple[Promised, ...]:
        tx.lock_records(shared=False)
        database.take_time(tx.connection)
        is_other = last_sequence(tx.connection) != judged
        if is_other:
            tx.expire_all()
        if is_other or not first:  # a second try: seats are found once for each
            return _write(tx, draft.rows, _seats(_judged(tx, draft, now)))
        return _write(tx, draft.rows, _seats(first.pop()))

    return work


_Needs = dict[str, list[Need]]
_Charts = list[tuple[Chart, _Needs]]
_Seats = list[tuple[list[Occupied], Chart]]


def _judged(tx: Transaction, draft: Draft, now: datetime) -> Difference | _Charts:
    """What stands against a plan by now; else what is there of all that it needs."""
    found = read_all(tx.connection)
    world = None if found is None else world_at(found, now)
    rows = _standing(world, draft.rows)
    charts = [] if world is None else list(_charts(tx, _needs(world, rows, tx.policy)))
    difference = Difference(
        changed=tuple(_changed(tx, draft, _named(world, rows))),
        gone=tuple(_gone(tx, draft.rows)),
        placed=tuple(_placed(tx, draft.rows)),
        taken=tuple(_taken(rows, charts)),
    )
    is_as_it_was = draft.sequence == last_sequence(tx.connection) and draft.as_of == now
    if world is not None and not is_as_it_was and not difference:
        difference = Difference(broken=_broken(world, tx.policy, rows))
    return difference or charts


def _seats(judged: Difference | _Charts) -> _Seats:
    """What a plan occupies beside what is there.

    Raises
    ------
    ChangedError
        It does not hold.
    """
    if isinstance(judged, Difference):
        raise ChangedError(judged)
    return [
        ([row for name, some in part.items() for row in chart.occupy(name, some, "booked")], chart)
        for chart, part in judged
    ]


def _standing(world: Dataset | None, rows: Sequence[Planned]) -> tuple[Planned, ...]:
    """Rows of a plan of which the request, the role and the session are there."""
    if world is None:
        return ()
    requests = {row.id for row in world.requests}
    roles = {row.id for row in world.roles}
    sessions = {row.id for row in world.sessions}
    return tuple(
        row
        for row in rows
        if row.appointment.request_id in requests
        and row.appointment.role_id in roles
        and row.session_id in sessions
    )


def _changed(tx: Transaction, draft: Draft, named: set[Key]) -> Iterator[Key]:
    if draft.policy_hash != policy_hash(tx.policy):
        yield POLICY, ""
    query = select(change.c.kind, change.c.id).where(change.c.sequence > draft.sequence)
    for row in tx.connection.execute(query.distinct().order_by(change.c.kind, change.c.id)):
        if (row.kind, row.id) in named or row.kind == WORLD:
            yield row.kind, row.id


def _named(world: Dataset | None, rows: Sequence[Planned]) -> set[Key]:
    """Kinds and ids of the records that a plan names, and of those that these name."""
    found: set[Key] = set()
    if world is None:
        return found
    requests = {row.id: row for row in world.requests}
    roles = {row.id: row for row in world.roles}
    for row in rows:
        request, role = requests[str(row.appointment.request_id)], roles[row.appointment.role_id]
        found |= {("sessions", row.session_id), ("roles", role.id), ("requests", request.id)}
        found |= {("patients", request.patient_id), ("doctors", str(role.doctor_id))}
    return found


def _gone(tx: Transaction, rows: Sequence[Planned]) -> Iterator[str]:
    ids = [str(row.appointment.request_id) for row in rows]
    for some in _parts(ids):
        query = select(record.c.id).where(record.c.kind == "requests", record.c.id.in_(some))
        there = set(tx.connection.execute(query).scalars())
        yield from (id for id in some if id not in there)


def _placed(tx: Transaction, rows: Sequence[Planned]) -> Iterator[tuple[str, str]]:
    ids = [str(row.appointment.request_id) for row in rows]
    for some in _parts(ids):
        query = select(appointment.c.request_id, appointment.c.id).where(
            appointment.c.request_id.in_(some), appointment.c.status != "cancelled"
        )
        for row in tx.connection.execute(query.order_by(appointment.c.number)).all():
            yield row.request_id, row.id


def _charts(tx: Transaction, needs: _Needs) -> Iterator[tuple[Chart, _Needs]]:
    """What is occupied of what the plan needs, with those needs, in parts that one question can
    be about.
    """
    of_key: dict[Key, list[tuple[str, Need]]] = defaultdict(list)
    for name, some in needs.items():
        for need in some:
            of_key[need.kind, need.id].append((name, need))
    for keys in _parts(sorted(of_key)):
        part: _Needs = defaultdict(list)
        for key in keys:
            for name, need in of_key[key]:
                part[name].append(need)
        yield tx.chart([need for some in part.values() for need in some]), part


def _taken(rows: Sequence[Planned], charts: _Charts) -> Iterator[tuple[str, Collision]]:
    requests = {row.appointment.id: str(row.appointment.request_id) for row in rows}
    for chart, part in charts:
        for name, some in part.items():
            for found in chart.collisions(some):
                yield requests[name], found


def _parts(some: Sequence[T]) -> Iterator[Sequence[T]]:
    return (some[start : start + _AT_ONCE] for start in range(0, len(some), _AT_ONCE))


def _broken(world: Dataset, policy: Policy, rows: Sequence[Planned]) -> tuple[Violation, ...]:
    """What the judges say of the plan in the world as it is now."""
    snapshot = take_snapshot(world)
    return verify(snapshot, policy, _plan(snapshot, rows)).violations


def _plan(snapshot: Snapshot, rows: Sequence[Planned]) -> Plan:
    plan = Plan.empty(snapshot)
    for row in rows:
        of, index = row.appointment, snapshot.index
        which = index.requests[str(of.request_id)]
        plan.state[which] = PLACED
        plan.role[which] = index.roles[of.role_id]
        plan.session[which] = index.sessions[row.session_id]
        plan.start[which] = snapshot.grid.minutes(of.start)
        plan.end[which] = snapshot.grid.minutes(of.end)
    return plan


def _needs(world: Dataset, rows: Sequence[Planned], policy: Policy) -> _Needs:
    """By appointment, all that it will need; where a role has several day sessions at a time,
    in the one that is meant.
    """
    roles = {row.appointment.role_id for row in rows}
    sessions = [row for row in world.sessions if row.role_id in roles]
    twins = _twins(sessions)
    of_session: dict[str | None, list[Planned]] = defaultdict(list)
    for planned in rows:
        alone = planned.session_id if planned.session_id in twins else None
        of_session[alone].append(planned)
    found: _Needs = {row.appointment.id: [] for row in rows}
    for name, some in of_session.items():
        others = set() if name is None else twins[name]
        left = tuple(row for row in sessions if row.id not in others)
        found.update(needs_of(take_snapshot(_extract(world, some, left)), policy))
    return found


def _twins(sessions: Sequence[Session]) -> dict[str, set[str]]:
    """By day session, others of its role at the same time."""
    at_once: dict[tuple[object, ...], set[str]] = defaultdict(set)
    for row in sessions:
        if row.kind == "day":
            at_once[row.role_id, row.start, row.end].add(row.id)
    return {id: ids - {id} for ids in at_once.values() if len(ids) > 1 for id in ids}


def _extract(dataset: Dataset, rows: Sequence[Planned], sessions: tuple[Session, ...]) -> Dataset:
    """No more than what some appointments stand among."""
    asked = {row.appointment.request_id for row in rows}
    return replace(
        dataset,
        requests=tuple(row for row in dataset.requests if row.id in asked),
        links=(),
        sessions=sessions,
        appointments=tuple(row.appointment for row in rows),
    )


def _write(tx: Transaction, rows: Sequence[Planned], seats: _Seats) -> tuple[Promised, ...]:
    """Make the appointments, with what they occupy."""
    if rows:
        columns = [appointment_row(row.appointment) | {"version": 1} for row in rows]
        tx.connection.execute(insert(appointment), columns)
    for occupied, chart in seats:
        tx.write_occupied(occupied, chart)
    for row in rows:
        tx.log(APPOINTMENTS, row.appointment.id, None)
    return tuple(Promised(row.appointment, "booked", 1, None, None) for row in rows)
