"""What is known of each request, and how measures are made of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from engine.arrays import Float, Int
from scenarios.measures.grouping import Grouping
from scenarios.measures.kinds import MEASURES, Statistic
from scenarios.measures.row import Row


@dataclass(frozen=True, slots=True)
class ByRequest:
    """A column per measure, a number per request.

    Every measure is made of its column alone, so that it is the same thing for all requests and
    for any group of them.

    Parameters
    ----------
    patient
        int64, shape (R,): whose request it is.
    columns
        By measure, float64, shape (R,); a flag is 0 or 1, NaN: the measure is not stated for it.
    """

    patient: Int
    columns: Mapping[str, Float]

    def row(self, measure: str, group: str | None = None, members: Int | None = None) -> Row:
        """A measure of some requests.

        Parameters
        ----------
        group
            What they are called.
        members
            int64, indices, each once; ``None``: all.
        """
        rows = np.arange(len(self.patient)) if members is None else members
        values = self.columns[measure][rows]
        stated = ~np.isnan(values)
        statistic = MEASURES[measure].statistic or "mean"
        value = _value(statistic, values[stated], self.patient[rows[stated]])
        return Row.of(measure, group, value, int(stated.sum()))

    def rows(self, group: str | None = None, members: Int | None = None) -> tuple[Row, ...]:
        """Every measure of some requests."""
        return tuple(self.row(measure, group, members) for measure in self.columns)

    def of_groups(self, grouping: Grouping) -> tuple[Row, ...]:
        """Every measure of each group; a request that is in two counts in both."""
        groups = zip(grouping.labels, grouping.members, strict=True)
        return tuple(
            row
            for label, members in groups
            for row in self.rows(f"{grouping.name}={label}", members)
        )


def _value(statistic: Statistic, values: Float, patient: Int) -> float | None:
    """One number made of many; ``None``: it says nothing of nobody."""
    if statistic == "people":
        return float(len(np.unique(patient[values == 1])))
    if statistic == "total":
        return float(values.sum())
    if not len(values):
        return None
    if statistic == "mean":
        return float(values.mean())
    return float(np.quantile(values, {"median": 0.5, "p90": 0.9}[statistic]))
