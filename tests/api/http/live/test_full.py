"""Disks that are full: what can be answered is, nothing is half done, and it passes."""

from __future__ import annotations

import os
import pwd
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest
from live import Desk, live, problem
from postgres_server import PostgresServer

from api.store import auditing
from api.store.opening import open_database
from api.store.sqlite import Sqlite
from api.store.store import Store
from benchmarks.practice import AS_OF, Practice

PRACTICE = Practice(doctors=4, days=2)
_MOST = 200


@pytest.fixture
def small_disk() -> Iterator[Path]:
    """A disk of a few MiB; only the administrator can make one."""
    with tempfile.TemporaryDirectory(prefix="small") as name:
        words = ["/bin/mount", "-t", "tmpfs", "-o", "size=16m", "tmpfs", name]
        if os.geteuid() != 0 or subprocess.run(words, check=False).returncode:
            pytest.skip("no disk can be made here")
        try:
            yield Path(name)
        finally:
            subprocess.run(["/bin/umount", "--lazy", name], check=True)


@contextmanager
def filled(disk: Path) -> Iterator[None]:
    """No room is left on a disk."""
    filler = disk / "filler"
    with filler.open("wb", buffering=0) as file:
        size = 1 << 20
        while size:
            try:
                file.write(bytes(size))
            except OSError:
                size //= 2
    try:
        yield
    finally:
        filler.unlink()


def assert_it_passes(store: Store, full: Callable[[], AbstractContextManager[None]]) -> None:
    """Bookings go on until there is no room, then none; then there is room again."""
    wanted = iter(list(zip(PRACTICE.requests(), PRACTICE.places(), strict=True)))
    with live(store, as_of=AS_OF) as desk:
        held = hold_some(desk, wanted, 3)
        with full():
            held |= hold_some(desk, wanted, _MOST)
            assert len(held) < _MOST, "it was never full"
            request, place = next(wanted)
            problem(desk.hold(request, place, "again"), "store-full")
            problem(desk.book(next(iter(held)), "book"), "store-full")
            assert len(desk.found(request)) == 10
            assert desk.client.get(f"/v1/appointments/{next(iter(held))}").status_code == 200
            assert {row.record.id for row in store.appointments(limit=9_999).rows} == held
        assert desk.hold(request, place, "again").status_code == 201
        assert desk.book(next(iter(held)), "book").status_code == 201
    assert len(store.appointments(limit=9_999).rows) == len(held) + 1
    assert store.database.check() == []
    assert auditing.verify(store.database).faults == []


def hold_some(desk: Desk, wanted: Iterator[tuple[str, object]], most: int) -> set[str]:
    """Hold places until the store is full, or there are enough."""
    held = set[str]()
    for _ in range(most):
        request, place = next(wanted)
        answer = desk.hold(request, place)
        if answer.status_code != 201:
            problem(answer, "store-full")
            break
        held.add(answer.json()["id"])
    return held


def test_sqlite_on_a_full_disk(small_disk: Path) -> None:
    """Who holds and books is told; who finds and reads is answered."""
    database = open_database(f"sqlite:///{small_disk}/store.db")
    store = Store(database)
    store.load(PRACTICE.dataset())
    assert_it_passes(store, lambda: filled(small_disk))
    database.close()


def test_sqlite_in_a_file_that_may_not_grow(tmp_path: Path) -> None:
    """The same where the file has its limit."""
    database = open_database(f"sqlite:///{tmp_path}/store.db")
    assert isinstance(database, Sqlite)
    store = Store(database)
    store.load(PRACTICE.dataset())

    def limit(pages: str) -> None:
        with database._writer.begin() as connection:
            connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")

    @contextmanager
    def full() -> Iterator[None]:
        with database.reading() as connection:
            pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        limit(str(pages + 2))
        yield
        limit("1073741823")

    assert_it_passes(store, full)
    database.close()


def test_postgres_on_a_full_disk(small_disk: Path, postgres_server: PostgresServer) -> None:
    """The same with its tables on a small disk."""
    owner = pwd.getpwuid((postgres_server.folder / "data").stat().st_uid)
    tables = small_disk / "tables"
    tables.mkdir()
    os.chown(tables, owner.pw_uid, owner.pw_gid)
    small_disk.chmod(0o755)
    name = postgres_server.new_database()
    postgres_server.execute(f"CREATE TABLESPACE small LOCATION '{tables}'")
    postgres_server.execute(f"ALTER DATABASE {name} SET TABLESPACE small")
    database = open_database(postgres_server.url(name))
    store = Store(database)
    store.load(PRACTICE.dataset())
    try:
        assert_it_passes(store, lambda: filled(small_disk))
    finally:
        database.close()
        postgres_server.execute(f"DROP DATABASE {name} WITH (FORCE)")
        postgres_server.execute("DROP TABLESPACE small")
