"""What is found of one thing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Severity = Literal["ok", "warning", "error"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at.

    Parameters
    ----------
    code
        Which, for programs.
    severity
        Error: the service cannot be used so, or would lose what it has promised.
    found
        What there is; nothing of any row.
    advice
        What to do; nothing where all is well.
    """

    code: str
    severity: Severity
    found: str
    advice: str = ""


def unless(is_well: object, severity: Severity, code: str, found: str, advice: str) -> Finding:
    """Well, or found with advice."""
    return Finding(code, "ok", found) if is_well else Finding(code, severity, found, advice)


def is_usable(findings: Iterable[Finding]) -> bool:
    """Whether nothing is an error."""
    return all(finding.severity != "error" for finding in findings)
