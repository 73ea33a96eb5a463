"""Findings said once: two tables over one file find the same of it."""

from __future__ import annotations

from dataclasses import dataclass, field

from engine.problems import Problem, Report


@dataclass(slots=True)
class DistinctReport(Report):
    """A report that keeps everything, and takes what is the same only once."""

    max_kept: int | None = None
    said: set[Problem] = field(default_factory=set)

    def add(self, problem: Problem) -> None:
        """Keep ``problem`` unless it was said already."""
        if problem not in self.said:
            self.said.add(problem)
            Report.add(self, problem)  # super() does not know a class with slots
