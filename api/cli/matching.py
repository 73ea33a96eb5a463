"""``slotmatch match``."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from api.cli import exit_codes
from api.cli.console import notes, print_json, print_problems
from api.cli.inputs import load_inputs
from api.cli.outputs import try_file, whole_file
from api.cli.render import print_result, print_rows
from api.cli.running import run_watched
from api.content import result_content
from engine.domain import Dataset
from engine.interchange.plan_file import write_plan
from engine.match import match
from engine.policy import Policy
from engine.result import Result
from engine.solve.limits import Limits

if TYPE_CHECKING:
    from scenarios.runs.cluster import Cluster


@dataclass(frozen=True, slots=True)
class MatchOptions:
    """What ``slotmatch match`` was asked."""

    dataset: Path
    policy: Path | None
    limits: Limits
    out: Path | None
    with_rows: bool
    as_json: bool
    quiet: bool
    cluster: str | None = None


def run_match(options: MatchOptions) -> int:
    """Read, match, write and print."""
    policy, dataset, report = load_inputs(options.policy, options.dataset)
    print_problems(report.problems, report.counts)
    if options.out is not None:
        try_file(options.out, [options.dataset, options.policy])
    result = match_watched(
        dataset, policy, options.limits, quiet=options.quiet, cluster=options.cluster
    )
    try:
        if options.out is not None:
            save_plan(result, options.out)
    finally:  # what was found is shown even where it cannot be saved
        _show(result, options)
    return exit_codes.OK if result.certificate.is_proven else exit_codes.UNPROVEN


def _show(result: Result, options: MatchOptions) -> None:
    if options.as_json:
        print_json(result_content(result))
        return
    if options.with_rows:
        print_rows(result)
    print_result(result)


def match_watched(
    dataset: Dataset, policy: Policy, limits: Limits, *, quiet: bool, cluster: str | None = None
) -> Result:
    """Match with progress on stderr and Ctrl-C under control.

    Parameters
    ----------
    cluster
        Address of what solves the components; ``None``: threads of this process.
    """
    with nullcontext() if cluster is None else _joined(cluster) as there:
        result, _ = run_watched(
            lambda monitor: match(
                dataset,
                policy,
                limits,
                executor=None if there is None else there.executor,
                at_a_time=None if there is None else there.num_threads,
                cancel=monitor.cancel,
                on_progress=monitor.on_progress,
            ),
            policy.levels,
            quiet=quiet,
        )
    return result


def _joined(cluster: str) -> AbstractContextManager[Cluster]:
    """A cluster, with all that runs of scenarios need; most matches need neither."""
    from scenarios.runs.cluster import joined

    return joined(cluster)


def save_plan(result: Result, path: Path) -> None:
    """Write the plan file, whole or not at all."""
    with whole_file(path) as stream:
        stream.writelines(write_plan(result))
    notes.print(f"plan written to {path}", markup=False)
