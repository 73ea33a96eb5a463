"""``slotmatch export …``: the commands and their options."""

from __future__ import annotations

import typer

export_app = typer.Typer(help="Write a dataset in other formats.", no_args_is_help=True)
