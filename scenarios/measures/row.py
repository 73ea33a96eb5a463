"""A measured value, as a row of a table."""

from __future__ import annotations

from dataclasses import dataclass

from scenarios.measures.kinds import MEASURES, Unit


@dataclass(frozen=True, slots=True)
class Row:
    """One value of one measure.

    Parameters
    ----------
    measure
        A name in ``MEASURES``.
    group
        Of whom it is the value, as ``grouping=label``; ``None``: of all.
    value
        In the unit; ``None``: there is nobody to state it for, or it is not known.
    count
        How many requests, doctors or cells it is stated for.
    unit
        Of the value.
    """

    measure: str
    group: str | None
    value: float | None
    count: int
    unit: Unit

    @classmethod
    def of(cls, measure: str, group: str | None, value: float | None, count: int) -> Row:
        """A value in the unit of its measure."""
        return cls(measure, group, value, count, MEASURES[measure].unit)
