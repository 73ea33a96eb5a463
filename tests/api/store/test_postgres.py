"""What PostgreSQL is asked for, and how its refusals are said."""

from __future__ import annotations

import sys
import threading

import pytest
from postgres_server import PostgresServer
from sqlalchemy import Connection, text

from api.store.database import Database
from api.store.errors import BusyError, DatabaseError, StoreError
from api.store.opening import open_database
from api.store.postgres import MOST_TRIES
from api.store.store import Store
from api.store.transaction import Transaction
from engine.policy import Policy


def test_no_server_is_an_error_without_its_password() -> None:
    """What cannot be reached is named, and what opens it is not."""
    url = "postgresql://me:secret@127.0.0.1:1/none"
    with pytest.raises(StoreError) as caught:
        open_database(url)
    assert caught.value.problems[0].code == "no_store"
    assert "secret" not in str(caught.value)


def test_a_server_that_may_lose_commits_is_refused(postgres_server: PostgresServer) -> None:
    """One that acknowledges before it has written is no store."""
    name = postgres_server.new_database()
    postgres_server.execute(f"ALTER DATABASE {name} SET synchronous_commit = off")
    with pytest.raises(StoreError, match="synchronous_commit = off") as caught:
        open_database(postgres_server.url(name))
    assert caught.value.problems[0].code == "unsafe_store"


def test_two_processes_can_start_at_once(postgres_server: PostgresServer) -> None:
    """One makes the tables, the other waits and finds them."""
    url = postgres_server.url(postgres_server.new_database())
    found: list[Database] = []
    threads = [threading.Thread(target=lambda: found.append(open_database(url))) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 3
    for database in found:
        database.close()


@pytest.mark.parametrize("state", ["40001", "40P01", "23503"])
def test_work_in_whose_way_others_were_is_done_again(
    postgres_database: Database, state: str
) -> None:
    """A serialisation failure, a deadlock, a hold that ended: tried again, thrice and no more."""
    tries = []

    def fail(connection: Connection, last: int) -> int:
        tries.append(1)
        if len(tries) < last:
            raised = f"DO $$ BEGIN RAISE EXCEPTION 'x' USING ERRCODE = '{state}'; END $$"
            connection.execute(text(raised))
        return len(tries)

    assert postgres_database.write(lambda c: fail(c, MOST_TRIES)) == MOST_TRIES
    tries.clear()
    with pytest.raises(BusyError, match=state):
        postgres_database.write(lambda c: fail(c, MOST_TRIES + 1))
    assert len(tries) == MOST_TRIES


def test_waits_are_bounded(postgres_database: Database) -> None:
    """Statements, locks and transactions that do nothing end by themselves."""
    names = ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout")
    with postgres_database.reading() as connection:
        found = [connection.execute(text(f"SHOW {name}")).scalar_one() for name in names]
    assert found == ["10s", "3s", "15s"]


def test_a_load_may_take_its_time(postgres_database: Database) -> None:
    """Its transaction has no limits; the next one on the connection has."""

    def limits(connection: Connection) -> list[str]:
        names = ("statement_timeout", "idle_in_transaction_session_timeout")
        return [connection.execute(text(f"SHOW {name}")).scalar_one() for name in names]

    def patiently(connection: Connection) -> list[str]:
        postgres_database.take_time(connection)
        return limits(connection)

    assert postgres_database.write(patiently) == ["0", "0"]
    assert postgres_database.write(limits) == ["10s", "15s"]


def test_changes_are_numbered_in_the_order_of_commits(postgres_database: Database) -> None:
    """Whoever has written what changed commits before anybody else can write: a reader who has
    seen a number has seen all before it.
    """
    written, leave, done = threading.Event(), threading.Event(), threading.Event()

    def note(connection: Connection, name: str) -> None:
        tx = Transaction(postgres_database, connection, Policy.default())
        tx.log("patients", name)
        tx.finish()

    def slowly(connection: Connection) -> None:
        note(connection, "first")
        written.set()
        leave.wait(5)

    def quickly() -> None:
        postgres_database.write(lambda connection: note(connection, "second"))
        done.set()

    threads = [
        threading.Thread(target=postgres_database.write, args=(slowly,)),
        threading.Thread(target=quickly),
    ]
    threads[0].start()
    assert written.wait(5)
    threads[1].start()
    assert not done.wait(0.1)
    leave.set()
    for thread in threads:
        thread.join()
    assert [row.id for row in Store(postgres_database).changes()][-2:] == ["first", "second"]


def test_locks_are_shared_or_not(postgres_database: Database) -> None:
    """Two may share a name; who wants it alone waits for both."""
    inside, leave, alone = threading.Barrier(3), threading.Event(), threading.Event()

    def share(connection: Connection) -> None:
        postgres_database.lock(connection, ["b", "a"], shared=True)
        inside.wait(5)
        leave.wait(5)

    def own(connection: Connection) -> None:
        postgres_database.lock(connection, ["a"])
        alone.set()

    both = [threading.Thread(target=postgres_database.write, args=(share,)) for _ in range(2)]
    for thread in both:
        thread.start()
    inside.wait(5)
    third = threading.Thread(target=postgres_database.write, args=(own,))
    third.start()
    assert not alone.wait(0.1)
    leave.set()
    assert alone.wait(5)
    for thread in (*both, third):
        thread.join()


def test_a_sound_database_has_nothing_wrong(postgres_database: Database) -> None:
    """And says what it runs on."""
    assert postgres_database.check() == []
    assert "postgresql" in postgres_database.facts()


def test_readers_cannot_write(postgres_database: Database) -> None:
    """A connection for reading refuses to change anything."""
    with pytest.raises(DatabaseError, match="25006"), postgres_database.reading() as connection:
        connection.execute(text("DELETE FROM change"))


def test_without_the_driver_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """A plain install has SQLite alone."""
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(StoreError, match=r"slotmatch\[postgres\]") as caught:
        open_database("postgresql://me@127.0.0.1:1/none")
    assert caught.value.problems[0].code == "missing_extra"
