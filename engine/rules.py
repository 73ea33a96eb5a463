"""What a rule is: the questions each kind must answer, and how one is declared.

A rule is a frozen dataclass whose fields are its parameters. Its docstring states the
rule in the clinic's words, the formula, the units and the source. It is stateless, and
listed in the tuple of its folder; nothing else knows it by name.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field, fields
from functools import cache
from typing import (
    Any,
    ClassVar,
    Literal,
    Protocol,
    TypeVar,
    cast,
    dataclass_transform,
    get_type_hints,
    runtime_checkable,
)

from numpy.typing import ArrayLike
from pydantic import ConfigDict, TypeAdapter, ValidationError

from engine.arrays import Bool, Int
from engine.candidates import Candidates
from engine.rows import Rows
from engine.snapshot import Snapshot

T = TypeVar("T")

Grain = Literal["role", "session", "place"]
"""What an eligibility rule judges a request against."""


@runtime_checkable
class Rule(Protocol):
    """Anything listed in a policy."""

    name: ClassVar[str]


@runtime_checkable
class PairRule(Rule, Protocol):
    """Eligibility decided between a request and a role, or a session (``grain``)."""

    grain: ClassVar[Grain]

    def admits(self, snapshot: Snapshot, request: ArrayLike, other: ArrayLike) -> Bool:
        """Whether each pair of a request and a role (or session) may stand; broadcast."""


@runtime_checkable
class PlaceRule(Rule, Protocol):
    """Eligibility decided between a request and a place in time."""

    grain: ClassVar[Grain]

    def admits_places(self, snapshot: Snapshot, candidates: Candidates) -> Bool:
        """Whether each candidate may stand; bool, shape (C,)."""


@runtime_checkable
class Constraint(Rule, Protocol):
    """A coupling rule: what candidates may not be chosen together.

    ``can_block_alone``: whether appointments can leave no room at all for a candidate whose
    cells are free (the patient is elsewhere, the day's cap is reached).
    """

    can_block_alone: ClassVar[bool]

    def rows(self, snapshot: Snapshot, candidates: Candidates) -> Rows:
        """Linear rows over any chunk of candidates."""


@runtime_checkable
class Objective(Rule, Protocol):
    """Something counted, minimised at its level."""

    unit: ClassVar[str]

    @property
    def level(self) -> str:
        """Level at which it counts."""

    def cost(self, snapshot: Snapshot, candidates: Candidates) -> Int:
        """Cost of each candidate, int64 ≥ 0, shape (C,)."""

    def unplaced(self, snapshot: Snapshot) -> Int:
        """Cost of leaving each request unplaced, int64 ≥ 0, shape (R,)."""


def cited(default: Any, source: str) -> Any:
    """A parameter whose default rests on a published source."""
    return field(default=default, metadata={"basis": "cited", "source": source})


def assumed(default: Any, reason: str) -> Any:
    """A parameter whose default is our assumption; a site should refit it."""
    return field(default=default, metadata={"basis": "assumed", "source": reason})


@dataclass_transform(frozen_default=True, field_specifiers=(field, cited, assumed))
def rule(cls: type[T]) -> type[T]:
    """Make ``cls`` a rule: frozen, slotted, parameters checked against their types."""
    open_class = cast("Any", cls)
    open_class.__pydantic_config__ = ConfigDict(extra="forbid", arbitrary_types_allowed=True)
    open_class.__post_init__ = _check_parameters
    return dataclass(frozen=True, slots=True)(cls)


def _check_parameters(self: Any) -> None:
    for name, adapter in _limited_parameters(cast("Hashable", type(self))).items():
        try:
            value = adapter.validate_python(getattr(self, name))  # 5 becomes 5.0
            object.__setattr__(self, name, value)
        except ValidationError as error:
            what = error.errors(include_url=False)[0]["msg"]
            raise ValueError(f"{name} {getattr(self, name)!r}: {what}") from error


@cache
def _limited_parameters(cls: Hashable) -> Mapping[str, TypeAdapter[Any]]:
    """Validators of the parameters whose type states limits."""
    hints = get_type_hints(cast("type", cls), include_extras=True)
    names = (parameter.name for parameter in fields(cast("Any", cls)))
    return {
        name: TypeAdapter(hints[name]) for name in names if hasattr(hints[name], "__metadata__")
    }
