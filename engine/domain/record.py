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
    config = ConfigDict(extra="forbid", use_attribute_docstrings=True)
    cast(Any, cls).__pydantic_config__ = config
    return dataclass(frozen=True, slots=True, kw_only=True)(cls)
