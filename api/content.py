"""Results as plain values, the same for every face."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from engine.interchange.plan_file import certificate_content, plan_rows, row_content
from engine.problems import Problem
from engine.result import Result
from scenarios.measures import measure


def result_content(result: Result) -> dict[str, Any]:
    """A result as plain values."""
    return {
        "certificate": certificate_content(result.certificate),
        "measures": asdict(measure(result)),
        "no_candidate_by_rule": dict(Counter(result.ruled_out_by.values()).most_common()),
        "prior_violations": [asdict(violation) for violation in result.prior],
        "plan": [row_content(row) for row in plan_rows(result)],
    }


def problem_content(problems: Iterable[Problem]) -> list[dict[str, Any]]:
    """Findings as plain values; a value that is not shown is left out."""
    found = (asdict(problem) for problem in problems)
    return [{key: value for key, value in row.items() if value is not None} for row in found]
