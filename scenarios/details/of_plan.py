"""Details of the plan of a match."""

from __future__ import annotations

from engine.domain import Dataset
from engine.result import Result
from scenarios.details.records import Details
from scenarios.details.spreads import spread
from scenarios.details.travel_map import travel_map
from scenarios.details.use_of_time import use_of_time
from scenarios.measures.served import served


def details_of_plan(result: Result, dataset: Dataset) -> Details:
    """How long people wait and travel, how full doctors are, and who goes where.

    Parameters
    ----------
    dataset
        That the plan was made for: its names.
    """
    known = served(result)
    who = {row.id: row.name for rows in (dataset.doctors, dataset.services) for row in rows}
    where = {row.id: row.name for row in dataset.locations}
    return Details(
        spreads=(
            spread("days_to_appointment", known.columns["days_to_appointment_median"]),
            spread("travel_km", known.columns["travel_km_median"]),
        ),
        use=use_of_time(result, who),
        map=travel_map(result.snapshot, result.plan, where),
    )
