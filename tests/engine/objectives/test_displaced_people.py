"""People who lose a place that they could have kept."""

from __future__ import annotations

import pytest
from clinic import Clinic, at
from told import moved_to, solver_value, told_world

from engine.events.events import SessionClosed
from engine.objectives.displaced_people import DisplacedPeople
from engine.policy import DEFAULT_RULES
from engine.verify import displaced_people as judge

RULE = DisplacedPeople()


def morning(*people: str) -> Clinic:
    """A visit of each at 9:00, 9:15 and so on; at ten there is room for everybody."""
    clinic = Clinic().session("09:00", "12:00", id="s").session("14:00", "16:00", id="t")
    for number, who in enumerate(people):
        start = at("09:00").replace(minute=15 * number)
        end = start.replace(minute=15 * number + 14)
        clinic.request(f"r{number}", who)
        clinic.appointment(f"{start:%H:%M}", f"{end:%H:%M}", request=f"r{number}", id=f"a{number}")
    return clinic


def displaced(
    clinic: Clinic, places: dict[str, tuple[str, str] | None], *events: SessionClosed
) -> int:
    """People displaced, by the rule and by its judge alike."""
    world = told_world(clinic, *events)
    counted = solver_value(world, RULE, places)
    final, plan = moved_to(world, places)
    assert not judge.contributions(RULE, final, plan).any()
    assert judge.shared(RULE, final, plan) == counted
    return counted


def test_nobody_is_displaced_who_keeps_a_place() -> None:
    """Two keep what they were told."""
    assert displaced(morning("ann", "bob"), {}) == 0


def test_another_cell_is_another_place() -> None:
    """A quarter of an hour later, at the same doctor's."""
    assert displaced(morning("ann", "bob"), {"r1": ("s", "09:30")}) == 1


def test_who_is_left_without_a_place_is_displaced() -> None:
    """Unplaced is displaced too."""
    assert displaced(morning("ann", "bob"), {"r1": None}) == 1


@pytest.mark.parametrize(
    ("people", "count"), [(("ann", "ann", "bob"), 1), (("ann", "bob", "cat"), 2)]
)
def test_people_are_counted(people: tuple[str, ...], count: int) -> None:
    """Two appointments of one person are one person; of two people, two."""
    places: dict[str, tuple[str, str] | None] = {"r0": ("t", "14:00"), "r1": None}
    assert displaced(morning(*people), places) == count


def test_who_was_forced_is_not_displaced() -> None:
    """The session of the afternoon is closed: whoever was there had no place to keep."""
    clinic = morning("ann").request("f", "fay").appointment("14:00", "14:15", request="f")
    assert displaced(clinic, {"f": ("s", "10:00")}, SessionClosed(session_id="t")) == 0


def test_who_contests_a_place_could_keep_it() -> None:
    """Two at nine: the one who goes is displaced."""
    clinic = morning("ann").request("b", "bob").appointment("09:00", "09:15", request="b")
    assert displaced(clinic, {"b": ("s", "10:00")}) == 1


def test_off_by_default() -> None:
    """Nobody was told anything in a match."""
    assert "displaced_people" not in DEFAULT_RULES
