"""``slotmatch match``."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from api.cli import exit_codes
from api.cli.console import notes, print_json, print_problems
from api.cli.render import print_result
from api.cli.running import run_watched
from api.content import result_content
from engine.domain import Dataset
from engine.errors import PolicyError
from engine.interchange.dataset import read_dataset
from engine.interchange.plan_file import write_plan
from engine.interchange.policy_file import read_policy
from engine.match import match
from engine.policy import Policy
from engine.problems import Problem
from engine.result import Result
from engine.solve.limits import Limits


@dataclass(frozen=True, slots=True)
class MatchOptions:
    """What ``slotmatch match`` was asked."""

    dataset: Path
    policy: Path | None
    limits: Limits
    out: Path | None
    as_json: bool
    quiet: bool


def run_match(options: MatchOptions) -> int:
    """Read, match, write and print."""
    policy = load_policy(options.policy)
    dataset, report = read_dataset(options.dataset, policy.urgencies.names)
    print_problems(report.problems, report.counts)
    result = match_watched(dataset, policy, options.limits, quiet=options.quiet)
    if options.out is not None:
        save_plan(result, options.out)
    if options.as_json:
        print_json(result_content(result))
    else:
        print_result(result)
        if options.out is not None:
            notes.print(f"plan written to {options.out}")
    return exit_codes.OK if result.certificate.is_proven else exit_codes.UNPROVEN


def match_watched(dataset: Dataset, policy: Policy, limits: Limits, *, quiet: bool) -> Result:
    """Match with progress on stderr and Ctrl-C under control."""
    result, _ = run_watched(
        lambda monitor: match(
            dataset, policy, limits, cancel=monitor.cancel, on_progress=monitor.on_progress
        ),
        policy.levels,
        quiet=quiet,
    )
    return result


def load_policy(path: Path | None) -> Policy:
    """The policy of a file, or the default one.

    Raises
    ------
    PolicyError
        The file cannot be read or used.
    """
    if path is None:
        return Policy.default()
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise PolicyError([Problem("not_readable", str(path), str(error))]) from error
    return read_policy(text, path.name)


def save_plan(result: Result, path: Path) -> None:
    """Write the plan file, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(path.name + ".part")
    with draft.open("wb") as stream:
        stream.writelines(write_plan(result))
    draft.replace(path)
