"""``slotmatch settings``."""

from __future__ import annotations

from pathlib import Path

from rich.table import Table

from api.cli import exit_codes
from api.cli.console import print_json, print_table
from api.configuration import configured


def run_settings(file: Path | None, *, as_json: bool) -> int:
    """Print every setting, and where it comes from."""
    rows = list(configured(file=file).rows())
    if as_json:
        content = {name: {"value": _plain(value), "from": origin} for name, value, origin in rows}
        print_json(content)
        return exit_codes.OK
    table = Table(title="Settings of the service", title_justify="left")
    for column in ("name", "value", "from"):
        table.add_column(column)
    for name, value, origin in rows:
        table.add_row(name, "" if value is None else str(value), origin)
    print_table(table)
    return exit_codes.OK


def _plain(value: object) -> object:
    return str(value) if isinstance(value, Path) else value
