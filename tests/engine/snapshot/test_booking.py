"""Appointments entered into a snapshot are what they would be in its dataset."""

from __future__ import annotations

from dataclasses import fields

import numpy as np
from hypothesis import given
from worlds import tiny_worlds

from engine.domain import Dataset
from engine.eligible import eligible_candidates
from engine.interchange.booked import booked
from engine.plan import PLACED, Plan
from engine.policy import Policy
from engine.snapshot import Published, take_snapshot, with_appointments


@given(tiny_worlds(max_requests=5))
def test_places_of_a_plan_become_appointments(dataset: Dataset) -> None:
    """Entered into the arrays, or into the dataset and frozen anew: the same."""
    snapshot = take_snapshot(dataset)
    requests = np.flatnonzero(snapshot.is_open)
    found = eligible_candidates(snapshot, Policy.default(), requests)
    request, first = np.unique(found.request, return_index=True)
    places, plan = found.where(first), Plan.empty(snapshot)
    plan.state[request], plan.role[request] = PLACED, places.role
    plan.session[request] = places.session
    plan.start[request], plan.end[request] = places.start, places.end
    anew = take_snapshot(booked(dataset, snapshot, plan))
    ids = anew.published.ids[len(snapshot.published.ids) :]
    told = places.role, places.session, places.start, places.end
    entered = with_appointments(snapshot, ids, request, *told)
    assert entered.used.tolist() == anew.used.tolist()
    for field in fields(Published):
        mine, theirs = (getattr(row.published, field.name) for row in (entered, anew))
        assert list(mine) == list(theirs), field.name
