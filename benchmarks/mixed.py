"""Worlds in which a few requests are bound by more than the room of cells.

One request in twenty: a third of those are for visits that every role sees once a day, a third for
visits that need the one room of their kind at a place, and a third go in pairs, on one day or not
at all.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from engine.domain import DailyCap, Dataset, Link, Request, Resource, Role, VisitType

ONE_IN = 20
"""So many requests for each that is bound."""

ROOM = "procedure-room"

CAPPED, IN_ROOM = "-capped", "-in-room"


def with_bound_requests(dataset: Dataset, seed: int) -> Dataset:
    """The dataset with caps, rooms and links on some of its requests.

    Parameters
    ----------
    seed
        Of the choice of requests.
    """
    number = len(dataset.requests)
    dice = np.random.Generator(np.random.PCG64([seed, ONE_IN]))
    some = np.sort(dice.permutation(number)[: number // ONE_IN])
    capped, roomed, linked = (set(some[first::3].tolist()) for first in range(3))
    requests = tuple(
        _renamed(request, CAPPED if index in capped else IN_ROOM if index in roomed else "")
        for index, request in enumerate(dataset.requests)
    )
    used = {request.visit_type_id for request in requests}
    types = [kind for one in dataset.visit_types for kind in _variants(one) if kind.id in used]
    own = {kind.id for kind in dataset.visit_types}
    caps = tuple(
        DailyCap(limit=1, visit_type_id=kind.id) for kind in types if kind.id.endswith(CAPPED)
    )
    return replace(
        dataset,
        requests=requests,
        visit_types=(*dataset.visit_types, *(kind for kind in types if kind.id not in own)),
        roles=tuple(_capped(role, caps) for role in dataset.roles),
        resources=tuple(
            Resource(id=f"room-{place.id}", location_id=place.id, kind=ROOM)
            for place in dataset.locations
        ),
        links=_pairs([requests[index] for index in sorted(linked)]),
    )


def _renamed(request: Request, ending: str) -> Request:
    return replace(request, visit_type_id=request.visit_type_id + ending)


def _variants(kind: VisitType) -> tuple[VisitType, ...]:
    """A type of visit, once as it is, once to be capped, and once in a room."""
    return (
        kind,
        replace(kind, id=kind.id + CAPPED),
        replace(kind, id=kind.id + IN_ROOM, resources=(ROOM,)),
    )


def _capped(role: Role, caps: tuple[DailyCap, ...]) -> Role:
    """A role with the caps, and with its own lengths of the variants of visits, too."""
    lengths = tuple(
        replace(own, visit_type_id=own.visit_type_id + ending)
        for own in role.visit_minutes
        for ending in ("", CAPPED, IN_ROOM)
    )
    return replace(role, daily_caps=(*role.daily_caps, *caps), visit_minutes=lengths)


def _pairs(requests: list[Request]) -> tuple[Link, ...]:
    """Links of two requests for the same specialty each, in the order of the dataset."""
    waiting: dict[str | None, Request] = {}
    links = []
    for request in requests:
        first = waiting.pop(request.specialty, None)
        if first is None:
            waiting[request.specialty] = request
        else:
            together = (first.id, request.id)
            links.append(
                Link(id=f"link-{first.id}", request_ids=together, all_or_none=True, same_day=True)
            )
    return tuple(links)
