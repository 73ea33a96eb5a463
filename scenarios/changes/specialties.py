"""Codes of specialties that a change is about."""

from __future__ import annotations

from collections.abc import Sequence

from engine.domain import Dataset, Role
from engine.specialties import covers_table


def all_specialties(dataset: Dataset) -> list[str]:
    """Every code that a request, a type of visit or a role names."""
    asked = (row.specialty for row in dataset.requests if row.specialty is not None)
    offered = (code for row in dataset.visit_types for code in row.specialties)
    return list(dict.fromkeys((*asked, *offered, *practised(dataset.roles))))


def practised(roles: Sequence[Role]) -> list[str]:
    """Every code that roles name."""
    return list(dict.fromkeys(code for row in roles for code in row.specialties))


def below(specialty: str | None, codes: Sequence[str], *, exactly: bool = False) -> set[str]:
    """Those codes that are the specialty, or, unless it is meant exactly, are below it; none of
    no specialty.
    """
    if specialty is None:
        return set()
    if exactly:
        return {specialty}.intersection(codes)
    covered = covers_table([specialty], codes)[0]
    return {code for code, is_below in zip(codes, covered, strict=True) if is_below}
