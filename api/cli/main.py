"""Commands and their options; what they do is imported when one runs, so help is quick."""

from __future__ import annotations

import os
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Literal

import typer

from api.cli import exit_codes, streams
from api.cli.audit_commands import audit_app
from api.cli.export_commands import export_app
from api.cli.import_commands import import_app
from api.cli.key_commands import key_app
from api.cli.options import (
    DEFAULT_STORE,
    MAX_DAYS,
    MAX_DOCTORS,
    MAX_GROUPS,
    MAX_PLACES,
    MAX_REQUESTS,
    MAX_WORKERS,
    AsJson,
    ClusterAddress,
    DatasetPath,
    Deterministic,
    OutFolder,
    PolicyPath,
    Quiet,
    Seed,
    SettingsFile,
    StoreUrl,
    TimeLimit,
    Workers,
    end,
    limits_of,
)
from api.cli.repair_command import repair
from api.cli.scenario_commands import scenario_app
from api.cli.store_commands import store_app

app = typer.Typer(
    name="slotmatch",
    help="Match patients' requests with doctors' free slots, with a proof of how good it is.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,  # rich help alone takes a quarter of a second
    pretty_exceptions_enable=False,
)
app.add_typer(import_app, name="import")
app.add_typer(export_app, name="export")
app.add_typer(scenario_app, name="scenario")
app.add_typer(key_app, name="key")
app.add_typer(audit_app, name="audit")
app.add_typer(store_app, name="store")


class Visits(StrEnum):
    """Lengths of visits in a generated world."""

    SINGLE = "single"
    MULTI = "multi"


class Tightness(StrEnum):
    """How much room a generated world has."""

    TIGHT = "tight"
    LOOSE = "loose"


@app.command()
def match(
    dataset: Annotated[
        Path | None,
        typer.Argument(help="A folder of NDJSON files, or one JSON document.", metavar="[DATASET]"),
    ] = None,
    policy: PolicyPath = None,
    time_limit: TimeLimit = 60.0,
    workers: Workers = None,
    seed: Seed = 0,
    deterministic: Deterministic = False,
    out: Annotated[Path | None, typer.Option("--out", help="Plan file to write (NDJSON).")] = None,
    rows: Annotated[bool, typer.Option("--rows", help="Print a table with every visit.")] = False,
    as_json: AsJson = False,
    quiet: Quiet = False,
    cluster: ClusterAddress = None,
    store: Annotated[
        str | None,
        typer.Option(
            "--store", help="Match those who wait in a store, not a dataset.", metavar="URL"
        ),
    ] = None,
    commit: Annotated[
        bool, typer.Option("--commit", help="Book the plan in the store: all of it, or nothing.")
    ] = False,
    as_of: Annotated[
        str | None,
        typer.Option(
            "--as-of",
            help="What counts as now in the store, with its offset; by default its clock does.",
            metavar="INSTANT",
        ),
    ] = None,
) -> None:
    """Place the open requests of a dataset, or of a store, and certify how well that is done.

    Without DATASET, the store is --store or SLOTMATCH_STORE; nothing is booked there without
    --commit, nor where the world has changed under the plan (exit code 2).

    Exit code 0: every level is proven. 4: the time was not enough for a proof; the plan is
    verified all the same. Ctrl-C once stops with the best plan so far, twice quits.
    """
    from api.cli.matching import MatchOptions, run_match

    limits = limits_of(time_limit, workers, seed, deterministic=deterministic)
    if dataset is not None:
        if store is not None or commit or as_of is not None:
            raise typer.BadParameter("DATASET, or --store with --commit and --as-of: not both")
        end(run_match(MatchOptions(dataset, policy, limits, out, rows, as_json, quiet, cluster)))
        return
    from api.cli.store_matching import StoreMatch, run_store_match

    url = store or os.environ.get("SLOTMATCH_STORE")
    if url is None:
        raise typer.BadParameter("there is no DATASET, and no --store")
    options = MatchOptions(Path(), policy, limits, out, rows, as_json, quiet, cluster)
    end(run_store_match(StoreMatch(url, commit, as_of), options))


@app.command()
def verify(
    dataset: DatasetPath,
    plan: Annotated[Path, typer.Argument(help="A plan file.", metavar="PLAN")],
    policy: PolicyPath = None,
    as_json: AsJson = False,
) -> None:
    """Judge a plan by every rule, without a solver. Exit code 5: it breaks one."""
    from api.cli.verifying import run_verify

    end(run_verify(dataset, plan, policy, as_json=as_json))


@app.command()
def find(
    dataset: DatasetPath,
    request: Annotated[str, typer.Argument(help="Id of a request.", metavar="REQUEST")],
    k: Annotated[int, typer.Option("-k", help="Places to name.", min=1, max=MAX_PLACES)] = 10,
    by: Annotated[
        Literal["day", "doctor"] | None, typer.Option(help="Name the best places of each.")
    ] = None,
    groups: Annotated[
        int, typer.Option(help="With --by: days or doctors at most.", min=1, max=MAX_GROUPS)
    ] = 7,
    per_group: Annotated[
        int, typer.Option(help="With --by: places of each at most.", min=1, max=MAX_GROUPS)
    ] = 3,
    policy: PolicyPath = None,
    as_json: AsJson = False,
) -> None:
    """Name the best places for one request next to what is booked, or say why there is none.

    With --by day, the next days that have a place, and the best of each; with --by doctor, the
    best doctors. Where there are fewer than asked for, what every rule leaves is said; where there
    is none, the next one after the window.

    The other open requests take no part. Exit code 0 also where there is no place; 2 where
    there is no such request.
    """
    from api.cli.finding import run_find
    from engine.found import Grouping

    grouping = None if by is None else Grouping(by, groups, per_group)
    end(run_find(dataset, request, k, policy, grouping, as_json=as_json))


app.command()(repair)


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
    end(run_generate(spec, around, out))


@app.command()
def schema(
    kind: Annotated[
        str, typer.Argument(help="dataset, plan, events, answers, mapping or scenario.")
    ] = "dataset",
) -> None:
    """Print the JSON Schema of a dataset, a plan file, events, answers, a mapping, a scenario."""
    from api.cli.formats import run_schema

    end(run_schema(kind))


@app.command()
def policy(
    path: Annotated[Path | None, typer.Argument(help="A policy to complete and check.")] = None,
    as_json: AsJson = False,
) -> None:
    """Print the policy: every rule, its parameters, and what each default rests on."""
    from api.cli.formats import run_policy

    end(run_policy(path, as_json=as_json))


@app.command()
def load(
    dataset: DatasetPath,
    merge: Annotated[
        bool, typer.Option("--merge", help="Beside what is there; newer records hold.")
    ] = False,
    replace: Annotated[bool, typer.Option("--replace", help="Instead of what is there.")] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would be done, and do nothing.")
    ] = False,
    store: StoreUrl = DEFAULT_STORE,
    policy: PolicyPath = None,
    as_json: AsJson = False,
) -> None:
    """Load a dataset into the store: all of it, or nothing.

    What it does to appointments is said first: who collides with whom, and is conflicted from
    then on; who is lost by --replace.
    """
    from api.cli.storing import run_load

    if merge and replace:
        raise typer.BadParameter("either --merge or --replace")
    mode: Literal["new", "merge", "replace"] = "merge" if merge else "new"
    mode = "replace" if replace else mode
    end(run_load(dataset, policy, store, mode, dry_run=dry_run, as_json=as_json))


@app.command()
def forget(
    patient: Annotated[str, typer.Argument(help="Id of a patient.", metavar="PATIENT")],
    store: StoreUrl = DEFAULT_STORE,
) -> None:
    """Erase a patient from the store, and from the bodies of its audit.

    Visits that are over stay as nobody's. What is not over has to be cancelled first.
    """
    from api.cli.forgetting import run_forget

    end(run_forget(store, patient))


@app.command()
def serve(
    dataset: Annotated[
        Path | None,
        typer.Argument(
            help="A dataset to hold: requests alone are matched against it.", metavar="[DATASET]"
        ),
    ] = None,
    host: Annotated[
        str | None, typer.Option(help="Address to listen on; 127.0.0.1 by default.")
    ] = None,
    port: Annotated[
        int | None, typer.Option(help="Port to listen on; 8000 by default.", min=0, max=65535)
    ] = None,
    workers: Annotated[
        int | None,
        typer.Option(help="Solver processes; all cores by default.", min=1, max=MAX_WORKERS),
    ] = None,
    store: Annotated[
        str | None,
        typer.Option(
            "--store",
            help="A store to find, hold and book in: sqlite:///FILE or postgresql://USER@HOST/NAME.",
            metavar="URL",
        ),
    ] = None,
    without_keys: Annotated[
        bool,
        typer.Option(
            "--without-keys",
            help="Ask nobody for a key: something that stands before it does.",
        ),
    ] = False,
    policy: PolicyPath = None,
    as_of: Annotated[
        str | None,
        typer.Option(
            "--as-of",
            help="With a store: when it is there at the start, instead of now. For rehearsals.",
            metavar="INSTANT",
        ),
    ] = None,
    settings: SettingsFile = None,
) -> None:
    """Serve the HTTP API until Ctrl-C or SIGTERM. Exit code 2: it cannot listen there.

    Keys are asked for where the store has any. Beyond this machine it does not listen without.
    What is said here holds before SLOTMATCH_… in the environment, and that before the file.
    """
    from api.cli.serving import run_serve

    flags = {
        "host": host,
        "port": port,
        "workers": workers,
        "dataset": dataset,
        "store": store,
        "without_keys": without_keys or None,
        "policy": policy,
        "as_of": as_of,
    }
    end(run_serve(flags, settings))


@app.command("settings")
def show_settings(settings: SettingsFile = None, as_json: AsJson = False) -> None:
    """Print every setting of the service, its value, and where it comes from."""
    from api.cli.configuring import run_settings

    end(run_settings(settings, as_json=as_json))


@app.command()
def doctor(store: StoreUrl = DEFAULT_STORE, as_json: AsJson = False) -> None:
    """Look at what a store is kept in, and change nothing. Exit code 2: it cannot be used so."""
    from api.cli.doctoring import run_doctor

    end(run_doctor(store, as_json=as_json))


@app.command()
def demo(seed: Seed = 1, quiet: Quiet = False) -> None:
    """Generate a city, match it, and show what there is to see. Offline, within 15 s."""
    from api.cli.demo import run_demo

    end(run_demo(seed, quiet=quiet))


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
