"""Gaps between groups of patients: from where on they are worth a warning."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from engine.parameters import assumed, checked


@checked
class Fairness:
    """From where on a gap between two groups of patients (insurance plans, areas, ages, languages,
    specialties) is told before anything is committed.

    It decides no plan: it says what people are to look at. Units: those of the names. No source
    states what a wide gap is; all three are for the site to say.
    """

    share_gap: Annotated[float, Field(ge=0, le=1)] = assumed(
        default=0.1, reason="of shares, such as the match rate: ten of a hundred patients"
    )
    days_gap: Annotated[float, Field(ge=0, le=366)] = assumed(
        default=5.0, reason="of days, such as the median to the appointment: a working week"
    )
    least_members: Annotated[int, Field(strict=True, ge=1, le=1_000_000)] = assumed(
        default=20,
        reason="below so many, a value says more of the members than of the plan",
    )
