"""Measures in words and numbers."""

from __future__ import annotations

from scenarios.numbers import counted_text, named, number, titled
from scenarios.statistics import Estimate


def test_a_number_can_be_copied_from_the_screen() -> None:
    """Its minus is the one that every program reads; a page has another."""
    assert (number(-2, "days"), number(2, "days", sign=True)) == ("-2.00", "+2.00")


def test_it_is_said_of_how_many_runs_a_mean_is() -> None:
    """Where some have no value; not where it is only known what it is more than, or nothing is."""
    some, beyond = Estimate(0.5, 0.25, 0.75, 3, 2), Estimate(1.0, None, None, 1, 1, 6.0)
    assert counted_text(some, "share") == "50.0 ± 25.0 (of 3)"
    assert counted_text(beyond, "days") == "> 6.00"
    assert counted_text(Estimate(None, None, None, 0, 5), "days") == counted_text(None, "km") == "–"


def test_a_name_says_its_unit_once() -> None:
    """Requests that are placed are counted in requests, which has to be said; days are days."""
    assert named("within_standard") == "within standard"
    assert [titled("requests"), titled("placed"), titled("days_waited_median")] == [
        "requests",
        "placed (requests)",
        "days waited median",
    ]
