"""``slotmatch repair …``: the command and its options."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from api.cli.export_commands import PlanPath
from api.cli.options import (
    MAX_OPTIONS,
    MAX_PEOPLE,
    AsJson,
    DatasetPath,
    Deterministic,
    PolicyPath,
    Quiet,
    Seed,
    TimeLimit,
    Workers,
    end,
    limits_of,
)


def _event(text: str) -> typer.models.OptionInfo:
    """An option that says what happened, as often as needed."""
    option: typer.models.OptionInfo = typer.Option(help=text, metavar="…")
    return option


Absent = Annotated[
    list[str] | None,
    _event(
        "A doctor or service is away: doctor=ID,from=TIME,to=TIME. "
        "Times: 2026-03-09T08:00-04:00, or a date: its whole day, on the dataset's clock."
    ),
]
Closed = Annotated[
    list[str] | None,
    _event(
        "A place is closed, or a session does not take place: "
        "location=ID,from=TIME,to=TIME or session=ID."
    ),
]
Shortened = Annotated[
    list[str] | None, _event("Of a session this remains: session=ID,from=TIME,to=TIME.")
]
Taken = Annotated[
    list[str] | None,
    _event(
        "One seat is taken by something that is not ours: "
        "doctor=ID,from=TIME,to=TIME or role=ID,from=TIME,to=TIME."
    ),
]
NetworkLeft = Annotated[
    list[str] | None,
    _event("An insurance plan pays a network no more: insurance_plan=ID,network=ID."),
]
Events = Annotated[
    Path | None, typer.Option(help="A JSON list of events, of any kind (slotmatch schema events).")
]
DoubleBookings = Annotated[
    bool,
    typer.Option(
        "--double-bookings", help="Mend all double bookings that there are, not only new ones."
    ),
]
Before = Annotated[
    Path | None,
    typer.Option(
        help="How the world was, instead of events: whatever is lost in DATASET is mended.",
        metavar="DATASET",
    ),
]
MaxAdditional = Annotated[
    int,
    typer.Option(help="People who could have stayed and may be displaced.", min=0, max=MAX_PEOPLE),
]
Depth = Annotated[
    int | None,
    typer.Option(
        help="Steps from those who must be moved to the last who may be; any by default.",
        min=1,
        max=MAX_PEOPLE,
    ),
]
Menus = Annotated[
    int,
    typer.Option(
        help="Places to offer to everybody who is moved: whom to call, and what to say.",
        min=0,
        max=MAX_OPTIONS,
    ),
]
Plans = Annotated[
    bool,
    typer.Option(
        "--plans",
        help="Up to three whole plans that differ, beside the last of the frontier: one by which "
        "visits are soonest, and one that keeps people with their doctors.",
    ),
]
Answers = Annotated[
    Path | None,
    typer.Option(
        help="What people said to what they were offered: a JSON list (slotmatch schema "
        "answers). Needs --offered."
    ),
]
OfferedFolder = Annotated[
    Path | None,
    typer.Option(
        "--offered", help="The folder that --out wrote when it was offered.", metavar="FOLDER"
    ),
]
Backfill = Annotated[
    bool, typer.Option("--backfill", help="Then match the open requests in the repaired world.")
]
OutPath = Annotated[
    Path | None,
    typer.Option(
        "--out", help="Folder for the answer, the calls, the plan, and the dataset after it."
    ),
]


def repair(
    dataset: DatasetPath,
    plan: PlanPath = None,
    absent: Absent = None,
    closed: Closed = None,
    shortened: Shortened = None,
    taken: Taken = None,
    network_left: NetworkLeft = None,
    events: Events = None,
    double_bookings: DoubleBookings = False,
    before: Before = None,
    max_additional: MaxAdditional = 0,
    depth: Depth = None,
    menus: Menus = 0,
    plans: Plans = False,
    answers: Answers = None,
    offered: OfferedFolder = None,
    backfill: Backfill = False,
    policy: PolicyPath = None,
    time_limit: TimeLimit = 60.0,
    workers: Workers = None,
    seed: Seed = 0,
    deterministic: Deterministic = False,
    out: OutPath = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Mend what an event breaks: a place for everybody who lost theirs, moving as few as can be.

    What happened is said by options, each as often as needed, or by a file; the file's events
    come first, then those of the options in the order of this page. Nothing is changed but what
    --out names. Exit code 0: every plan is proven. 4: the time was not enough for a proof.
    """
    from api.cli.repairing import RepairOptions, run_repair

    options = RepairOptions(
        dataset=dataset,
        plan=plan,
        happened={
            "--absent": absent or [],
            "--closed": closed or [],
            "--shortened": shortened or [],
            "--taken": taken or [],
            "--network-left": network_left or [],
        },
        events=events,
        double_bookings=double_bookings,
        before=before,
        max_additional=max_additional,
        depth=depth,
        menus=menus,
        plans=plans,
        answers=answers,
        offered=offered,
        backfill=backfill,
        policy=policy,
        limits=limits_of(time_limit, workers, seed, deterministic=deterministic),
        out=out,
        as_json=as_json,
        quiet=quiet,
    )
    end(run_repair(options))
