"""Who is near enough to be on a short chain."""

from __future__ import annotations

import numpy as np
import pytest
from repairs import chain

from engine.eligible import Sieve
from engine.events.aftermath import aftermath_of
from engine.events.events import SessionClosed
from engine.policy import Policy
from engine.repair.movable import Movable
from engine.repair.nearby import Catalogue, Nearby
from engine.repair.world import World
from engine.snapshot import FORCED, take_snapshot


def nearby(longest: int) -> tuple[set[str], int]:
    """Bystanders near enough in a chain of three, and how many candidates were looked at."""
    policy = Policy.default()
    aftermath = aftermath_of(chain().dataset(), [SessionClosed(session_id="lost")], policy)
    after = take_snapshot(aftermath.dataset)
    movable = Movable.of(aftermath, after, policy)
    star = World.of(after, movable, np.flatnonzero(movable.standing >= 0), policy)
    must = np.flatnonzero(star.snapshot.told.standing == FORCED)
    catalogue = Catalogue(Sieve(star.snapshot, policy.for_repair(0)), 1)
    found = Nearby(star, catalogue, must, longest)
    names = {after.requests.ids[request] for request in found.requests.tolist()}
    return names, len(found.listed.candidates)


@pytest.mark.parametrize(
    ("longest", "expected"), [(0, set()), (1, set()), (2, {"bob", "cid"}), (5, {"bob", "cid"})]
)
def test_only_who_reaches_a_free_cell_in_time_is_near(longest: int, expected: set[str]) -> None:
    """Ann's way to a free cell leads through two others: within one, nobody is near."""
    assert nearby(longest)[0] == expected


def test_nobody_is_looked_up_before_their_place_is_wanted() -> None:
    """Without a step, only what Ann could take is looked at."""
    assert nearby(0)[1] < nearby(1)[1] < nearby(2)[1]
