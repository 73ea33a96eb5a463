"""Times in which nobody is there: sessions are cut, and who was to come asks again."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from engine.domain import Dataset
from engine.events.scene import Scene
from scenarios.changes.stretch import Stretch
from scenarios.situation import Situation


def without_times(situation: Situation, gaps: Mapping[str, Sequence[Stretch]]) -> Situation:
    """The situation with nobody there for some stretches of time, by the id of a role.

    What is lost is what an event of the same kind takes: whole cells of timed sessions, and a
    day session once nothing is left of it. Active appointments in it are dropped, so their
    requests are open again; blocks stay, and visits that are over.
    """
    scene = Scene(situation.dataset, situation.policy)
    grid = scene.before.grid
    for role_id, stretches in gaps.items():
        for start, end in stretches:
            gap = grid.minutes(start), grid.minutes(end)
            if gap[0] < gap[1]:
                scene.nobody_there([role_id], gap, 0)
    return replace(situation, dataset=asking_again(scene.dataset, scene.forced))


def roles_of(dataset: Dataset, who: str) -> list[str]:
    """Ids of the roles of a doctor or service."""
    return [row.id for row in dataset.roles if who in (row.doctor_id, row.service_id)]


def asking_again(dataset: Dataset, gone: Collection[str]) -> Dataset:
    """The dataset without some appointments: their requests are open again."""
    kept = tuple(row for row in dataset.appointments if row.id not in gone)
    return replace(dataset, appointments=kept)
