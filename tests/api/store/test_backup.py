"""Backups while others book: whole, sound, and put back with all that was acknowledged."""

from __future__ import annotations

import os
import shutil
import sqlite3
import stat
import subprocess
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from clinic import Clinic, at
from commands import run_command
from postgres_server import PostgresServer
from sqlalchemy import Engine, create_engine, make_url, text

from api.backup import copies, dumps
from api.backup.backup import back_up, restore
from api.store.errors import RefusalError, StoreError
from api.store.invariants import broken_invariants
from api.store.opening import open_database
from api.store.placing import Place
from api.store.store import Store

KEY = "key"
DESKS, EACH = 4, 6


def day() -> Clinic:
    """Two doctors for eight hours, and more people than they have time for."""
    clinic = Clinic().doctor("other").role("wide", doctor_id="other")
    clinic.session("08:00", "16:00", id="one")
    clinic.session("08:00", "16:00", id="two", role_id="wide")
    for number in range(DESKS * EACH):
        clinic.request(f"v{number}", f"p{number}")
    return clinic


@pytest.fixture
def url(empty_url: str) -> str:
    """Address of a store that holds the day."""
    store = Store(open_database(empty_url))
    store.load(day().dataset())
    store.close()
    return empty_url


@pytest.fixture
def other_url(url: str, request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Address of nothing, of the same kind."""
    if url.startswith("sqlite"):
        return f"sqlite:///{tmp_path / 'other.db'}"
    server: PostgresServer = request.getfixturevalue("postgres_server")
    return server.url(server.new_database())


def code_of(caught: pytest.ExceptionInfo[StoreError]) -> str:
    """Of the one thing that is wrong."""
    (problem,) = caught.value.problems
    return problem.code


def opened(url: str) -> Store:
    """A store to look into."""
    return Store(open_database(url))


def booked(store: Store) -> set[str]:
    """Ids of all that is booked."""
    return {row.record.id for row in store.appointments(limit=1_000, status="booked").rows}


def assert_sound(store: Store) -> None:
    """Nothing is promised twice, by a question of its own."""
    with store.database.reading() as connection:
        assert broken_invariants(connection) == []
    assert store.database.check() == []


def engine_of(url: str) -> Engine:
    """Connections past the store."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "postgresql":
        parsed = parsed.set(drivername="postgresql+psycopg")
    return create_engine(parsed)


def places(first: int = 0) -> Iterator[Place]:
    """All that there are from a quarter of an hour on, in turn of the doctors."""
    for quarter in range(first, 32):
        start = at("08:00") + timedelta(minutes=15 * quarter)
        for role in ("role", "wide"):
            yield Place(role, start, start + timedelta(minutes=15))


def desk(store: Store, number: int, acknowledged: set[str]) -> None:
    """Book for some, wherever there is room, and note what was acknowledged."""
    for request in range(number, DESKS * EACH, DESKS):
        for place in places(request % 8 * 3):
            try:
                held = store.hold(f"v{request}", place, 300, KEY).record.id
            except RefusalError:
                continue
            acknowledged.add(store.book(held, KEY).record.id)
            break


def test_a_backup_under_load_holds_all_that_was_acknowledged(
    url: str, other_url: str, tmp_path: Path
) -> None:
    """Three while four desks book for the same places; each is put in the place of the last."""
    store, acknowledged = opened(url), set[str]()
    desks = [
        threading.Thread(target=desk, args=(store, number, acknowledged)) for number in range(DESKS)
    ]
    for one in desks:
        one.start()
    kept = []
    for number in range(3):
        while len(acknowledged) < 4 + 6 * number:
            time.sleep(0.01)
        before = set(acknowledged)
        back_up(url, tmp_path / f"{number}.backup")
        kept.append((before, tmp_path / f"{number}.backup"))
    for one in desks:
        one.join(60)
    assert len(booked(store)) == len(acknowledged) == DESKS * EACH
    store.close()
    for before, file in kept:
        restore(file, other_url, force=True)
        copy = opened(other_url)
        assert len(before) >= 4
        assert before <= booked(copy) <= acknowledged
        assert_sound(copy)
        copy.close()


def test_a_restored_store_goes_on(url: str, other_url: str, tmp_path: Path) -> None:
    """The same dataset, the same log, and numbers that go on from there."""
    store = opened(url)
    held = store.hold("v1", next(places()), 300, KEY).record.id
    backup = back_up(url, tmp_path / "one.backup")
    assert (backup.appointments, stat.S_IMODE((tmp_path / "one.backup").stat().st_mode)) == (
        1,
        0o600,
    )
    assert restore(tmp_path / "one.backup", other_url) == backup
    copy = opened(other_url)
    assert copy.dataset() == store.dataset()
    assert copy.changes() == store.changes()
    copy.book(held, KEY)
    assert copy.last_change() == store.last_change() + 1
    for one in (store, copy):
        one.close()


def test_what_is_there_is_kept(url: str, tmp_path: Path) -> None:
    """Without --force, and where somebody has it open even with it."""
    file = tmp_path / "one.backup"
    back_up(url, file)
    store = opened(url)
    store.book(store.hold("v1", next(places()), 300, KEY).record.id, KEY)
    with pytest.raises(StoreError, match="--force") as caught:
        restore(file, url)
    assert code_of(caught) == "store_not_empty"
    with pytest.raises(StoreError, match="stop the service") as caught:
        restore(file, url, force=True)
    assert code_of(caught) == "store_in_use"
    assert len(booked(store)) == 1
    store.close()
    restore(file, url, force=True)
    store = opened(url)
    assert booked(store) == set()
    store.close()


def test_a_backup_of_a_later_version_changes_nothing(
    url: str, other_url: str, tmp_path: Path
) -> None:
    """It is refused before anything is touched; so is making one."""
    file = tmp_path / "one.backup"
    engine = engine_of(url)
    back_up(url, file)
    with engine.begin() as connection:
        connection.execute(text("UPDATE schema_version SET version_num = '9999'"))
    with pytest.raises(StoreError, match="9999 is newer") as caught:
        back_up(url, tmp_path / "two.backup")
    assert code_of(caught) == "newer_store"
    assert not (tmp_path / "two.backup").exists()
    newer = tmp_path / "newer.backup"
    if url.startswith("sqlite"):
        engine.dispose()
        shutil.copy(make_url(url).database or "", newer)
    else:
        pg_dump(url, newer)
    with pytest.raises(StoreError, match="9999 is newer") as caught:
        restore(newer, other_url)
    assert code_of(caught) == "newer_store"
    engine.dispose()
    with pytest.raises(StoreError):
        back_up(other_url, tmp_path / "none.backup")


def pg_dump(url: str, file: Path) -> None:
    """A dump that nobody has checked."""
    command = ("pg_dump", "--format=custom", f"--file={file}", f"--dbname={url}")
    subprocess.run(command, check=True)


def test_what_is_no_backup_is_refused(url: str, other_url: str, tmp_path: Path) -> None:
    """Another kind of file, half of a backup, and a database that is none of a store."""
    good, bad = tmp_path / "good.backup", tmp_path / "bad.backup"
    back_up(url, good)
    whole = good.read_bytes()
    for content in (b"no backup at all" * 999, whole[: len(whole) // 2]):
        bad.write_bytes(content)
        with pytest.raises(StoreError) as caught:
            restore(bad, other_url)
        assert code_of(caught) in ("not_a_backup", "failed_program")
    engine = engine_of(other_url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE other (x INTEGER)"))
    engine.dispose()
    with pytest.raises(StoreError) as caught:
        back_up(other_url, tmp_path / "none.backup")
    assert code_of(caught) == "not_a_backup"
    assert sorted(path.name for path in tmp_path.glob("*.part")) == []


def test_a_damaged_store_is_not_backed_up_and_can_be_replaced(
    tmp_path: Path, sqlite_template: Path
) -> None:
    """A copy of damage would hide it; a backup in its place ends it, its log included."""
    good, file = tmp_path / "good.backup", tmp_path / "store.db"
    back_up(f"sqlite:///{sqlite_template}", good)
    file.write_bytes(b"\x55" * 9999)
    Path(f"{file}-wal").write_bytes(b"\x55" * 9999)
    with pytest.raises(StoreError) as caught:
        back_up(f"sqlite:///{file}", tmp_path / "bad.backup")
    assert code_of(caught) == "damaged_store"
    restore(good, f"sqlite:///{file}", force=True)
    assert not Path(f"{file}-wal").exists()
    opened(f"sqlite:///{file}").close()


def test_a_full_disk_leaves_nothing_behind(
    tmp_path: Path, sqlite_template: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The backup that was there stays, and half of the new one does not."""
    (tmp_path / "b.db").write_bytes(b"the last one")

    class Full:
        def backup(self, _: sqlite3.Connection) -> None:
            error = sqlite3.OperationalError("full")
            error.sqlite_errorname = "SQLITE_FULL"
            raise error

        def close(self) -> None:
            """Nothing to close."""

    monkeypatch.setattr(copies, "connected", lambda _: Full())
    with pytest.raises(OSError, match="No space left"):
        back_up(f"sqlite:///{sqlite_template}", tmp_path / "b.db")
    assert [path.name for path in tmp_path.iterdir()] == ["b.db"]
    assert (tmp_path / "b.db").read_bytes() == b"the last one"


@pytest.mark.parametrize("address", ["mysql://me:secret@host/db", "sqlite://", "me:secret"])
def test_what_is_no_address_is_refused_without_a_password(address: str, tmp_path: Path) -> None:
    """Nobody reads one over a shoulder."""
    with pytest.raises(StoreError) as caught:
        back_up(address, tmp_path / "x")
    assert code_of(caught) == "no_store"
    assert "secret" not in str(caught.value)


def test_a_store_is_no_backup_of_itself(tmp_path: Path, sqlite_template: Path) -> None:
    """Neither way, and nothing is lost by trying."""
    file = Path(shutil.copy(sqlite_template, tmp_path / "store.db"))
    for work in (back_up, lambda url, path: restore(path, url, force=True)):
        with pytest.raises(StoreError) as caught:
            work(f"sqlite:///{file}", file)
        assert code_of(caught) == "bad_path"
    with pytest.raises(StoreError) as caught:
        restore(tmp_path / "absent", f"sqlite:///{file}", force=True)
    assert code_of(caught) == "not_found"


def test_without_its_programs_postgresql_says_what_to_do(
    postgres_server: PostgresServer,
    postgres_template: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The command is told, and no password in it."""
    name = postgres_server.new_database(postgres_template)
    monkeypatch.setattr(shutil, "which", lambda _: None)
    url = postgres_server.url(name).replace("slotmatch@", "slotmatch:secret@")
    with pytest.raises(StoreError, match="pg_dump --format=custom") as caught:
        back_up(url, tmp_path / "x")
    assert code_of(caught) == "missing_program"
    assert "secret" not in str(caught.value)


def test_a_program_that_fails_repeats_no_row(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What it says can hold one; its password is not among its words."""
    seen: dict[str, Any] = {}

    def fail(command: list[str], **options: Any) -> subprocess.CompletedProcess[bytes]:
        seen.update(options, command=command)
        return subprocess.CompletedProcess(command, 1, b"", b"CONTEXT: COPY record, line 5: ann")

    monkeypatch.setattr(subprocess, "run", fail)
    url = make_url("postgresql://me:secret@host/db")
    with pytest.raises(StoreError, match="ended with 1") as caught:
        dumps._run(url, ["pg_dump", dumps._database(url)], tmp_path / "x")
    assert "ann" not in str(caught.value)
    assert "secret" not in str(seen["command"])
    assert seen["env"] == os.environ | {"PGPASSWORD": "secret"}


def test_the_commands_say_what_they_did(tmp_path: Path, sqlite_template: Path) -> None:
    """And end with 2 where they did nothing."""
    words = ["store", "backup", "b.db", "--store", f"sqlite:///{sqlite_template}"]
    done = run_command(words, tmp_path)
    assert done.code == 0
    assert done.stdout.startswith("b.db: 0 records, 0 appointments, schema ")
    words = ["store", "restore", "b.db", "--store", "sqlite:///new.db"]
    assert run_command(words, tmp_path).code == 0
    done = run_command(words, tmp_path)
    assert done.code == 2
    assert "store_not_empty" in done.stderr
