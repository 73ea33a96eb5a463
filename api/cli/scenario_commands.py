"""``slotmatch scenario …``: commands and their options."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from api.cli.options import MAX_WORKERS, AsJson, ClusterAddress, Quiet, end

scenario_app = typer.Typer(
    help="Say what changes, run it with the changes and without, and compare.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

Files = Annotated[
    list[str],
    typer.Argument(
        help="Scenario files (YAML), or names of the library (scenario list).", metavar="FILE…"
    ),
]
RunsFolder = Annotated[
    Path,
    typer.Option(
        "--out", help="A folder for outcomes, by what was run: nothing that is there is run again."
    ),
]
Jobs = Annotated[
    int | None,
    typer.Option(help="Runs side by side; all cores by default.", min=1, max=MAX_WORKERS),
]
Groups = Annotated[
    bool, typer.Option("--groups", help="Print every measure of every group of patients, too.")
]
ReportFile = Annotated[
    Path | None,
    typer.Option(
        "--report", help="Write one HTML page that shows it all, offline.", metavar="FILE"
    ),
]
TablesFolder = Annotated[
    Path | None,
    typer.Option(
        "--tables", help="Write everything as Parquet and CSV into a folder.", metavar="DIR"
    ),
]
OtherBase = Annotated[
    Path | None,
    typer.Option(
        "--base",
        help="A dataset in the place of the base: a folder of NDJSON files, or one JSON document.",
        metavar="DATASET",
    ),
]
Settings = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        help="A value (YAML) at a path into the file, such as changes/0/factor=1.5, as often as "
        "needed.",
        metavar="PATH=VALUE",
    ),
]
Across = Annotated[
    list[str] | None,
    typer.Option(
        "--measure",
        help="A measure for the table across the points of a sweep, as often as needed; by "
        "default those that differ.",
        metavar="NAME",
    ),
]


@scenario_app.command()
def run(
    files: Files,
    base: OtherBase = None,
    settings: Settings = None,
    out: RunsFolder = Path("runs"),
    jobs: Jobs = None,
    groups: Groups = False,
    measure: Across = None,
    report: ReportFile = None,
    tables: TablesFolder = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
    cluster: ClusterAddress = None,
) -> None:
    """Run scenarios, and print what their changes come to.

    Exit code 0: every acceptance test holds. 6: one does not. 4: they hold, but the plans of
    some runs are not proven. Ctrl-C once finishes what has begun and keeps it, twice quits.
    """
    from api.cli.scenario_report import ReportFiles
    from api.cli.scenarios import ScenarioOptions, run_scenarios
    from engine.solve.limits import default_workers
    from scenarios.scenario_file import Overrides

    if jobs is not None and cluster is not None:
        raise typer.BadParameter("--jobs is for this machine alone: give it or --cluster")
    options = ScenarioOptions(
        files=tuple(files),
        overrides=Overrides(base, tuple(settings or ())),
        out=out,
        jobs=jobs or default_workers(),
        groups=groups,
        measures=tuple(measure or ()),
        as_json=as_json,
        quiet=quiet,
        files_to_write=ReportFiles(report, tables),
        cluster=cluster,
    )
    end(run_scenarios(options))


@scenario_app.command()
def compare(
    files: Files,
    base: OtherBase = None,
    settings: Settings = None,
    out: RunsFolder = Path("runs"),
    groups: Groups = False,
    measure: Across = None,
    report: ReportFile = None,
    tables: TablesFolder = None,
    as_json: AsJson = False,
) -> None:
    """Print what scenarios come to by the runs that are done, and run nothing.

    Exit codes are those of run; 4 also where runs are missing.
    """
    from api.cli.scenario_report import ReportFiles
    from api.cli.scenarios import ScenarioOptions, compare_scenarios
    from scenarios.scenario_file import Overrides

    options = ScenarioOptions(
        files=tuple(files),
        overrides=Overrides(base, tuple(settings or ())),
        out=out,
        jobs=0,
        groups=groups,
        measures=tuple(measure or ()),
        as_json=as_json,
        quiet=True,
        files_to_write=ReportFiles(report, tables),
    )
    end(compare_scenarios(options))


@scenario_app.command("list")
def list_library(as_json: AsJson = False) -> None:
    """Print the scenarios that are ready to be run."""
    from api.cli.scenarios import list_scenarios

    end(list_scenarios(as_json=as_json))
