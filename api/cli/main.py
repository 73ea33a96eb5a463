"""Commands and their options; what they do is imported when one runs, so help is quick."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from api.cli import exit_codes, streams

MAX_SECONDS = 7 * 24 * 60 * 60
MAX_WORKERS = 64
MAX_SEED = 2**31 - 1
MAX_REQUESTS, MAX_DOCTORS, MAX_DAYS = 1_000_000, 100_000, 366
"""As in ``scenarios.world.spec``, which would make help slow."""

app = typer.Typer(
    name="slotmatch",
    help="Match patients' requests with doctors' free slots, with a proof of how good it is.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,  # rich help alone takes a quarter of a second
    pretty_exceptions_enable=False,
)
import_app = typer.Typer(help="Read other formats into a dataset.", no_args_is_help=True)
app.add_typer(import_app, name="import")


class Visits(StrEnum):
    """Lengths of visits in a generated world."""

    SINGLE = "single"
    MULTI = "multi"


class Tightness(StrEnum):
    """How much room a generated world has."""

    TIGHT = "tight"
    LOOSE = "loose"


class Offset(StrEnum):
    """What to make of an offset that the clock at the place has not."""

    TRUST = "trust"
    WALL = "wall"


DatasetPath = Annotated[
    Path, typer.Argument(help="A folder of NDJSON files, or one JSON document.", metavar="DATASET")
]
PolicyPath = Annotated[
    Path | None, typer.Option("--policy", help="A policy (TOML) over the defaults.")
]
TimeLimit = Annotated[float, typer.Option(help="Wall time in seconds.", min=0, max=MAX_SECONDS)]
Workers = Annotated[
    int | None,
    typer.Option(
        help="Components solved side by side; all cores by default.", min=1, max=MAX_WORKERS
    ),
]
Seed = Annotated[
    int, typer.Option(help="Seed of every draw and every solver.", min=0, max=MAX_SEED)
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object instead of tables.")]
Quiet = Annotated[bool, typer.Option("--quiet", help="No progress on stderr.")]
AsOf = Annotated[
    str | None,
    typer.Option(
        help="Now: an instant with its offset, or a date (its midnight there). Default: now."
    ),
]
Horizon = Annotated[int, typer.Option(help="Calendar days in the horizon.", min=1, max=366)]
ReportPath = Annotated[Path | None, typer.Option(help="Write every finding to this file (NDJSON).")]
OutFolder = Annotated[Path, typer.Option("--out", help="Folder of the dataset to write.")]


@app.command()
def match(
    dataset: DatasetPath,
    policy: PolicyPath = None,
    time_limit: TimeLimit = 60.0,
    workers: Workers = None,
    seed: Seed = 0,
    deterministic: Annotated[
        bool,
        typer.Option(
            "--deterministic",
            help="Let no clock decide: the same input gives the same plan, to the byte. "
            "--time-limit is then in the solver's own unit of work, near a second.",
        ),
    ] = False,
    out: Annotated[Path | None, typer.Option("--out", help="Plan file to write (NDJSON).")] = None,
    rows: Annotated[bool, typer.Option("--rows", help="Print a table with every visit.")] = False,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Place the open requests of a dataset, and certify how well that is done.

    Exit code 0: every level is proven. 4: the time was not enough for a proof; the plan is
    verified all the same. Ctrl-C once stops with the best plan so far, twice quits.
    """
    from api.cli.matching import MatchOptions, run_match
    from engine.solve.limits import Limits, default_workers

    limits = Limits(
        seconds=time_limit,
        workers=workers or default_workers(),
        seed=seed,
        deterministic=deterministic,
        deterministic_seconds=time_limit,
    )
    _exit(run_match(MatchOptions(dataset, policy, limits, out, rows, as_json, quiet)))


@app.command()
def verify(
    dataset: DatasetPath,
    plan: Annotated[Path, typer.Argument(help="A plan file.", metavar="PLAN")],
    policy: PolicyPath = None,
    as_json: AsJson = False,
) -> None:
    """Judge a plan by every rule, without a solver. Exit code 5: it breaks one."""
    from api.cli.verifying import run_verify

    _exit(run_verify(dataset, plan, policy, as_json=as_json))


@app.command()
def generate(
    out: OutFolder,
    requests: Annotated[
        int, typer.Option(help="Requests to draw.", min=0, max=MAX_REQUESTS)
    ] = 1000,
    doctors: Annotated[
        int, typer.Option(help="Doctors in the city.", min=1, max=MAX_DOCTORS)
    ] = 100,
    days: Annotated[
        int, typer.Option(help="Working days with sessions.", min=1, max=MAX_DAYS)
    ] = 10,
    visits: Annotated[Visits, typer.Option(help="One cell each, or one to four.")] = Visits.MULTI,
    tightness: Annotated[
        Tightness, typer.Option(help="1.1 free cells per requested one, or 60 % of all free.")
    ] = Tightness.TIGHT,
    seed: Seed = 1,
    around: Annotated[
        Path | None,
        typer.Option(help="Draw only requests, around the doctors of this dataset."),
    ] = None,
) -> None:
    """Generate a world: a city of doctors, sessions, patients and requests."""
    from api.cli.worlds import run_generate
    from scenarios.world import WorldSpec

    try:
        spec = WorldSpec(requests, doctors, days, visits.value, tightness.value, seed)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from error
    _exit(run_generate(spec, around, out))


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

    _exit(run_import_plan_net(folder, out, as_of, horizon, cell_minutes, visit_type, report))


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

    _exit(run_import_smart_links(source, out, as_of, horizon, minutes, offset.value, report))


@app.command()
def schema(
    kind: Annotated[str, typer.Argument(help="dataset or plan.")] = "dataset",
) -> None:
    """Print the JSON Schema of the dataset format (or of a plan file's lines)."""
    from api.cli.formats import run_schema

    _exit(run_schema(kind))


@app.command()
def policy(
    path: Annotated[Path | None, typer.Argument(help="A policy to complete and check.")] = None,
    as_json: AsJson = False,
) -> None:
    """Print the policy: every rule, its parameters, and what each default rests on."""
    from api.cli.formats import run_policy

    _exit(run_policy(path, as_json=as_json))


@app.command()
def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on.", min=0, max=65535)] = 8000,
    workers: Workers = None,
) -> None:
    """Serve the HTTP API."""
    from api.cli.serving import run_serve

    _exit(run_serve(host, port, workers))


@app.command()
def demo(seed: Seed = 1, quiet: Quiet = False) -> None:
    """Generate a city, match it, and show what there is to see. Offline, within 15 s."""
    from api.cli.demo import run_demo

    _exit(run_demo(seed, quiet=quiet))


def _exit(code: int) -> None:
    if code:
        raise typer.Exit(code)


def main() -> None:
    """Run the command line."""
    streams.ready()
    try:
        try:
            app()
        finally:
            with streams.output():
                sys.stdout.flush()
    except KeyboardInterrupt:
        sys.exit(exit_codes.INTERRUPTED)
    except Exception as error:  # noqa: BLE001 the last stop: every error becomes an exit code
        from api.cli.failures import report_failure

        sys.exit(report_failure(error))


if __name__ == "__main__":
    main()
