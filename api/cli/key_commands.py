"""``slotmatch key …``: the commands and their options."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from api.cli.options import DEFAULT_STORE, AsJson, StoreUrl, end
from api.hold_times import MAX_HOLD_SECONDS, MIN_LONGEST_SECONDS
from api.scopes import Scope

MAX_KEY_DAYS = 3_660

key_app = typer.Typer(help="Keys of those who may ask the service.", no_args_is_help=True)


class ScopeName(StrEnum):
    """``api.scopes.SCOPES``, each with those before it."""

    READ = "read"
    BOOK = "book"
    OPERATE = "operate"
    ADMIN = "admin"


@key_app.command("create")
def create(
    name: Annotated[str, typer.Argument(help="Whose it is, for people.", metavar="NAME")],
    scope: Annotated[list[ScopeName], typer.Option(help="What it may do, and all that is less.")],
    days: Annotated[
        int | None, typer.Option(help="Days until it ends.", min=1, max=MAX_KEY_DAYS)
    ] = None,
    hold_seconds: Annotated[
        int | None,
        typer.Option(
            help="Longest that a hold of its may last; an hour by default.",
            metavar="SECONDS",
            min=MIN_LONGEST_SECONDS,
            max=MAX_HOLD_SECONDS,
        ),
    ] = None,
    given: Annotated[
        bool, typer.Option("--given", help="Read the key from stdin instead of drawing one.")
    ] = False,
    store: StoreUrl = DEFAULT_STORE,
) -> None:
    """Make a key and print it: the store keeps no more than its digest."""
    from api.cli.keys import run_create

    scopes: list[Scope] = [row.value for row in scope]
    end(run_create(store, name, scopes, days, hold_seconds, given=given))


@key_app.command("list")
def show(store: StoreUrl = DEFAULT_STORE, as_json: AsJson = False) -> None:
    """List the keys there are and were."""
    from api.cli.keys import run_list

    end(run_list(store, as_json=as_json))


@key_app.command("revoke")
def revoke(
    id: Annotated[str, typer.Argument(help="Id of a key, as listed.", metavar="ID")],
    store: StoreUrl = DEFAULT_STORE,
) -> None:
    """End a key; services heed it within seconds."""
    from api.cli.keys import run_revoke

    end(run_revoke(store, id))
