"""A plan into the store: all of it in one transaction, or nothing, and what stands against it.

What happened while the plan was made need not be in its way. It is refused where somebody has a
place that it gives away, where a request is gone or has a place, where a record changed that it
names, and where the judges find that it breaks a rule beside what came since.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, replace
from typing import TypeVar

from sqlalchemy import insert, select

from api.store.chart import Chart, Need, Occupied
from api.store.errors import Collision, RefusalError
from api.store.loading import read_all
from api.store.needing import needs_of
from api.store.promised import Promised
from api.store.proposing import Planned, Proposal, last_sequence
from api.store.rows import APPOINTMENTS, appointment_row
from api.store.store import Store
from api.store.tables import appointment, change, record
from api.store.transaction import WORLD, Key, Transaction
from engine.domain import Dataset, Session
from engine.plan import PLACED, Plan
from engine.policy import Policy
from engine.snapshot import Snapshot, take_snapshot
from engine.verify.judge import verify
from engine.verify.violation import Violation

T = TypeVar("T")

_AT_ONCE = 200  # things, or ids, in one condition


@dataclass(frozen=True, slots=True)
class Difference:
    """What stands between a plan and the world as it is now; nothing of it: it can be booked.

    Parameters
    ----------
    changed
        Kind and id of records that the plan names and that were changed; ``dataset``: a whole
        one was loaded.
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
            yield f"{kind}/{id} was changed" if id else "a dataset was loaded"
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


def commit(store: Store, proposal: Proposal) -> tuple[Promised, ...]:
    """Book a whole plan, which was made under the policy of the store.

    Others wait for as long as it takes to write it; whether it still holds is judged before, so
    far as it can be.

    Raises
    ------
    ChangedError
        It no longer holds; nothing was booked.
    """
    policy, database = proposal.result.policy, store.database
    needs = _needs(proposal, policy)
    store.expire()
    with database.reading() as connection:
        judged = last_sequence(connection)
        tx = Transaction(database, connection, policy)
        ready = [_seated(tx, proposal, needs, is_other=judged != proposal.sequence)]

    def work(tx: Transaction) -> tuple[Promised, ...]:
        tx.lock_records(shared=False)
        database.take_time(tx.connection)
        is_other = last_sequence(tx.connection) != judged
        if is_other:
            tx.expire_all()
        if is_other or not ready:  # a second try: seats are found once for each
            return _write(tx, proposal.rows, _seated(tx, proposal, needs, is_other=is_other))
        return _write(tx, proposal.rows, ready.pop())

    return store.run(work)


_Needs = dict[str, list[Need]]
_Charts = list[tuple[Chart, _Needs]]
_Seats = list[tuple[list[Occupied], Chart]]


def _seated(tx: Transaction, proposal: Proposal, needs: _Needs, *, is_other: bool) -> _Seats:
    """What the plan occupies beside what is there, if it still holds; nothing is written.

    Parameters
    ----------
    is_other
        Whether anything has changed since it was last judged.
    """
    charts = list(_charts(tx, needs))
    difference = Difference(
        changed=tuple(_changed(tx, proposal)),
        gone=tuple(_gone(tx, proposal)),
        placed=tuple(_placed(tx, proposal)),
        taken=tuple(_taken(proposal.rows, charts)),
    )
    if is_other and not difference:
        difference = Difference(broken=_broken(tx, proposal))
    if difference:
        raise ChangedError(difference)
    return [
        ([row for name, some in part.items() for row in chart.occupy(name, some, "booked")], chart)
        for chart, part in charts
    ]


def _changed(tx: Transaction, proposal: Proposal) -> Iterator[tuple[str, str]]:
    query = select(change.c.kind, change.c.id).where(change.c.sequence > proposal.sequence)
    named = _named(proposal)
    for row in tx.connection.execute(query.distinct().order_by(change.c.kind, change.c.id)):
        if (row.kind, row.id) in named or row.kind == WORLD:
            yield row.kind, row.id


def _named(proposal: Proposal) -> set[tuple[str, str]]:
    """Kinds and ids of the records that a plan names, and of those that these name."""
    found: set[tuple[str, str]] = set()
    requests = {row.id: row for row in proposal.dataset.requests}
    roles = {row.id: row for row in proposal.dataset.roles}
    for row in proposal.rows:
        request, role = requests[str(row.appointment.request_id)], roles[row.appointment.role_id]
        found |= {("sessions", row.session_id), ("roles", role.id), ("requests", request.id)}
        found |= {("patients", request.patient_id), ("doctors", str(role.doctor_id))}
    return found


def _gone(tx: Transaction, proposal: Proposal) -> Iterator[str]:
    ids = [str(row.appointment.request_id) for row in proposal.rows]
    for some in _parts(ids):
        query = select(record.c.id).where(record.c.kind == "requests", record.c.id.in_(some))
        there = set(tx.connection.execute(query).scalars())
        yield from (id for id in some if id not in there)


def _placed(tx: Transaction, proposal: Proposal) -> Iterator[tuple[str, str]]:
    ids = [str(row.appointment.request_id) for row in proposal.rows]
    for some in _parts(ids):
        query = select(appointment.c.request_id, appointment.c.id).where(
            appointment.c.request_id.in_(some), appointment.c.status != "cancelled"
        )
        rows = tx.connection.execute(query.order_by(appointment.c.number)).all()
        yield from ((row.request_id, row.id) for row in rows)


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


def _broken(tx: Transaction, proposal: Proposal) -> tuple[Violation, ...]:
    """What the judges say of the plan in the world as it is now, at the same moment."""
    found = read_all(tx.connection)
    if found is None:
        return ()
    header = replace(found.header, as_of=proposal.dataset.header.as_of)
    snapshot = take_snapshot(replace(found, header=header))
    return verify(snapshot, proposal.result.policy, _plan(snapshot, proposal.rows)).violations


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


def _needs(proposal: Proposal, policy: Policy) -> _Needs:
    """By appointment, all that it will need; where a role has several day sessions at a time,
    in the one that is meant.
    """
    rows = proposal.rows
    roles = {row.appointment.role_id for row in rows}
    sessions = [row for row in proposal.dataset.sessions if row.role_id in roles]
    twins = _twins(sessions)
    of_session: dict[str | None, list[Planned]] = defaultdict(list)
    for planned in rows:
        alone = planned.session_id if planned.session_id in twins else None
        of_session[alone].append(planned)
    found: _Needs = {row.appointment.id: [] for row in rows}
    for name, some in of_session.items():
        others = set() if name is None else twins[name]
        left = tuple(row for row in sessions if row.id not in others)
        found.update(needs_of(take_snapshot(_extract(proposal.dataset, some, left)), policy))
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
