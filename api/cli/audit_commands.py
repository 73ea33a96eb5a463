"""``slotmatch audit …``: the commands and their options."""

from __future__ import annotations

from typing import Annotated

import typer

from api.cli.options import DEFAULT_STORE, AsJson, StoreUrl, end

audit_app = typer.Typer(help="The record of all that was changed.", no_args_is_help=True)


@audit_app.command("verify")
def verify(
    store: StoreUrl = DEFAULT_STORE,
    known: Annotated[
        str | None,
        typer.Option("--head", help="What audit head printed before.", metavar="NUMBER:LINK"),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Judge whether every row is what was written, in its place. Exit code 5: some is not."""
    from api.cli.audits import run_verify

    end(run_verify(store, known, as_json=as_json))


@audit_app.command("head")
def head(store: StoreUrl = DEFAULT_STORE) -> None:
    """Print where it ends: kept elsewhere, it tells whether anything before was changed."""
    from api.cli.audits import run_head

    end(run_head(store))
