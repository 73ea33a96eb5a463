"""``slotmatch store``: its commands and their options."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from api.cli.options import DEFAULT_STORE, StoreUrl, end

store_app = typer.Typer(
    help="Back up a store, put a backup in its place, and go back to an earlier schema.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

BackupFile = Annotated[Path, typer.Argument(help="The backup.", metavar="FILE")]


@store_app.command()
def backup(file: BackupFile, store: StoreUrl = DEFAULT_STORE) -> None:
    """Write all that a store holds to a file, while others book.

    The file appears when it is whole and was checked. Of PostgreSQL, pg_dump makes it.
    """
    from api.cli.backing_up import run_backup

    end(run_backup(store, file))


@store_app.command()
def restore(
    file: BackupFile,
    store: StoreUrl = DEFAULT_STORE,
    force: Annotated[bool, typer.Option("--force", help="In place of what is there.")] = False,
) -> None:
    """Put a backup where a store is to be: checked before, and all of it or nothing.

    The service has to be stopped.
    """
    from api.cli.backing_up import run_restore

    end(run_restore(file, store, force=force))


@store_app.command()
def downgrade(
    version: Annotated[str, typer.Argument(help="Of the schema, like 0004.", metavar="VERSION")],
    store: StoreUrl = DEFAULT_STORE,
) -> None:
    """Take the schema back, for an earlier version of slotmatch to open it.

    What later versions have added is lost. The service has to be stopped.
    """
    from api.cli.backing_up import run_downgrade

    end(run_downgrade(store, version))
