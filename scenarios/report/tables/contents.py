"""Which tables there are, and what is in their rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from scenarios.report.tables.of_points import acceptance, comparisons, points
from scenarios.report.tables.of_runs import (
    answers,
    days,
    homes,
    ledger,
    outcomes,
    places,
    spreads,
    use_of_time,
    worlds,
)
from scenarios.report.tables.values import Kind, Rows
from scenarios.report.told import Told

_POINT: Mapping[str, Kind] = {"scenario": "text", "point": "whole"}
_RUN: Mapping[str, Kind] = {**_POINT, "seed": "whole", "changed": "flag"}


@dataclass(frozen=True, slots=True)
class Table:
    """One table.

    Parameters
    ----------
    name
        Of its files.
    columns
        With what is in them.
    rows
        Of some scenarios; one value for each column, ``None`` where there is none.
    """

    name: str
    columns: Mapping[str, Kind]
    rows: Callable[[Sequence[Told]], Rows]


_ESTIMATE: Mapping[str, Kind] = {
    "mean": "number",
    "low": "number",
    "high": "number",
    "runs": "whole",
    "missing": "whole",
    "more_than": "number",
}

TABLES = (
    Table(
        "outcomes",
        {
            **_RUN,
            "measure": "text",
            "group": "text",
            "value": "number",
            "unit": "text",
            "count": "whole",
            "more_than": "number",
        },
        outcomes,
    ),
    Table(
        "comparisons",
        {
            **_POINT,
            "measure": "text",
            "group": "text",
            "unit": "text",
            "better": "text",
            **_ESTIMATE,
            "without_mean": "number",
            "without_low": "number",
            "without_high": "number",
            "difference": "number",
            "difference_low": "number",
            "difference_high": "number",
            "distinguishable": "flag",
        },
        comparisons,
    ),
    Table(
        "points",
        {
            **_POINT,
            "title": "text",
            "values": "text",
            "overridden": "text",
            "runs": "whole",
            "asked": "whole",
            "unproven": "whole",
            "holds": "flag",
        },
        points,
    ),
    Table(
        "acceptance",
        {
            **_POINT,
            "measure": "text",
            "at_least": "number",
            "at_most": "number",
            **_ESTIMATE,
            "holds": "flag",
        },
        acceptance,
    ),
    Table(
        "worlds",
        {
            **_RUN,
            "after_change": "whole",
            "requests": "whole",
            "open_requests": "whole",
            "doctors": "whole",
            "roles": "whole",
            "sessions": "whole",
            "cells": "whole",
            "reserved_cells": "whole",
            "contracts": "whole",
        },
        worlds,
    ),
    Table("spreads", {**_RUN, "measure": "text", "from": "whole", "visits": "whole"}, spreads),
    Table(
        "use_of_time",
        {
            **_RUN,
            "doctor": "text",
            "name": "text",
            "day": "text",
            "taken_minutes": "whole",
            "offered_minutes": "whole",
        },
        use_of_time,
    ),
    Table(
        "places",
        {
            **_RUN,
            "place": "text",
            "name": "text",
            "x_km": "number",
            "y_km": "number",
            "visits": "whole",
        },
        places,
    ),
    Table(
        "homes",
        {**_RUN, "x_km": "number", "y_km": "number", "way_km": "number", "placed": "flag"},
        homes,
    ),
    Table(
        "answers",
        {
            **_RUN,
            "answer": "whole",
            "additional_people": "whole",
            "people_unplaced": "whole",
            "people_moved": "whole",
            "equivalent_days": "number",
            "proven": "flag",
        },
        answers,
    ),
    Table(
        "ledger",
        {
            **_RUN,
            "appointment": "text",
            "urgency": "text",
            "standing": "text",
            "outcome": "text",
            "doctor_before": "text",
            "start_before": "text",
            "doctor_after": "text",
            "start_after": "text",
            "equivalent_days": "number",
            "days_late": "whole",
        },
        ledger,
    ),
    Table(
        "days",
        {
            **_RUN,
            "day": "text",
            "arrived": "whole",
            "waiting": "whole",
            "booked": "whole",
            "served": "whole",
            "open_minutes": "whole",
            "visit_minutes": "whole",
        },
        days,
    ),
)
"""Every table that there is; those without rows are written too."""
