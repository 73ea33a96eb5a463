"""What patients were told."""

from __future__ import annotations

import numpy as np

from engine.snapshot import BYSTANDER, CONTESTED, FORCED, Told


def told(*standing: int) -> Told:
    """People who stand so; everybody can keep what was told but the forced."""
    blank = Told.nothing(len(standing))
    stands = np.array(standing, np.int64)
    first = np.where(stands >= CONTESTED, 7, -1)
    return Told(
        stands,
        blank.role,
        first,
        blank.start,
        blank.end,
        np.array([True] * len(standing)),
        blank.is_confirmed,
        blank.asked_first,
    )


def test_who_could_stay_is_innocent() -> None:
    """Bystanders, and who contests a place; not the forced, nor who was told nothing."""
    assert told(FORCED, CONTESTED, BYSTANDER, -1).is_innocent.tolist() == [0, 1, 1, 0]


def test_who_must_be_moved_is_needy() -> None:
    """In a repair the forced alone; where nobody was told anything, everybody who asks."""
    assert told(FORCED, CONTESTED, BYSTANDER, -1).is_needy.tolist() == [1, 0, 0, 0]
    assert Told.nothing(3).is_needy.tolist() == [1, 1, 1]
    assert not Told.nothing(3).is_innocent.any()


def test_a_place_can_stay_if_it_has_a_cell_and_a_time() -> None:
    """Seats of the day have no time of their own, and are in nobody's way."""
    assert told(FORCED, CONTESTED, BYSTANDER).can_stay.tolist() == [0, 1, 1]
    assert not Told.nothing(2).can_stay.any()
