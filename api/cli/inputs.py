"""What commands read: a policy and a dataset."""

from __future__ import annotations

from pathlib import Path

from engine.domain import Dataset
from engine.errors import DatasetError, InvalidInputError, PolicyError
from engine.interchange import files
from engine.interchange.dataset import read_dataset
from engine.interchange.policy_file import read_policy
from engine.policy import Policy
from engine.problems import Problem, Report


def load_inputs(policy_path: Path | None, path: Path) -> tuple[Policy, Dataset, Report]:
    """The policy, the dataset and its warnings.

    Raises
    ------
    InvalidInputError
        Everything that is wrong with either.
    """
    try:
        policy = load_policy(policy_path)
    except PolicyError as error:
        raise _with_those_of(path, error) from error
    dataset, report = read_dataset(path, policy.urgencies.names)
    return policy, dataset, report


def _with_those_of(path: Path, error: PolicyError) -> InvalidInputError:
    """The mistakes of a policy, and those of the dataset after them."""
    found: InvalidInputError
    try:
        _, report = read_dataset(path)
        found = InvalidInputError.of(report)
    except DatasetError as other:
        found = other
    except OSError as other:
        found = DatasetError([Problem("not_readable", str(path), other.strerror or str(other))])
    return InvalidInputError([*error.problems, *found.problems], error.counts + found.counts)


def load_policy(path: Path | None) -> Policy:
    """The policy of a file, or the default one.

    Raises
    ------
    PolicyError
        The file cannot be read or used.
    """
    if path is None:
        return Policy.default()
    report = Report()
    raw = files.whole_file(path, str(path), report)
    if raw is None:
        raise PolicyError.of(report)
    return read_policy(raw, path.name)
