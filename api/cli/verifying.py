"""``slotmatch verify``."""

from __future__ import annotations

from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from rich.table import Table

from api.cli import exit_codes
from api.cli.console import data, print_json, print_problems, print_table
from api.cli.inputs import load_inputs
from api.cli.told import level_text
from engine.interchange.canonical import dataset_hash, policy_hash
from engine.interchange.plan_reading import claimed_values, read_plan
from engine.policy import Policy
from engine.problems import shown
from engine.snapshot import take_snapshot
from engine.verify.judge import Verdict, verify
from engine.verify.violation import Violation
from scenarios.numbers import count_text

_MAX_SHOWN = 50


def run_verify(
    dataset_path: Path, plan_path: Path, policy_path: Path | None, *, as_json: bool
) -> int:
    """Read a dataset and a plan, and print what the judges say."""
    policy, dataset, report = load_inputs(policy_path, dataset_path)
    snapshot = take_snapshot(dataset)
    made_under = policy_hash(policy)
    plan, header, found = read_plan(plan_path, snapshot, dataset_hash(dataset), made_under)
    report.extend(found)
    print_problems(report.problems, report.counts)
    verdict = verify(snapshot, policy, plan)
    if header.policy_hash == made_under:
        verdict = _with_claims(verdict, policy, claimed_values(header))
    if as_json:
        print_json(_content(policy, verdict))
    else:
        _print(policy, verdict)
    return exit_codes.VIOLATIONS if verdict.violations else exit_codes.OK


def _with_claims(verdict: Verdict, policy: Policy, claimed: dict[str, Any]) -> Verdict:
    """The verdict, with a violation for every value the certificate states wrongly."""
    counted = dict(zip(policy.levels, verdict.values.tolist(), strict=True))
    wrong = tuple(
        Violation("certificate", f"{name}: {shown(claimed.get(name))} claimed, {value} counted", ())
        for name, value in counted.items()
        if claimed.get(name) != value
    )
    return replace(verdict, violations=(*verdict.violations, *wrong))


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
        table.add_row(name.replace("_", ", "), level_text(value, policy.unit(name)))
    print_table(table)
    if verdict.prior:
        data.print(f"Appointments broke {count_text(len(verdict.prior), 'rule')} before the plan.")
    for violation in verdict.violations[:_MAX_SHOWN]:
        requests = ", ".join(violation.request_ids)
        data.print(f"[red]violation[/] {violation.rule} by {violation.excess}: ", end="")
        concerned = f"; requests {requests}" if requests else ""
        data.print(f"{violation.where}{concerned}", markup=False)
    number = len(verdict.violations)
    if number > _MAX_SHOWN:
        data.print(f"… and {number - _MAX_SHOWN} more")
    data.print(
        "The plan holds." if not number else f"The plan breaks {count_text(number, 'rule')}."
    )
