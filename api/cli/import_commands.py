"""``slotmatch import …``: the commands and their options."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from api.cli.options import OutFolder, end

import_app = typer.Typer(help="Read other formats into a dataset.", no_args_is_help=True)


class Offset(StrEnum):
    """What to make of an offset that the clock at the place has not."""

    TRUST = "trust"
    WALL = "wall"


class Events(StrEnum):
    """What the events of a calendar are."""

    MIXED = "mixed"
    HOURS = "hours"
    BUSY = "busy"


AsOf = Annotated[
    str | None,
    typer.Option(
        help="Now: an instant with its offset, or a date (its midnight there). Default: now."
    ),
]
Horizon = Annotated[int, typer.Option(help="Calendar days in the horizon.", min=1, max=366)]
ReportPath = Annotated[Path | None, typer.Option(help="Write every finding to this file (NDJSON).")]


@import_app.command("plan-net")
def import_plan_net(
    folder: Annotated[Path, typer.Argument(help="Folder of NDJSON files, one per resource type.")],
    out: OutFolder,
    as_of: AsOf = None,
    horizon: Horizon = 14,
    cell_minutes: Annotated[int, typer.Option(help="Length of a cell.", min=1, max=1440)] = 15,
    visit_type: Annotated[
        str, typer.Option(help="Length of a visit: minutes=30 or minutes=30,new=45.")
    ] = "minutes=30",
    report: ReportPath = None,
) -> None:
    """Read a FHIR R4 Plan-Net directory: doctors, places, insurance plans, weekly hours."""
    from api.cli.importing import run_import_plan_net

    end(run_import_plan_net(folder, out, as_of, horizon, cell_minutes, visit_type, report))


@import_app.command("smart-links")
def import_smart_links(
    source: Annotated[
        str, typer.Argument(help="Folder of a publication, or the address of its manifest.")
    ],
    out: OutFolder,
    as_of: AsOf = None,
    horizon: Horizon = 14,
    minutes: Annotated[int, typer.Option(help="Length of a visit.", min=1, max=1440)] = 15,
    offset: Annotated[
        Offset,
        typer.Option(
            help="Where an offset is not that of the clock at the place: trust the instant, or "
            "keep the time on the wall."
        ),
    ] = Offset.TRUST,
    report: ReportPath = None,
) -> None:
    """Read a SMART Scheduling Links publication: services, places, free slots with seats."""
    from api.cli.importing import run_import_smart_links

    end(run_import_smart_links(source, out, as_of, horizon, minutes, offset.value, report))


@import_app.command("csv")
def import_csv(
    mapping: Annotated[
        Path,
        typer.Argument(help="What the tables beside it mean (TOML); see slotmatch schema mapping."),
    ],
    out: OutFolder,
    into: Annotated[
        Path | None,
        typer.Option(help="Dataset to read into. Without it, the mapping has a [header]."),
    ] = None,
    data: Annotated[
        Path | None, typer.Option(help="Folder of the tables. Default: that of the mapping.")
    ] = None,
    report: ReportPath = None,
) -> None:
    """Read CSV tables: requests, appointments, or anything else that a mapping describes."""
    from api.cli.importing import run_import_csv

    end(run_import_csv(mapping, into, data, out, report))


@import_app.command("ical")
def import_ical(
    calendars: Annotated[
        list[str],
        typer.Argument(
            help="ROLE=FILE.ics, or a file or folder of files that are named after roles.",
            metavar="CALENDAR...",
        ),
    ],
    into: Annotated[Path, typer.Option(help="The dataset to read into; it has the roles.")],
    out: OutFolder,
    events: Annotated[
        Events,
        typer.Option(
            help="Transparent events are hours and opaque ones busy (mixed); all are hours; or "
            "only busy times are read."
        ),
    ] = Events.MIXED,
    cell_minutes: Annotated[int, typer.Option(help="Length of a cell.", min=1, max=1440)] = 15,
    report: ReportPath = None,
) -> None:
    """Read doctors' hours and busy times from iCalendar files (needs the extra calendar)."""
    from api.cli.importing import run_import_ical

    end(run_import_ical(calendars, into, out, events.value, cell_minutes, report))


@import_app.command("fhir")
def import_fhir(
    files: Annotated[
        list[Path],
        typer.Argument(
            help="Bundles, resources or NDJSON, plain or gzip; of a folder, all files in it.",
            metavar="FILE",
        ),
    ],
    into: Annotated[Path, typer.Option(help="The dataset whose roles the schedules are of.")],
    out: OutFolder,
    visit_type: Annotated[
        str | None, typer.Option(help="Type of visit of appointments that name none.")
    ] = None,
    report: ReportPath = None,
) -> None:
    """Read FHIR R4 schedules, slots, appointments and patients into a dataset."""
    from api.cli.importing import run_import_fhir

    end(run_import_fhir(files, into, out, visit_type, report))
