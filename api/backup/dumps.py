"""Backups of a store in a PostgreSQL database, by PostgreSQL's own programs.

What they say of an error can hold a row: it is not repeated, and the command is, so that whoever
may see it can.
"""

from __future__ import annotations

import os
import re
import secrets
import shlex
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import URL, Connection, text
from sqlalchemy.exc import DBAPIError

from api.backup.soundness import (
    Backup,
    known_version,
    refuse,
    refuse_to_disturb,
    refuse_to_replace,
    sound_backup,
)
from api.store.looking import looking_at_server
from api.store.revision import revision_named

_MAGIC = b"PGDMP"
_PLAIN = ("--no-owner", "--no-privileges")
_VERSION = re.compile(r"COPY \S*schema_version ")
_OTHERS = text(
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
    "AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
)
_DROPS = text("""
SELECT format('DROP TABLE IF EXISTS %s CASCADE;', c.oid::regclass) FROM pg_class AS c
WHERE c.relkind IN ('r', 'p') AND c.relnamespace = current_schema()::regnamespace
AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = c.oid AND deptype = 'e')
UNION ALL
SELECT format('DROP ROUTINE IF EXISTS %s CASCADE;', p.oid::regprocedure) FROM pg_proc AS p
WHERE p.pronamespace = current_schema()::regnamespace
AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = p.oid AND deptype = 'e')
""")


def back_up(url: URL, file: Path) -> Backup:
    """Dump a database to a file."""
    with _looking(url) as connection:
        backup = sound_backup(connection, _where(url))
    draft = file.resolve().parent / f".{secrets.token_hex(8)}.part"
    os.close(os.open(draft, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
    try:
        _run(url, ["pg_dump", "--format=custom", *_PLAIN, f"--file={draft}", _database(url)], file)
        _run(url, ["pg_restore", "--file=/dev/null", str(draft)], file)  # all of it can be read
        draft.replace(file.resolve())
    finally:
        draft.unlink(missing_ok=True)
    return backup


def restore(file: Path, url: URL, *, force: bool) -> Backup:
    """Make a database from a dump, in one transaction."""
    _require_dump(file)
    with tempfile.TemporaryDirectory(prefix="slotmatch-") as folder:
        script, drops = Path(folder, "restore.sql"), Path(folder, "drops.sql")
        _run(url, ["pg_restore", *_PLAIN, f"--file={script}", str(file)], file)
        _require_known(script, file)
        with _looking(url) as connection:
            drops.write_text(_drops(connection, _where(url), force=force), encoding="utf-8")
        command = ["psql", "--no-psqlrc", "--quiet", "--single-transaction"]
        command += ["--set=ON_ERROR_STOP=1", f"--file={drops}", f"--file={script}", _database(url)]
        _run(url, command, file)
    with _looking(url) as connection:
        return sound_backup(connection, _where(url))


def _drops(connection: Connection, where: str, *, force: bool) -> str:
    """What takes away all that is there."""
    drops = connection.execute(_DROPS).scalars().all()
    if drops and not force:
        refuse_to_replace(where)
    if connection.execute(_OTHERS).scalar_one():
        refuse_to_disturb(where)
    return "\n".join(drops)


def _require_dump(file: Path) -> None:
    with file.open("rb") as stream:
        if stream.read(len(_MAGIC)) != _MAGIC:
            refuse("not_a_backup", str(file), "is no dump of PostgreSQL in its custom format")


def _require_known(script: Path, file: Path) -> None:
    """Whether the tables of a dump are of a version that the code knows."""
    with script.open(encoding="utf-8") as lines:
        is_next = False
        for line in lines:
            if is_next:
                known_version(revision_named(line.strip()), str(file))
                return
            is_next = _VERSION.match(line) is not None
    refuse("not_a_backup", str(file), "it holds no store")


@contextmanager
def _looking(url: URL) -> Iterator[Connection]:
    try:
        with looking_at_server(url) as connection:
            yield connection
    except ModuleNotFoundError:
        message = "PostgreSQL needs the extra postgres: pip install 'slotmatch[postgres]'"
        refuse("missing_extra", _where(url), message)
    except DBAPIError as error:
        state = getattr(error.orig, "sqlstate", None) or type(error.orig).__name__
        refuse("no_store", _where(url), f"the database cannot be used ({state})")


def _run(url: URL, command: Sequence[str], file: Path) -> None:
    """Run a program of PostgreSQL's, with the password where no list of processes shows it."""
    by_hand = shlex.join(command)
    if shutil.which(command[0]) is None:
        message = f"{command[0]} is not installed here. Where it is, this does it: {by_hand}"
        refuse("missing_program", command[0], message)
    password = {} if url.password is None else {"PGPASSWORD": str(url.password)}
    done = subprocess.run(  # noqa: S603 nothing of it goes through a shell
        command,
        check=False,
        capture_output=True,
        env=os.environ | password,
        stdin=subprocess.DEVNULL,
    )
    if done.returncode:
        message = f"{command[0]} ended with {done.returncode}. By hand it says why: {by_hand}"
        refuse("failed_program", str(file), message)


def _database(url: URL) -> str:
    """The address as PostgreSQL's programs read it, without a password."""
    plain = url.set(drivername="postgresql", password=None)
    return f"--dbname={plain.render_as_string()}"


def _where(url: URL) -> str:
    return url.render_as_string(hide_password=True)
