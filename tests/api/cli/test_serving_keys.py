"""When ``slotmatch serve`` asks for keys, and when it does not begin at all."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from commands import run_command

from api.cli import exit_codes, serving
from api.store.database import Database
from api.store.keys import Keys
from api.store.opening import open_database


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """A store without keys."""
    found = open_database(f"sqlite:///{tmp_path / 'keys.db'}")
    yield found
    found.close()


def test_keys_are_asked_for_where_there_are_any(database: Database, capsys: Any) -> None:
    """One that was revoked counts: the service was meant to be closed."""
    for _ in range(2):
        assert serving._keys("127.0.0.1", database, without_keys=False) is None
        assert "asking for no keys: whoever reaches 127.0.0.1" in capsys.readouterr().err
    keys = Keys(database)
    keys.create("one", ["read"])
    for host in ("127.0.0.1", "0.0.0.0"):  # noqa: S104 nobody listens
        assert serving._keys(host, database, without_keys=False) is not None
    keys.revoke(keys.all()[1][0].id)
    assert serving._keys("127.0.0.1", database, without_keys=False) is not None
    assert "asking for keys" in capsys.readouterr().err


def test_beyond_the_machine_there_are_keys_or_a_wish(tmp_path: Path, capsys: Any) -> None:
    """Whoever wants a service open to all has to say so."""
    for words in ([], ["--store", "sqlite:///keys.db"]):
        done = run_command(["serve", "--host", "0.0.0.0", *words], tmp_path)  # noqa: S104
        assert done.code == exit_codes.BAD_INPUT
        assert "no_keys" in done.stderr
    assert serving._keys("0.0.0.0", None, without_keys=True) is None  # noqa: S104
    assert "whoever reaches 0.0.0.0 may use it" in capsys.readouterr().err
