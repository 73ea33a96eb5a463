"""What SQLite is told, and what becomes of a file that is none."""

from __future__ import annotations

import sqlite3
import stat
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, insert

from api.store import sqlite
from api.store.errors import DatabaseError, FullError, StoreError
from api.store.opening import open_database
from api.store.sqlite import Sqlite
from api.store.tables import change


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Where a store can be made."""
    return tmp_path / "store.db"


def pragma(connection: Connection, name: str) -> Any:
    """What SQLite says of a setting."""
    return connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()


def test_the_writer_loses_nothing_that_it_acknowledged(file: Path) -> None:
    """Write-ahead log, every commit synchronised, foreign keys looked at."""
    store = Sqlite(file)
    names = ("journal_mode", "synchronous", "foreign_keys")
    assert store.write(lambda c: [pragma(c, name) for name in names]) == ["wal", 2, 1]
    store.close()


def test_readers_cannot_write(file: Path) -> None:
    """A connection for reading refuses to change anything."""
    store = Sqlite(file)
    with pytest.raises(DatabaseError, match="SQLITE_READONLY"), store.reading() as connection:
        connection.execute(insert(change), [{"kind": "doctors", "id": "x"}])
    store.close()


def test_every_write_begins_at_once_and_leaves_nothing_where_it_fails(file: Path) -> None:
    """The transaction is there before the first statement, and gone after an exception."""
    store = Sqlite(file)

    def fail(connection: Connection) -> None:
        assert connection.connection.driver_connection.in_transaction  # type: ignore[union-attr]
        connection.execute(insert(change), [{"kind": "doctors", "id": "x"}])
        raise KeyError

    with pytest.raises(KeyError):
        store.write(fail)
    with store.reading() as connection:
        assert connection.execute(change.select()).all() == []
    store.close()


def test_the_file_is_its_owners_alone(file: Path) -> None:
    """It holds what patients have told."""
    Sqlite(file).close()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


@pytest.mark.parametrize("content", [b"no database at all, but long enough" * 99, None])
def test_a_damaged_file_is_refused_and_left_alone(file: Path, content: bytes | None) -> None:
    """Neither a file of another kind, nor one with a page that was written over."""
    if content is None:
        store = Sqlite(file)
        rows = [{"kind": "doctors", "id": str(number)} for number in range(5000)]
        store.write(lambda connection: connection.execute(insert(change), rows))
        store.close()
        whole = file.read_bytes()
        content = whole[:8192] + b"\x55" * (len(whole) - 8192)
    file.write_bytes(content)
    with pytest.raises(StoreError, match="backup") as caught:
        Sqlite(file)
    assert caught.value.problems[0].code == "damaged_store"
    assert file.read_bytes() == content


def test_a_sound_file_has_nothing_wrong(file: Path) -> None:
    """And says what it runs on."""
    store = Sqlite(file)
    assert store.check() == []
    assert "sqlite" in store.facts()
    store.close()


@pytest.mark.parametrize(
    "url", ["", "slotmatch.db", "sqlite://", "sqlite:///:memory:", "mysql://me:secret@host/db"]
)
def test_an_address_that_is_none_is_refused(url: str) -> None:
    """The message says what one looks like, and no password."""
    with pytest.raises(StoreError, match="sqlite:///FILE") as caught:
        open_database(url)
    assert "secret" not in str(caught.value)


def test_a_file_in_which_somebody_else_writes_is_not_called_damaged(file: Path) -> None:
    """It is there, and cannot be used now."""
    Sqlite(file).close()
    with closing(sqlite3.connect(file)) as other, pytest.MonkeyPatch.context() as patch:
        patch.setattr(sqlite, "_BUSY_MILLISECONDS", 1)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreError, match="SQLITE_BUSY") as caught:
            Sqlite(file)
    assert caught.value.problems[0].code == "no_store"


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    """A file cannot be made in it."""
    with pytest.raises(StoreError, match="No such file or directory"):
        open_database(f"sqlite:///{tmp_path / 'nowhere' / 'store.db'}")


def test_a_full_disk_refuses_what_is_written_and_still_reads(file: Path) -> None:
    """Nothing of it is left, and it works again when there is room."""
    store = Sqlite(file)
    rows = [{"kind": "doctors", "id": "x" * 100} for _ in range(5_000)]

    def fill(connection: Connection) -> None:
        connection.exec_driver_sql("PRAGMA max_page_count = 30")
        connection.execute(insert(change), rows)

    with pytest.raises(FullError, match="SQLITE_FULL"):
        store.write(fill)
    with store.reading() as connection:
        assert connection.execute(change.select()).all() == []
    store.write(lambda connection: connection.exec_driver_sql("PRAGMA max_page_count = 9999"))
    store.write(lambda connection: connection.execute(insert(change), rows[:1]))
    store.close()
    assert Sqlite(file).check() == []
