"""A dataset or a policy itself, where a scenario file names one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from pydantic import WrapValidator

from engine.domain import Dataset
from engine.interchange.canonical import dataset_hash, policy_hash
from engine.interchange.json_text import UNREADABLE
from engine.policy import Policy
from engine.problems import Report


@dataclass(frozen=True, eq=False)
class GivenDataset:
    """A dataset that came with a scenario.

    Parameters
    ----------
    dataset
        Without errors.
    warnings
        What is odd about it.
    """

    dataset: Dataset
    warnings: Report = field(default_factory=Report)

    @cached_property
    def name(self) -> str:
        """Its hash."""
        return dataset_hash(self.dataset)


@dataclass(frozen=True, eq=False)
class GivenPolicy:
    """A policy that came with a scenario.

    Parameters
    ----------
    policy
        Read over the default one.
    """

    policy: Policy

    @cached_property
    def name(self) -> str:
        """Its hash."""
        return policy_hash(self.policy)


def _as_it_is(value: Any, read: Callable[[Any], Any]) -> Any:
    is_given = value is UNREADABLE or isinstance(value, GivenDataset | GivenPolicy)
    return value if is_given else read(value)


AS_IT_IS = WrapValidator(_as_it_is)
"""Of a field that takes, beside what can be written, something given; or what could not be read,
which was said already.
"""
