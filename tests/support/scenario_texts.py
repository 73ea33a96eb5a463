"""Scenario files to bend, and two kinds of changes that are all they know."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import pytest
from pydantic import Field

from engine.domain.fields import Id
from engine.domain.record import record
from engine.errors import ScenarioError
from engine.interchange.kinds import Kinds
from scenarios.scenario_file import Scenario, scenario_from

SMALL = """\
schema: slotmatch.scenario/1
name: fewer-doctors
base: {example: small_clinic}
changes:
  - kind: doctor_gone
    doctor_id: d1
  - kind: demand_times
    factor: 1.2
"""
"""A file with a change of each kind."""


@record
class DoctorGone:
    """A doctor is gone."""

    kind: Literal["doctor_gone"] = "doctor_gone"
    """What is changed."""
    doctor_id: Id
    """Who."""


@record
class DemandTimes:
    """So many times as many requests."""

    kind: Literal["demand_times"] = "demand_times"
    """What is changed."""
    factor: Annotated[float, Field(strict=True, ge=0, le=10)]
    """How many times."""


Change = Annotated[DoctorGone | DemandTimes, Field(discriminator="kind")]
CHANGES: Kinds[Any] = Kinds(
    {"doctor_gone": DoctorGone, "demand_times": DemandTimes},
    tuple[Change, ...],
    "change",
    ScenarioError,
)


def read(text: str, **more: Any) -> Scenario:
    """The scenario of a text."""
    return scenario_from(text.encode(), "file.yaml", **more)


def sentences(text: str | bytes, **more: Any) -> list[str]:
    """Code, place and sentence of everything that is wrong with a text."""
    raw = text.encode() if isinstance(text, str) else text
    with pytest.raises(ScenarioError) as raised:
        scenario_from(raw, "file.yaml", **more)
    return [f"{row.code} {row.sentence()}" for row in raised.value.problems]


def places(text: str | bytes, **more: Any) -> list[str]:
    """Code and place of everything that is wrong with a text."""
    return [row.split(": ", 1)[0] for row in sentences(text, **more)]
