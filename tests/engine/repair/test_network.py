"""Seats for being left unplaced: how few displaced people each number needs."""

from __future__ import annotations

import numpy as np
from repairs import chain

from engine.eligible import Sieve
from engine.events.aftermath import aftermath_of
from engine.events.events import SessionClosed
from engine.policy import Policy
from engine.repair.movable import Movable
from engine.repair.network import Network
from engine.repair.world import World
from engine.shortlist import ALL, shortlist, the_cheapest
from engine.snapshot import take_snapshot


def network() -> Network:
    """Ann must move; Bob and Cid could, one for the other."""
    policy = Policy.default()
    aftermath = aftermath_of(chain().dataset(), [SessionClosed(session_id="lost")], policy)
    after = take_snapshot(aftermath.dataset)
    movable = Movable.of(aftermath, after, policy)
    world = World.of(after, movable, np.flatnonzero(movable.standing >= 0), policy)
    counted = policy.for_repair(0)
    listed = shortlist(Sieve(world.snapshot, counted), world.requests, the_cheapest(ALL))
    return Network.of(world, listed, counted)


def test_who_must_be_placed_displaces_whom_it_takes() -> None:
    """Without a seat for being left, both others move; with one, nobody does."""
    mine = network()
    classes = mine.num_classes
    placed, left = (mine.best((count,) * classes, displaced_first=True) for count in (0, 1))
    assert placed is not None
    assert left is not None
    assert (mine.displaced(placed), sum(mine.unplaced(placed))) == (2, 0)
    assert (mine.displaced(left), sum(mine.unplaced(left))) == (0, 1)


def test_best_first_places_and_then_spares() -> None:
    """Where any number may be displaced, nobody is left; where sparing comes first, Ann is."""
    mine = network()
    placed, spared = mine.best(), mine.best(displaced_first=True)
    assert placed is not None
    assert spared is not None
    assert sum(mine.unplaced(placed)) == 0
    assert (mine.displaced(spared), sum(mine.unplaced(spared))) == (0, 1)
    assert mine.values(placed).tolist() == mine.cost[:, placed].sum(axis=1).tolist()
