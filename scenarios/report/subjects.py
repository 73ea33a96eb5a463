"""Measures by what they speak of, and which of them are shown first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from scenarios.report.told import Told

SUBJECTS: Mapping[str, tuple[str, ...]] = {
    "Access": (
        "match_rate",
        "days_to_appointment_median",
        "days_to_appointment_p90",
        "within_standard",
        "third_next_available",
        "seen_within_standard",
        "days_waited_median",
        "days_waited_p90",
    ),
    "Who is placed": (
        "requests",
        "placed",
        "kept",
        "no_candidate",
        "crowded_out",
        "linked",
        "asked",
        "seen",
        "stayed_away",
        "withdrawn",
        "expired",
        "still_waiting",
        "still_booked",
    ),
    "What patients wish for": (
        "travel_km_median",
        "travel_km_p90",
        "with_wished_doctor",
        "at_suitable_time",
        "continuity",
        "in_network",
    ),
    "Use of the doctors' time": ("utilisation", "time_used", "minutes_booked"),
    "What the repair disturbs": (
        "people_forced",
        "people_moved",
        "people_unplaced",
        "people_stuck",
        "people_displaced",
        "additional_people",
        "people_moved_again",
        "bump_rate",
        "bumped",
        "rebooked_within_7_days",
        "rebooked_within_30_days",
        "equivalent_days",
        "days_later",
    ),
}
"""Every measure once; a test holds this against ``MEASURES``."""

OTHER = "Other"
"""Where a measure stands that has no subject yet."""

HEADLINES = (
    "people_unplaced",
    "additional_people",
    "people_moved",
    "equivalent_days",
    "rebooked_within_30_days",
    "bump_rate",
    "match_rate",
    "within_standard",
    "days_to_appointment_median",
    "third_next_available",
    "seen_within_standard",
    "days_waited_median",
    "still_waiting",
    "minutes_booked",
    "utilisation",
    "travel_km_median",
)
"""Measures that are drawn across points, as far as a run has them."""

MOST_HEADLINES = 6


def headlines(told: Told, measures: Sequence[str] = ()) -> tuple[str, ...]:
    """Measures that are shown first: those that are asked for, or else those of acceptance tests
    and what says most.
    """
    known = {
        name
        for point in told.points
        for name, line in point.comparison.of_all.items()
        if line.value.mean is not None
    }
    if measures:
        return tuple(name for name in dict.fromkeys(measures) if name in known)
    asked = (test.measure for test in told.scenario.acceptance)
    chosen = [name for name in dict.fromkeys((*asked, *HEADLINES)) if name in known]
    return tuple(chosen[:MOST_HEADLINES])


def subject_of(measure: str) -> str:
    """Under which heading a measure stands."""
    return next((name for name, some in SUBJECTS.items() if measure in some), OTHER)
