"""``slotmatch verify``."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

from rich.table import Table

from api.cli import exit_codes
from api.cli.console import data, print_json, print_problems
from api.cli.matching import load_policy
from engine.interchange.canonical import dataset_hash
from engine.interchange.dataset import read_dataset
from engine.interchange.plan_file import read_plan
from engine.policy import Policy
from engine.snapshot import take_snapshot
from engine.verify.judge import Verdict, verify

_MAX_SHOWN = 50


def run_verify(
    dataset_path: Path, plan_path: Path, policy_path: Path | None, *, as_json: bool
) -> int:
    """Read a dataset and a plan, and print what the judges say."""
    policy = load_policy(policy_path)
    dataset, report = read_dataset(dataset_path, policy.urgencies.names)
    snapshot = take_snapshot(dataset)
    plan, _, found = read_plan(plan_path, snapshot, dataset_hash(dataset))
    report.extend(found)
    print_problems(report.problems, report.counts)
    verdict = verify(snapshot, policy, plan)
    if as_json:
        print_json(_content(policy, verdict))
    else:
        _print(policy, verdict)
    return exit_codes.VIOLATIONS if verdict.violations else exit_codes.OK


def _content(policy: Policy, verdict: Verdict) -> dict[str, object]:
    return {
        "holds": not verdict.violations,
        "violations": [asdict(violation) for violation in verdict.violations],
        "prior_violations": [asdict(violation) for violation in verdict.prior],
        "levels": dict(zip(policy.levels, verdict.values.tolist(), strict=True)),
    }


def _print(policy: Policy, verdict: Verdict) -> None:
    table = Table(title="Values, as the judges count them", title_justify="left")
    table.add_column("level")
    table.add_column("value", justify="right")
    for name, value in zip(policy.levels, verdict.values.tolist(), strict=True):
        table.add_row(name.replace("_", ", "), f"{value} {policy.unit(name)}")
    data.print(table)
    if verdict.prior:
        data.print(f"Appointments broke {len(verdict.prior)} rules before the plan.")
    for violation in verdict.violations[:_MAX_SHOWN]:
        requests = ", ".join(violation.request_ids)
        data.print(f"[red]violation[/] {violation.rule} by {violation.excess}: ", end="")
        data.print(f"{violation.where}; requests {requests}", markup=False)
    number = len(verdict.violations)
    if number > _MAX_SHOWN:
        data.print(f"… and {number - _MAX_SHOWN} more")
    data.print("The plan holds." if not number else f"The plan breaks {number} rules.")
