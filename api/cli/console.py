"""Where things are printed: data on stdout, everything else on stderr."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Sequence
from typing import Any

from rich.console import Console
from rich.table import Table

from engine.problems import Problem

data = Console(highlight=False, soft_wrap=True)
"""For what was asked."""

notes = Console(stderr=True, highlight=False, soft_wrap=True)
"""For progress and findings."""

MAX_SHOWN_ERRORS = 50
_MAX_EXAMPLES = 3


def print_table(table: Table) -> None:
    """Print a table on stdout, as wide as the terminal at most; text is never cut."""
    data.print(table, soft_wrap=False)


def print_json(content: Any) -> None:
    """Print one JSON object on stdout."""
    sys.stdout.write(json.dumps(content, ensure_ascii=False, indent=1) + "\n")


def print_problems(
    problems: Sequence[Problem], counts: Counter[tuple[Any, str]] | None = None
) -> None:
    """Print findings on stderr: errors one by one, warnings by kind with examples.

    Parameters
    ----------
    problems
        What was found.
    counts
        How often each kind was found, where not all of it was kept.
    """
    errors = [problem for problem in problems if problem.is_error]
    for problem in errors[:MAX_SHOWN_ERRORS]:
        notes.print(f"[red]error[/] {problem.code} ", end="")
        notes.print(problem.sentence(), markup=False)
    counted = counts or Counter((problem.severity, problem.code) for problem in problems)
    num_errors = sum(n for (severity, _), n in counted.items() if severity == "error")
    if num_errors > MAX_SHOWN_ERRORS:
        notes.print(f"… and {num_errors - MAX_SHOWN_ERRORS} errors more")
    for (severity, code), number in sorted(counted.items()):
        if severity == "warning":
            examples = [p for p in problems if p.code == code and not p.is_error][:_MAX_EXAMPLES]
            notes.print(f"[yellow]warning[/] {code} ({number}): ", end="")
            notes.print("; ".join(p.sentence() for p in examples[:1]), markup=False)
