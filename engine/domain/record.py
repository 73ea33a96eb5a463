"""How a record is made."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeVar, cast, dataclass_transform

from pydantic import ConfigDict

T = TypeVar("T")


@dataclass_transform(frozen_default=True, kw_only_default=True)
def record(cls: type[T]) -> type[T]:
    """Make ``cls`` a record: frozen, slotted, by keyword, closed to unknown fields.

    The strings below its fields become the descriptions of its JSON Schema.
    """
    return _made(cls, ConfigDict(extra="forbid", use_attribute_docstrings=True))


@dataclass_transform(frozen_default=True, kw_only_default=True)
def open_record(cls: type[T]) -> type[T]:
    """Make ``cls`` a record that passes over fields which it does not know."""
    return _made(cls, ConfigDict(extra="ignore", use_attribute_docstrings=True))


def _made(cls: type[T], config: ConfigDict) -> type[T]:
    cast(Any, cls).__pydantic_config__ = config
    return dataclass(frozen=True, slots=True, kw_only=True)(cls)
