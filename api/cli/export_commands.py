"""``slotmatch export …``: the commands and their options."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from api.cli.options import DEFAULT_STORE, DatasetPath, OutFolder, StoreUrl, end

export_app = typer.Typer(
    help="Write a dataset in other formats, or out of the store.", no_args_is_help=True
)

PlanPath = Annotated[
    Path | None, typer.Option("--plan", help="A plan file: its places become appointments.")
]
ByLine = Annotated[
    bool, typer.Option("--ndjson", help="A resource per line instead of one bundle.")
]


@export_app.command("csv")
def export_csv(
    dataset: DatasetPath,
    out: Annotated[Path, typer.Option("--out", help="Folder of the tables to write.")],
    plan: PlanPath = None,
) -> None:
    """Write CSV tables, and the mapping with which ``import csv`` reads them back.

    With a plan, plan.csv says for people who comes when, to whom and where.
    """
    from api.cli.exporting import run_export_csv

    end(run_export_csv(dataset, plan, out))


@export_app.command("dataset")
def export_dataset(out: OutFolder, store: StoreUrl = DEFAULT_STORE) -> None:
    """Write what the store holds as a dataset: what was loaded comes out the same."""
    from api.cli.storing import run_export_dataset

    end(run_export_dataset(store, out))


@export_app.command("ical")
def export_ical(
    dataset: DatasetPath,
    out: Annotated[Path, typer.Option("--out", help="Folder for a calendar per role.")],
    plan: PlanPath = None,
) -> None:
    """Write sessions and appointments as iCalendar files (needs the extra calendar)."""
    from api.cli.exporting import run_export_ical

    end(run_export_ical(dataset, out, plan))


@export_app.command("fhir")
def export_fhir(
    dataset: DatasetPath,
    out: Annotated[Path, typer.Option(help="File to write.")],
    plan: PlanPath = None,
    ndjson: ByLine = False,
) -> None:
    """Write FHIR R4 schedules, slots and appointments, and all they refer to."""
    from api.cli.exporting import run_export_fhir

    end(run_export_fhir(dataset, out, plan, by_line=ndjson))
