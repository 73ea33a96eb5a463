"""Where a scenario says something: the line of a file, or the option that was given."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from engine.errors import ScenarioError
from engine.problems import Report, parents


@dataclass(frozen=True, slots=True)
class Lines:
    """Where in a text each value stands.

    Parameters
    ----------
    name
        Of the text, for messages; empty: it is no text with lines, but values that were sent.
    line_of
        Line of every value by its path, such as ``/changes/0/factor``, counted from 1.
    given
        By path, the option of the command line by which a value was given in place of the text's;
        a later one holds before an earlier one.
    """

    name: str
    line_of: Mapping[str, int]
    given: Mapping[str, str] = field(default_factory=dict)

    def line(self, path: str) -> int:
        """Line of a value; of what holds it, where it is not in the text."""
        known = (self.line_of[part] for part in parents(path) if part in self.line_of)
        return next(known, self.line_of.get("", 1))

    def located(self, path: str) -> str:
        """A path with name and line before it: ``file.yaml:12/changes/0/factor``.

        Of a value that was given: ``--set changes/0/factor``.
        """
        for place, option in reversed([*self.given.items()]):
            if f"{path}/".startswith(f"{place}/"):
                return f"{option}{path[len(place) :]}"
        return f"{self.name}:{self.line(path)}{path}" if self.name else path


def located(report: Report, lines: Lines, unread: Report | None = None) -> ScenarioError:
    """An error of what a report holds, in the order of the text.

    Parameters
    ----------
    unread
        What was found before, with its lines.
    """
    rows = sorted(report.problems, key=lambda problem: lines.line(problem.path))
    placed = [replace(problem, path=lines.located(problem.path)) for problem in rows]
    before = unread or Report()
    return ScenarioError([*before.problems, *placed], before.counts + report.counts)
