"""Specialties in realistic proportions, and the types of visit they offer."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.arrays import Float
from engine.domain import VisitType
from scenarios.world.spec import WorldSpec

CELL_MINUTES = 30
TIDY_MINUTES = 5
"""Part of every visit's cells that the doctor needs afterwards."""

CELLS_OF_VISITS = (1, 2, 3, 4)
SHARE_OF_VISITS = {"single": (1.0, 0.0, 0.0, 0.0), "multi": (0.5, 0.3, 0.1, 0.1)}


@dataclass(frozen=True, slots=True)
class Field:
    """A field of medicine.

    Parameters
    ----------
    code
        NUCC taxonomy code.
    name
        Short name, for ids.
    physicians
        Active physicians in the United States, 2021.
    """

    code: str
    name: str
    physicians: int


FIELDS = (
    Field("207R00000X", "internal", 120_342),
    Field("207Q00000X", "family", 118_641),
    Field("208000000X", "children", 60_305),
    Field("207V00000X", "women", 42_496),
    Field("2084P0800X", "psychiatry", 38_424),
    Field("208600000X", "surgery", 24_881),
    Field("207RC0000X", "heart", 22_262),
    Field("207W00000X", "eye", 18_948),
    Field("207X00000X", "bone", 18_469),
    Field("207RH0003X", "blood", 16_673),
    Field("207RG0100X", "gut", 15_678),
    Field("2084N0400X", "nerve", 13_853),
    Field("207N00000X", "skin", 12_767),
    Field("207RN0300X", "kidney", 11_554),
    Field("208800000X", "urology", 10_081),
    Field("208100000X", "rehab", 9_724),
    Field("207Y00000X", "ear", 9_616),
    Field("207RE0101X", "hormone", 8_246),
    Field("207RR0500X", "joint", 6_420),
    Field("207K00000X", "allergy", 5_009),
)
"""Twenty specialties with office visits; counts from the AAMC Physician Specialty Data
Report 2022."""

CHILDREN = next(i for i, field in enumerate(FIELDS) if field.name == "children")
WOMEN = next(i for i, field in enumerate(FIELDS) if field.name == "women")


def field_shares() -> Float:
    """Share of each field, float64, shape (20,), summing to 1."""
    counts = np.array([field.physicians for field in FIELDS], np.float64)
    return counts / counts.sum()


def visit_type_id(field: Field, cells: int) -> str:
    """Id of a field's type of visit of so many cells."""
    return f"{field.name}-{cells * CELL_MINUTES}"


def visit_types(spec: WorldSpec) -> tuple[VisitType, ...]:
    """Types of visit: per field, one for every length there is."""
    lengths = [n for n, p in zip(CELLS_OF_VISITS, SHARE_OF_VISITS[spec.visits], strict=True) if p]
    return tuple(
        VisitType(
            id=visit_type_id(field, cells),
            name=f"{field.name}, {cells * CELL_MINUTES - TIDY_MINUTES} min",
            specialties=(field.code,),
            minutes=cells * CELL_MINUTES - TIDY_MINUTES,
            minutes_after=TIDY_MINUTES,
        )
        for field in FIELDS
        for cells in lengths
    )
