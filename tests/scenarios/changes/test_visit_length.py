"""A type of visit takes another length."""

from __future__ import annotations

from clinic import Clinic
from situations import after, wrong


def test_lengths_are_set_one_by_one() -> None:
    """What is not stated stays; appointments keep what people were told."""
    clinic = Clinic().visit_type("visit", minutes=15, minutes_new=30).visit_type("other")
    clinic.session().request("ann").appointment("09:00", "09:15", request="ann")
    before = clinic.dataset()
    for fields, lengths in (
        ({"minutes": 20}, (20, 30)),
        ({"minutes_new": 45}, (15, 45)),
        ({"minutes": 10, "minutes_new": 10}, (10, 10)),
    ):
        found = after(clinic, "visit_length", visit_type_id="visit", **fields).dataset
        changed, other = sorted(found.visit_types, key=lambda row: row.id != "visit")
        assert (changed.minutes, changed.minutes_new) == lengths
        assert (other.minutes, other.minutes_new) == (15, None)
        assert found.appointments == before.appointments


def test_an_unknown_type_and_nothing_to_change_are_refused() -> None:
    """Both at once."""
    assert wrong(Clinic(), "visit_length", visit_type_id="visits") == [
        ("dangling_reference", "/changes/0/visit_type_id"),
        ("missing_field", "/changes/0/minutes"),
    ]
