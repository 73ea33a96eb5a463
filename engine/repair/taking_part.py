"""Who may take part in a repair, of all who could be told another place."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from engine.arrays import NONE, Int
from engine.policy import Policy
from engine.repair.movable import Movable
from engine.repair.reach import Reach
from engine.repair.world import World, in_old_violations
from engine.snapshot import BYSTANDER, CONTESTED, FORCED, Snapshot


def in_reach(after: Snapshot, movable: Movable, policy: Policy, depth: int) -> Int:
    """Bystanders who could be in the way within so many steps; int64 indices, ascending."""
    must, contested = movable.of_standing(FORCED), movable.of_standing(CONTESTED)
    request = after.published.request
    reach = Reach(after, policy, movable.of_standing(BYSTANDER))
    return reach.within(
        np.sort(request[np.union1d(must, contested)]), depth, np.sort(request[contested])
    )


def within_depth(after: Snapshot, movable: Movable, policy: Policy, depth: int | None) -> Movable:
    """Bystanders who are further than so many steps stay."""
    if depth is None:
        return movable
    near = in_reach(after, movable, policy, depth)
    return _staying(movable, np.setdiff1d(movable.of_standing(BYSTANDER), near))


def _staying(movable: Movable, appointments: Int) -> Movable:
    """The same where some stay."""
    standing = movable.standing.copy()
    standing[appointments] = NONE
    return replace(movable, standing=standing)


def without_old_violations(
    after: Snapshot, movable: Movable, policy: Policy
) -> tuple[World, Movable]:
    """Bystanders who are part of what was broken before stay as they are."""
    while True:
        everybody = np.flatnonzero(movable.standing >= FORCED)
        world = World.of(after, movable, everybody, policy)
        stays = in_old_violations(world, policy)
        if not len(stays):
            return world, movable
        movable = _staying(movable, stays)
