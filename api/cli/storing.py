"""``slotmatch load``, and ``slotmatch export dataset``: into the store and out of it."""

from __future__ import annotations

import getpass
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from api.cli import exit_codes
from api.cli.console import data, print_json, print_problems
from api.cli.inputs import load_inputs
from api.cli.outputs import check_dataset_folder, try_folder
from api.cli.worlds import describe
from api.store.loading import Loading, Mode
from api.store.opening import open_database
from api.store.store import Store
from engine.interchange.dataset import write_dataset
from engine.policy import Policy


def run_load(
    dataset_path: Path,
    policy_path: Path | None,
    url: str,
    mode: Mode,
    *,
    dry_run: bool,
    as_json: bool,
) -> int:
    """Check a dataset, say what it does to the store, and do it."""
    policy, dataset, report = load_inputs(policy_path, dataset_path)
    print_problems(report.problems, report.counts)

    def agreed(loading: Loading) -> bool:
        if as_json:
            print_json(_content(loading, done=not dry_run))
        else:
            _print(loading)
        return not dry_run

    with opened(url, policy) as store:
        store.load(dataset, mode, agreed)
        if not as_json:
            said = "nothing was changed" if dry_run else "loaded"
            data.print(f"{store.database.where}: {said}", markup=False)
    return exit_codes.OK


def run_export_dataset(url: str, out: Path) -> int:
    """Write what a store holds as a dataset."""
    check_dataset_folder(out, [])
    try_folder(out)
    with opened(url) as store:
        dataset = store.dataset()
    write_dataset(dataset, out)
    data.print(f"{out}: {describe(dataset)}", markup=False)
    return exit_codes.OK


@contextmanager
def opened(url: str, policy: Policy | None = None) -> Iterator[Store]:
    """A store, for as long as it is needed."""
    store = Store(open_database(url), policy, local_actor())
    try:
        yield store
    finally:
        store.close()


def local_actor() -> str:
    """Who acts at the command line, for the audit."""
    try:
        return f"local:{getpass.getuser()}"
    except (KeyError, OSError):  # a user without a name
        return "local"


def _print(loading: Loading) -> None:
    for name in loading.lost:
        data.print(f"appointment {name}: is not in the dataset, and is lost", markup=False)
    for collision in loading.collisions:
        data.print(collision.sentence(), markup=False)
    conflicted = _conflicted(loading)
    if conflicted:
        data.print(f"{len(conflicted):,} appointments are conflicted by this")
    if loading.let_go:
        data.print(f"{len(loading.let_go):,} holds collide, and end")
    for counts, what in (
        (loading.added, "new"),
        (loading.changed, "changed"),
        (loading.gone, "gone"),
    ):
        if any(counts.values()):
            data.print(f"{what}: {_counted(counts)}", markup=False)


def _counted(counts: Counter[str]) -> str:
    some = ((name, number) for name, number in counts.items() if number)
    return ", ".join(f"{number:,} {name.replace('_', ' ')}" for name, number in some)


def _conflicted(loading: Loading) -> list[str]:
    """Ids of the appointments that are conflicted and were not."""
    ids = dict.fromkeys(str(row.appointment_id) for row in loading.collisions)
    return [name for name in ids if name not in loading.let_go]


def _content(loading: Loading, *, done: bool) -> dict[str, Any]:
    return {
        "done": done,
        "lost": list(loading.lost),
        "conflicted": _conflicted(loading),
        "let_go": list(loading.let_go),
        "collisions": [
            {
                "appointment_id": row.appointment_id,
                "kind": row.kind,
                "of": list(row.of),
                "start": row.start.isoformat(),
                "end": row.end.isoformat(),
                "with": list(row.with_ids),
            }
            for row in loading.collisions
        ],
        "new": +loading.added,
        "changed": +loading.changed,
        "gone": +loading.gone,
    }
