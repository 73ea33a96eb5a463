"""``slotmatch doctor``."""

from __future__ import annotations

from dataclasses import asdict

from rich.table import Table
from rich.text import Text

from api.cli import exit_codes
from api.cli.console import data, print_json, print_table
from api.doctor.examination import examine
from api.doctor.finding import Finding, is_usable
from scenarios.numbers import count_text

_STYLES = {"ok": "green", "warning": "yellow", "error": "red"}


def run_doctor(url: str, *, as_json: bool) -> int:
    """Look at a deployment, and print what is found."""
    findings = examine(url)
    if as_json:
        content = [asdict(finding) for finding in findings]
        print_json({"usable": is_usable(findings), "findings": content})
    else:
        _print(findings)
    return exit_codes.OK if is_usable(findings) else exit_codes.BAD_INPUT


def _print(findings: tuple[Finding, ...]) -> None:
    table = Table(title="What the store is kept in", title_justify="left")
    for name in ("what", "", "found", "what to do"):
        table.add_column(name)
    for finding in findings:
        severity = Text(finding.severity, style=_STYLES[finding.severity])
        table.add_row(finding.code, severity, finding.found, finding.advice)
    print_table(table)
    warnings = sum(finding.severity == "warning" for finding in findings)
    doubts = f" {count_text(warnings, 'thing')} to look at." if warnings else ""
    data.print(f"It can{'' if is_usable(findings) else 'not'} be used.{doubts}")
