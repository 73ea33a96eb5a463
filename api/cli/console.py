"""Where things are printed: data on stdout, everything else on stderr."""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from collections.abc import Sequence
from typing import Any

from rich.console import Console
from rich.table import Table

from api.cli import streams
from engine.problems import Problem


class _Data(Console):
    """A console on stdout, without which there is nothing left to do."""

    def print(self, *objects: Any, **options: Any) -> None:
        """Print, or end where stdout cannot be written."""
        with streams.output():
            super().print(*objects, **options)

    def on_broken_pipe(self) -> None:
        """Hand on the error that is being handled."""
        raise


class _Notes(Console):
    """A console on stderr; the work goes on without it."""

    def print(self, *objects: Any, **options: Any) -> None:
        """Print, or fall silent where stderr cannot be written."""
        with streams.messages():
            super().print(*objects, **options)

    def on_broken_pipe(self) -> None:
        """Fall silent."""
        streams.silence(sys.stderr)


data = _Data(highlight=False, soft_wrap=True, emoji=False)
"""For what was asked."""

notes = _Notes(stderr=True, highlight=False, soft_wrap=True, emoji=False)
"""For progress and findings."""

MAX_SHOWN_ERRORS = 50
_MAX_EXAMPLES = 3


def folded(table: Table) -> Table:
    """Let every column break what is too long for it; nothing is cut."""
    for column in table.columns:
        column.overflow = "fold"
    return table


def print_table(table: Table) -> None:
    """Print a table on stdout, as wide as the terminal where that is wide enough.

    Its cells stand as they are: one with a style is a ``Text``.
    """
    data.print(folded(table), soft_wrap=False, crop=False, markup=False)


def print_json(content: Any) -> None:
    """Print one JSON object on stdout."""
    as_is = streams.takes_unicode(sys.stdout)
    with streams.output():
        sys.stdout.write(json.dumps(content, ensure_ascii=not as_is, indent=1) + "\n")


def print_toml(text: str) -> None:
    """Print TOML on stdout; what the encoding has not is escaped as TOML does it."""
    if not streams.takes_unicode(sys.stdout):
        text = re.sub(r"[^\x00-\x7f]", lambda found: f"\\U{ord(found[0]):08x}", text)
    with streams.output():
        sys.stdout.write(text)


def print_error(code: str, text: str) -> None:
    """Print one mistake on stderr, as it stands; the code says to programs which it is."""
    notes.print(f"[red]error[/] {code} ", end="")
    notes.print(text, markup=False)


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
        print_error(problem.code, problem.sentence())
    counted = counts or Counter((problem.severity, problem.code) for problem in problems)
    num_errors = sum(n for (severity, _), n in counted.items() if severity == "error")
    if num_errors > MAX_SHOWN_ERRORS:
        notes.print(f"… and {num_errors - MAX_SHOWN_ERRORS} errors more")
    for (severity, code), number in sorted(counted.items()):
        if severity == "warning":
            examples = [p for p in problems if p.code == code and not p.is_error][:_MAX_EXAMPLES]
            notes.print(f"[yellow]warning[/] {code} ({number}): ", end="")
            notes.print("; ".join(p.sentence() for p in examples[:1]), markup=False)
