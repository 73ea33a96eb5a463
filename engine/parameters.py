"""Parameters: dataclass fields with a basis for their default, checked against their types."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field, fields
from functools import cache
from typing import Any, TypeVar, cast, dataclass_transform, get_type_hints

from pydantic import ConfigDict, TypeAdapter, ValidationError

T = TypeVar("T")


def cited(default: Any, source: str) -> Any:
    """A parameter whose default rests on a published source."""
    return field(default=default, metadata={"basis": "cited", "source": source})


def assumed(default: Any, reason: str) -> Any:
    """A parameter whose default is our assumption; a site should refit it."""
    return field(default=default, metadata={"basis": "assumed", "source": reason})


@dataclass_transform(frozen_default=True, field_specifiers=(field, cited, assumed))
def checked(cls: type[T]) -> type[T]:
    """Make ``cls`` a frozen, slotted dataclass whose parameters are checked."""
    open_class = cast("Any", cls)
    open_class.__pydantic_config__ = ConfigDict(extra="forbid", arbitrary_types_allowed=True)
    open_class.__post_init__ = check_parameters
    return dataclass(frozen=True, slots=True)(cls)


class BadParametersError(ValueError):
    """Some parameters are outside their limits, or of another type.

    Parameters
    ----------
    reasons
        What is wrong, by name.
    """

    def __init__(self, reasons: Mapping[str, str]) -> None:
        self.reasons = reasons
        super().__init__("; ".join(f"{name}: {what}" for name, what in reasons.items()))


def check_parameters(self: Any) -> None:
    """Check every field whose type states limits, and store it as its type.

    Raises
    ------
    BadParametersError
        Values are outside their limits, or of another type.
    """
    reasons = {}
    for name, adapter in _limited_parameters(cast("Hashable", type(self))).items():
        try:
            value = adapter.validate_python(getattr(self, name))  # 5 becomes 5.0
            object.__setattr__(self, name, value)
        except ValidationError as error:
            reasons[name] = error.errors(include_url=False, include_input=False)[0]["msg"]
    if reasons:
        raise BadParametersError(reasons)


@cache
def _limited_parameters(cls: Hashable) -> Mapping[str, TypeAdapter[Any]]:
    """Validators of the parameters whose type states limits."""
    hints = get_type_hints(cast("type", cls), include_extras=True)
    names = (parameter.name for parameter in fields(cast("Any", cls)))
    return {
        name: TypeAdapter(hints[name]) for name in names if hasattr(hints[name], "__metadata__")
    }
