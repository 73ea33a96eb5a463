"""Every change leaves one row of the audit, and nobody changes one unseen: on either database."""

from __future__ import annotations

import itertools
import json
import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import Connection, delete, insert, select, text, update
from ward import place, ward

from api.store.access_tables import audit, audit_body, audit_head
from api.store.audit import Head, link_of
from api.store.auditing import head, verify
from api.store.database import Database
from api.store.errors import RefusalError
from api.store.keys import Keys
from api.store.store import Store
from api.store.tables import appointment
from api.store.transaction import Transaction
from engine.domain import Doctor


def rows(database: Database) -> list[Any]:
    """The audit with what stands beside it, in order."""
    query = select(audit, audit_body.c.id, audit_body.c.before.label("was"),
                   audit_body.c.after.label("is_now")).order_by(audit.c.number)  # fmt: skip
    joined = query.outerjoin_from(audit, audit_body, audit.c.number == audit_body.c.number)
    with database.reading() as connection:
        return list(connection.execute(joined).all())


def test_every_change_is_one_row_that_says_who_what_before_and_after(store: Store) -> None:
    """A load is one, and so is each step of an appointment; what is only read leaves none."""
    desk = store.by("desk")
    made = desk.hold("ann-visit", place(), 300, "desk")
    desk.book(made.record.id, "desk")
    store.by("other").move(made.record.id, place(start="10:00"))
    store.by("other").cancel(made.record.id, "pat")
    store.appointments(), store.dataset(), store.changes()
    loaded, *steps = rows(store.database)
    assert (loaded.actor, loaded.action, loaded.kind, loaded.id) == (
        "nobody",
        "loaded",
        "dataset",
        "",
    )
    assert [(row.actor, row.action) for row in steps] == [
        ("desk", "created"), ("desk", "changed"), ("other", "changed"), ("other", "changed"),
    ]  # fmt: skip
    assert {(row.kind, row.id) for row in steps} == {("appointments", made.record.id)}
    assert steps[0].was is None
    for before, after in itertools.pairwise(steps):
        assert before.is_now == after.was
    contents = [json.loads(row.is_now) for row in steps]
    assert [row["status"] for row in contents] == ["held", "booked", "booked", "cancelled"]
    assert [row["version"] for row in contents] == [1, 2, 3, 4]
    assert contents[-1]["reason"] == "pat"
    assert contents[0]["held_by"] == "desk"
    assert all(abs(row.at - store.now().timestamp()) < 60 for row in steps)
    assert verify(store.database).num_faults == 0


def test_what_is_refused_or_changes_nothing_leaves_no_row(store: Store) -> None:
    """Nor does what fails at the end: the row and the change are one transaction."""
    store.put("doctors", Doctor(id="dr"))
    before = len(rows(store.database))
    store.put("doctors", Doctor(id="dr"))
    with pytest.raises(RefusalError):
        store.hold("ann-visit", place(start="08:00"), 300, "desk")
    with pytest.raises(RefusalError):
        store.put("doctors", Doctor(id="dr", name="x"), expected=9)
    assert len(rows(store.database)) == before


def test_records_and_those_that_collide_because_of_them_are_rows(store: Store) -> None:
    """A session that has one seat less: it, and the appointment that is conflicted by it."""
    for name in ("ann-visit", "bob-visit"):
        last = store.hold(name, place("wide"), 300, "k").record.id
        store.book(last, "k")
    session = store.record("sessions", "two").record
    before = len(rows(store.database))
    store.put("sessions", replace(session, capacity=1), breaking=True)
    found = rows(store.database)[before:]
    assert [(row.kind, row.id, row.action) for row in found] == [
        ("sessions", "two", "changed"),
        ("appointments", last, "changed"),
    ]
    assert json.loads(found[0].is_now)["version"] == 2
    assert json.loads(found[1].is_now)["status"] == "conflicted"


def test_a_hold_that_is_over_expires_in_the_audit(store: Store) -> None:
    """Whoever needed its place, or swept."""
    store.hold("ann-visit", place(), 300, "desk")
    old = update(appointment).values(held_until=1)
    store.database.write(lambda connection: connection.execute(old))
    store.by("sweeper").expire()
    last = rows(store.database)[-1]
    assert (last.actor, last.action, last.is_now) == ("sweeper", "expired", None)


def test_keys_are_audited_without_their_digests(database: Database) -> None:
    """Made and revoked, by whom; revoked again is no change."""
    keys = Keys(database, "local:me")
    keys.create("desk", ["book"])
    (key,) = keys.all()[1]
    keys.revoke(key.id)
    keys.revoke(key.id)
    found = rows(database)
    assert [(row.actor, row.action, row.kind, row.id) for row in found] == [
        ("local:me", "created", "keys", key.id), ("local:me", "changed", "keys", key.id),
    ]  # fmt: skip
    assert key.digest not in str(found)


def test_hashes_are_the_stores_own_and_tell_nothing_twice(store: Store) -> None:
    """The same id has one hash in a store; the same body never the same."""
    first = store.hold("ann-visit", place(), 300, "desk").record.id
    store.cancel(first, "pat", "desk")
    _, made, ended = rows(store.database)
    assert made.subject == ended.subject
    assert made.after != ended.before
    assert made.is_now == ended.was


# What somebody could do to it, past the store


def _edit(**values: Any) -> Callable[[Connection], Any]:
    return lambda c: c.execute(update(audit).where(audit.c.number == 3).values(**values))


def _beside(**values: Any) -> Callable[[Connection], Any]:
    return lambda c: c.execute(update(audit_body).where(audit_body.c.number == 3).values(**values))


def _remove(*numbers: int) -> Callable[[Connection], Any]:
    def work(connection: Connection) -> None:
        for table in (audit_body, audit):
            connection.execute(delete(table).where(table.c.number.in_(numbers)))

    return work


def _renumber(old: int, new: int) -> Callable[[Connection], Any]:
    """Give a row, and what stands beside it, another number."""

    def work(connection: Connection) -> None:
        both = {}
        for table in (audit, audit_body):
            query = select(table).where(table.c.number == old)
            both[table] = dict(connection.execute(query).one()._mapping)
        _remove(old)(connection)
        for table, row in both.items():
            connection.execute(insert(table), [row | {"number": new}])

    return work


def _close_up(connection: Connection) -> None:
    """Remove a row and move all after it."""
    _remove(3)(connection)
    for number in (4, 5, 6):
        _renumber(number, number - 1)(connection)
    connection.execute(update(audit_head).values(number=5))


def _swap(connection: Connection) -> None:
    for old, new in ((3, 99), (4, 3), (99, 4)):
        _renumber(old, new)(connection)


def _append(connection: Connection) -> None:
    row = dict(connection.execute(select(audit).where(audit.c.number == 6)).one()._mapping)
    row |= {"number": 7}
    row["link"] = link_of(row, row["link"])
    connection.execute(insert(audit), [row])


def _duplicate(connection: Connection) -> None:
    row = dict(connection.execute(select(audit).where(audit.c.number == 3)).one()._mapping)
    connection.execute(insert(audit), [row | {"number": 7}])


def _insert_first(connection: Connection) -> None:
    row = dict(connection.execute(select(audit).where(audit.c.number == 1)).one()._mapping)
    connection.execute(insert(audit), [row | {"number": 0}])


def _forge(connection: Connection) -> None:
    """Change a row and work out its own link anew."""
    row = dict(connection.execute(select(audit).where(audit.c.number == 3)).one()._mapping)
    before = connection.execute(select(audit.c.link).where(audit.c.number == 2)).scalar_one()
    row["actor"] = "somebody"
    row["link"] = link_of(row, before)
    connection.execute(update(audit).where(audit.c.number == 3).values(**row))


def _truncate(connection: Connection) -> None:
    _remove(5, 6)(connection)


TAMPERED: dict[str, Callable[[Connection], Any]] = {
    "actor": _edit(actor="somebody"),
    "action": _edit(action="created"),
    "kind": _edit(kind="doctors"),
    "subject": _edit(subject="0" * 64),
    "clock back": _edit(at=1),
    "hash before": _edit(before=None),
    "hash after": _edit(after="0" * 64),
    "link": _edit(link="0" * 64),
    "body before": _beside(before="{}"),
    "body after": _beside(after="{}"),
    "id beside": _beside(id="other"),
    "salt": _beside(salt="00"),
    "body gone": lambda c: c.execute(delete(audit_body).where(audit_body.c.number == 3)),
    "first gone": _remove(1),
    "one gone": _remove(3),
    "two gone": _remove(3, 4),
    "gone and closed up": _close_up,
    "swapped": _swap,
    "truncated": _truncate,
    "all gone": _remove(1, 2, 3, 4, 5, 6),
    "appended": _append,
    "duplicated": _duplicate,
    "inserted before": _insert_first,
    "forged with its link": _forge,
    "head's number": lambda c: c.execute(update(audit_head).values(number=5)),
    "head's link": lambda c: c.execute(update(audit_head).values(link="0" * 64)),
    "head's secret": lambda c: c.execute(update(audit_head).values(secret="00" * 32)),
    "head gone": lambda c: c.execute(delete(audit_head)),
}


@pytest.fixture
def written(store: Store) -> Store:
    """Six rows of it."""
    for name, start in (("ann", "09:00"), ("bob", "09:15")):
        store.book(store.hold(f"{name}-visit", place(start=start), 300, "k").record.id, "k")
    store.put("doctors", Doctor(id="dr", name="Dr"))
    assert verify(store.database).head.number == 6
    return store


@pytest.mark.parametrize("how", TAMPERED)
def test_whatever_is_done_to_it_is_found(written: Store, how: str) -> None:
    """Edits, deletions, other orders, a shorter or longer end, insertions."""
    assert verify(written.database).num_faults == 0
    written.database.write(TAMPERED[how])
    verdict = verify(written.database)
    assert verdict.num_faults
    assert len(verdict.faults) == verdict.num_faults


def test_a_head_kept_elsewhere_finds_an_audit_written_anew(written: Store) -> None:
    """Who changes the rows, their links and the head leaves nothing else to see."""
    known = head(written.database)
    assert verify(written.database, known).num_faults == 0

    def rewrite(connection: Connection) -> None:
        _remove(5, 6)(connection)
        link = connection.execute(select(audit.c.link).where(audit.c.number == 4)).scalar_one()
        connection.execute(update(audit_head).values(number=4, link=link))

    written.database.write(rewrite)
    assert verify(written.database).num_faults == 0
    assert "it had 6 rows" in verify(written.database, known).faults[0]
    written.put("doctors", Doctor(id="dr", name="Another"))
    written.put("doctors", Doctor(id="dr", name="Yet another"))
    assert verify(written.database).num_faults == 0
    assert "kept elsewhere" in verify(written.database, known).faults[0]
    assert verify(written.database, Head(0, "")).num_faults == 0


def test_an_audit_goes_on_after_many_rows(written: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows are read some at a time, and each once."""
    monkeypatch.setattr("api.store.auditing._AT_ONCE", 2)
    assert verify(written.database).head == head(written.database)
    assert verify(written.database).num_faults == 0


def test_two_writers_make_one_chain(written: Store) -> None:
    """Whoever commits later comes after, also in the audit."""

    def write(name: str) -> None:
        for number in range(10):
            written.by(name).put("doctors", Doctor(id=name, name=str(number)))

    threads = [threading.Thread(target=write, args=(name,)) for name in ("a", "b", "c")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    verdict = verify(written.database)
    assert (verdict.num_faults, verdict.head.number) == (0, 36)


def test_what_fails_at_the_end_leaves_neither(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The change and its row are one transaction."""
    before = len(rows(store.database))
    finish = Transaction.finish

    def broken(self: Transaction) -> None:
        finish(self)
        self.connection.execute(text("SELECT no_such_function()"))

    monkeypatch.setattr(Transaction, "finish", broken)
    with pytest.raises(Exception, match="the database refused"):
        store.put("doctors", Doctor(id="dr", name="x"))
    assert len(rows(store.database)) == before
    assert store.record("doctors", "dr").record == ward().dataset().doctors[0]
