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
    more_than
        Where there is no value because it lies beyond what was looked at: that it is more than
        this, in the unit; ``None``: nothing of the kind is known.
    """

    measure: str
    group: str | None
    value: float | None
    count: int
    unit: Unit
    more_than: float | None = None

    @classmethod
    def of(
        cls,
        measure: str,
        group: str | None,
        value: float | None,
        count: int,
        more_than: float | None = None,
    ) -> Row:
        """A value in the unit of its measure."""
        return cls(measure, group, value, count, MEASURES[measure].unit, more_than)
