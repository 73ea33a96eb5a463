"""Every measure by its name: its unit, which way is better, and what it says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Unit = Literal["share", "days", "km", "requests", "people"]
Better = Literal["higher", "lower"]

Statistic = Literal["mean", "median", "p90", "total", "people"]
"""How one number is made of many: people counts patients of whom any request says 1."""


@dataclass(frozen=True, slots=True)
class Kind:
    """What is known of a measure.

    Parameters
    ----------
    unit
        Of its value; a share is between 0 and 1.
    better
        Which way is better; ``None``: neither, it says how much there was to do.
    description
        What it says, for people.
    statistic
        How it is made of what is known of each request; ``None``: it is not about requests.
    """

    unit: Unit
    better: Better | None
    description: str
    statistic: Statistic | None = None


OF_A_MATCH: Mapping[str, Kind] = {
    "requests": Kind("requests", None, "requests in all", "total"),
    "placed": Kind("requests", "higher", "placed by the plan", "total"),
    "kept": Kind("requests", None, "with an appointment already", "total"),
    "no_candidate": Kind("requests", "lower", "unplaced: nothing is eligible", "total"),
    "crowded_out": Kind("requests", "lower", "unplaced: others hold all that is", "total"),
    "linked": Kind("requests", "lower", "unplaced: bound to one without a candidate", "total"),
    "match_rate": Kind("share", "higher", "placed, of those without an appointment", "mean"),
    "days_to_appointment_median": Kind("days", "lower", "days to appointment, median", "median"),
    "days_to_appointment_p90": Kind("days", "lower", "days to appointment, 90th percentile", "p90"),
    "within_standard": Kind("share", "higher", "seen within the standard, of those placed", "mean"),
    "travel_km_median": Kind("km", "lower", "way to the doctor, median", "median"),
    "travel_km_p90": Kind("km", "lower", "way to the doctor, 90th percentile", "p90"),
    "with_wished_doctor": Kind("share", "higher", "with a wished doctor, of who wish", "mean"),
    "at_suitable_time": Kind("share", "higher", "at a suitable time, of those who say", "mean"),
    "continuity": Kind("share", "higher", "with a doctor or practice that knows them", "mean"),
    "in_network": Kind(
        "share", "higher", "in the insurance plan's network, of the insured", "mean"
    ),
    "utilisation": Kind("share", "higher", "free cells that the plan fills"),
    "time_used": Kind("share", "higher", "of a doctor's time, taken once the plan is carried out"),
    "third_next_available": Kind(
        "days", "lower", "third next available appointment, median over the doctors"
    ),
}
"""Measures of the plan of a match."""

OF_A_REPAIR: Mapping[str, Kind] = {
    "people_forced": Kind("people", None, "whose place the event took", "people"),
    "people_moved": Kind("people", "lower", "told another place", "people"),
    "people_unplaced": Kind("people", "lower", "left without a place", "people"),
    "people_stuck": Kind("people", "lower", "pinned to a place that is impossible", "people"),
    "people_displaced": Kind("people", "lower", "lose a place that could be kept", "people"),
    "additional_people": Kind(
        "people", "lower", "lose a place that could be kept, beyond what collisions demand"
    ),
    "people_moved_again": Kind("people", "lower", "lose a place, not for the first time", "people"),
    "bump_rate": Kind("share", "lower", "lose their place, of visits in the next 30 days", "mean"),
    "rebooked_within_7_days": Kind(
        "share", "higher", "have a place within 7 days of the lost one", "mean"
    ),
    "rebooked_within_30_days": Kind(
        "share", "higher", "have a place within 30 days of the lost one", "mean"
    ),
    "equivalent_days": Kind("days", "lower", "price of all moves, in days of waiting", "total"),
    "days_later": Kind("days", "lower", "days by which visits are later, all together", "total"),
}
"""Measures of a repair, before it is committed."""

OF_A_ROLLING_RUN: Mapping[str, Kind] = {
    "asked": Kind("requests", None, "made before the days began, or while they passed"),
    "seen": Kind("requests", "higher", "whose visit was held"),
    "stayed_away": Kind("requests", "lower", "to whose visit nobody came"),
    "withdrawn": Kind("requests", "lower", "cancelled, or given up, by the patient"),
    "expired": Kind("requests", "lower", "for whom it became too late"),
    "still_waiting": Kind("requests", "lower", "without a place at the end"),
    "still_booked": Kind("requests", None, "with a place that is still to come at the end"),
    "days_waited_median": Kind("days", "lower", "days to the visit, of those seen, median"),
    "days_waited_p90": Kind("days", "lower", "days to the visit, of those seen, 90th percentile"),
    "seen_within_standard": Kind("share", "higher", "within the standard, of those seen"),
    "bumped": Kind("share", "lower", "told another place, of those ever told one"),
    "minutes_booked": Kind("share", "higher", "of the open minutes, booked for visits"),
}
"""Measures of days that passed."""

MEASURES: Mapping[str, Kind] = {**OF_A_MATCH, **OF_A_REPAIR, **OF_A_ROLLING_RUN}
"""Every measure by its name."""
