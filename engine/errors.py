"""What can go wrong, and how it is said.

::

    EngineError
    ├── InvalidInputError          the caller's data or settings; carries every problem found
    │   ├── AnswerError            an answer names what nobody was offered, or cannot be read
    │   ├── ClusterError           a cluster cannot be reached, or runs something else
    │   ├── DatasetError           a dataset cannot be used
    │   ├── DisruptionError        an event names what is not there, or cannot be read
    │   ├── PlanFileError          a plan file cannot be used, or belongs to another dataset
    │   ├── PolicyError            a policy names an unknown rule or a bad parameter
    │   ├── RequestError           there is no such request in the dataset
    │   └── ScenarioError          a scenario changes what is not there, or cannot be read
    └── InternalError              ours
        ├── ModelInvalidError      the solver refused the model
        ├── SolverDisagreementError  the solver denied what is known to be feasible
        └── VerificationError      a plan failed the independent judges

Outcomes (nobody can serve a request, time ran out) are data in a result, never
exceptions.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Self

from engine.problems import Problem, Report, Severity


class EngineError(Exception):
    """Base of everything the engine raises on purpose."""


class InvalidInputError(EngineError):
    """The input cannot be used.

    Parameters
    ----------
    problems
        Everything that was found, errors and warnings, in the order of the input.
    counts
        How often each kind was found, where not all of it was kept.
    """

    def __init__(
        self,
        problems: Sequence[Problem],
        counts: Counter[tuple[Severity, str]] | None = None,
    ) -> None:
        self.problems = tuple(problems)
        self.counts = counts or Counter((row.severity, row.code) for row in self.problems)
        errors = [problem for problem in self.problems if problem.is_error]
        shown = "; ".join(problem.sentence() for problem in errors[:3])
        more = f"; and {len(errors) - 3} more" if len(errors) > 3 else ""
        super().__init__(f"{shown}{more}")

    def __reduce__(self) -> tuple[type[Self], tuple[object, ...]]:
        """Made again from what was found: an error of a run comes from another process."""
        return type(self), (self.problems, self.counts)

    @classmethod
    def of(cls, report: Report) -> Self:
        """Everything that a report holds."""
        return cls(report.problems, report.counts)

    @property
    def num_errors(self) -> int:
        """Number of errors, kept or not."""
        return sum(n for (severity, _), n in self.counts.items() if severity == "error")


class AnswerError(InvalidInputError):
    """An answer does not fit what was offered, or cannot be read."""


class ClusterError(InvalidInputError):
    """A cluster cannot be reached, or its workers run something else."""


class DatasetError(InvalidInputError):
    """A dataset cannot be used."""


class DisruptionError(InvalidInputError):
    """An event names what the dataset does not have, or cannot be read."""


class PlanFileError(InvalidInputError):
    """A plan file cannot be read, or does not belong to the dataset."""


class PolicyError(InvalidInputError):
    """A policy names an unknown rule, or gives a rule a bad parameter."""


class RequestError(InvalidInputError):
    """What is asked about a request cannot be answered: the dataset has none with this id."""


class ScenarioError(InvalidInputError):
    """A scenario changes what its dataset or policy does not have, or cannot be read."""


class InternalError(EngineError):
    """A fault of the engine itself; never the caller's."""


class ModelInvalidError(InternalError):
    """The solver refused the model as malformed."""


class SolverDisagreementError(InternalError):
    """The solver called a model infeasible although a feasible plan is known."""


class VerificationError(InternalError):
    """A plan broke a rule, or its values differ from the judges' own count."""
