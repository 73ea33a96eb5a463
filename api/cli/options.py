"""Options that several commands share.

Numbers that stand elsewhere are repeated: to import them would make help slow.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from engine.solve.limits import Limits

MAX_SECONDS, MAX_WORKERS, MAX_PLACES, MAX_GROUPS = 7 * 24 * 60 * 60, 64, 10_000, 100
"""The command line's own: the engine has no such limits."""
MAX_SEED = 2**31 - 1
"""The most that ``engine.solve.limits.Limits`` takes."""
MAX_PEOPLE = 1_000
"""``engine.repair.extent.MAX_PEOPLE``."""
MAX_OPTIONS = 20
"""``engine.repair.account.MOST_OPTIONS``."""
MAX_REQUESTS, MAX_DOCTORS, MAX_DAYS = 1_000_000, 100_000, 366
"""As in ``scenarios.world.spec``."""

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
ClusterAddress = Annotated[
    str | None,
    typer.Option(
        "--cluster",
        help="Scheduler of a Dask cluster, such as tcp://HOST:8786, that does the work "
        "(needs the extra cluster).",
        metavar="ADDRESS",
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object instead of tables.")]
Deterministic = Annotated[
    bool,
    typer.Option(
        "--deterministic",
        help="Let no clock decide: the same input gives the same plan, to the byte. "
        "--time-limit is then in the solver's own unit of work, near a second.",
    ),
]
DEFAULT_STORE = "sqlite:///slotmatch.db"
"""``api.store.opening.DEFAULT_URL``."""
SettingsFile = Annotated[
    Path | None,
    typer.Option(
        "--settings", envvar="SLOTMATCH_SETTINGS", help="Settings of the service (TOML).",
        metavar="FILE",
    ),
]  # fmt: skip


def _store_of_settings(context: typer.Context, store: str) -> str:
    """The store that the file of settings names, where nothing else says which."""
    if os.environ.get("SLOTMATCH_SETTINGS") and store == DEFAULT_STORE:
        source = context.get_parameter_source("store")
        if source is not None and source.name == "DEFAULT":
            from api.configuration import configured

            return str(configured().values["store"])
    return store


StoreUrl = Annotated[
    str,
    typer.Option(
        "--store",
        envvar="SLOTMATCH_STORE",
        callback=_store_of_settings,
        help="Address of the store: sqlite:///FILE, or postgresql://USER@HOST/NAME (needs the "
        "extra postgres).",
        metavar="URL",
    ),
]
Quiet = Annotated[bool, typer.Option("--quiet", help="No progress on stderr.")]
OutFolder = Annotated[Path, typer.Option("--out", help="Folder of the dataset to write.")]


def limits_of(time_limit: float, workers: int | None, seed: int, *, deterministic: bool) -> Limits:
    """How long a solve may take, as the options above say it."""
    from engine.solve.limits import Limits, default_workers

    return Limits(
        seconds=time_limit,
        workers=workers or default_workers(),
        seed=seed,
        deterministic=deterministic,
        deterministic_seconds=time_limit,
    )


def end(code: int) -> None:
    """End a command with its exit code."""
    if code:
        raise typer.Exit(code)
