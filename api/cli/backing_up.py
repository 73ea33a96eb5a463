"""``slotmatch store``: backup, restore and downgrade."""

from __future__ import annotations

from pathlib import Path

from api.backup.backup import back_up, restore
from api.backup.soundness import Backup
from api.cli import exit_codes
from api.cli.console import data
from api.cli.outputs import try_file
from api.cli.storing import opened
from api.store.schema import go_back
from scenarios.numbers import count_text


def run_backup(url: str, file: Path) -> int:
    """Write a backup, and say what is in it."""
    try_file(file)
    _print(file, back_up(url, file))
    return exit_codes.OK


def run_restore(file: Path, url: str, *, force: bool) -> int:
    """Put a backup in place, and say what is there now."""
    _print(file, restore(file, url, force=force))
    data.print("restored; slotmatch doctor looks at the whole of it")
    return exit_codes.OK


def run_downgrade(url: str, version: str) -> int:
    """Take the schema back, and say so."""
    with opened(url) as store:
        store.database.write(lambda connection: go_back(connection, version))
    data.print(f"schema {version}; this version of slotmatch brings it up again when it opens it")
    return exit_codes.OK


def _print(file: Path, backup: Backup) -> None:
    counts = (count_text(backup.records, "record"), count_text(backup.appointments, "appointment"))
    said = f"{file}: {', '.join(counts)}, schema {backup.version}"
    data.print(said, markup=False)
