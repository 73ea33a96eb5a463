"""Double bookings: appointments that collide, and which of them have to be settled together."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from engine.domain import Appointment, Dataset
from engine.events.findings import Cluster, Conflict
from engine.events.overfull import Stretch, Sweep
from engine.policy import Policy
from engine.snapshot import Snapshot, take_snapshot
from engine.time_grid import elapsed


def double_bookings(dataset: Dataset, policy: Policy) -> tuple[Cluster, ...]:
    """Find appointments that cannot all take place.

    They collide where their stretches overlap by a minute at least (what ends at 9:30 and what
    begins then do not), and

    - one session has fewer seats than there are visits, with the minutes before and after; or
      fewer seats in a day session, whatever the hour;
    - a doctor would be in two sessions, or in a session and outside of it (a service may be);
    - fewer rooms or devices of a kind are there than are needed;
    - a patient was told to be in two places.

    Only rules of the policy are asked. Who shares a cell without sharing a minute does not
    collide; neither does who lacks a seat, or a room, of which there is none at all: these are
    broken rules, and nobody's double booking.

    Parameters
    ----------
    dataset
        Without errors. Holds that are over count for nothing.

    Returns
    -------
    tuple of Cluster
        Each two members that collide are in one cluster, and so on from one to the next;
        in the order of the dataset. Blocks, holds, and what is pinned or over take part in
        collisions, and are in no cluster: where nothing else collides, there is none.
    """
    snapshot = take_snapshot(dataset)
    return clusters_of(snapshot, Sweep(snapshot, policy).stretches(), may_be_contested(dataset))


def may_be_contested(dataset: Dataset) -> frozenset[str]:
    """Ids of the appointments about which can be talked: of patients, to come, not pinned."""
    return frozenset(row.id for row in dataset.appointments if _may_move(row, dataset))


def _may_move(row: Appointment, dataset: Dataset) -> bool:
    if row.request_id is None or row.pinned or row.status == "held":
        return False
    return not is_over(row, dataset)


def is_over(row: Appointment, dataset: Dataset) -> bool:
    """Whether an appointment had ended when it was now."""
    return elapsed(row.end, dataset.header.as_of).total_seconds() >= 0


def clusters_of(
    snapshot: Snapshot, stretches: Sequence[Stretch], contestable: Collection[str]
) -> tuple[Cluster, ...]:
    """Put appointments that meet in a stretch into one cluster.

    What cannot be moved holds nobody together: two visits on one long block are two clusters.

    Parameters
    ----------
    snapshot
        In which the stretches were found.
    contestable
        Ids of the appointments that may be members.
    """
    order = {name: index for index, name in enumerate(snapshot.published.ids)}
    meeting = [[name for name in row.members if name in contestable] for row in stretches]
    names = sorted({name for group in meeting for name in group}, key=order.__getitem__)
    label = _labels(names, meeting)
    members: dict[int, list[str]] = {}
    for name in names:
        members.setdefault(label[name], []).append(name)
    found: dict[int, list[Stretch]] = {key: [] for key in members}
    for row, group in zip(stretches, meeting, strict=True):
        if group:
            found[label[group[0]]].append(row)
    return tuple(
        Cluster(tuple(ids), tuple(_conflicts(snapshot, found[key], order)))
        for key, ids in members.items()
    )


def _labels(names: list[str], meeting: Iterable[list[str]]) -> dict[str, int]:
    """Which component each name is in, where all names of a group are connected."""
    number = {name: index for index, name in enumerate(names)}
    ends = [(number[group[0]], number[name]) for group in meeting for name in group]
    one, other = np.array(ends, np.int64).reshape(-1, 2).T
    shape = (len(names), len(names))
    graph = coo_array((np.ones(len(one), np.int8), (one, other)), shape=shape)
    labels = connected_components(graph, directed=False)[1].tolist() if names else []
    return dict(zip(names, labels, strict=True))


def _conflicts(
    snapshot: Snapshot, stretches: Iterable[Stretch], order: dict[str, int]
) -> Iterable[Conflict]:
    """One conflict for each thing that a cluster's members lack, in the order of time."""
    of_owner: dict[tuple[str, str, str | None], list[Stretch]] = {}
    for row in sorted(stretches, key=lambda row: (row.start, row.owner[:2], row.end)):
        of_owner.setdefault(row.owner, []).append(row)
    for rows in of_owner.values():
        ids = sorted({name for row in rows for name in row.members}, key=order.__getitem__)
        zone = int(snapshot.roles.zone[snapshot.published.role[order[ids[0]]]])
        yield Conflict(
            kind=rows[0].kind,
            of=rows[0].of,
            location_id=rows[0].location_id,
            start=snapshot.grid.instant(rows[0].start, zone),
            end=snapshot.grid.instant(max(row.end for row in rows), zone),
            appointment_ids=tuple(ids),
        )
