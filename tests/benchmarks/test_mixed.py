"""Mixed worlds: the same as others, but for one request in twenty."""

from __future__ import annotations

import pytest

from benchmarks.instances import Instance
from benchmarks.mixed import ONE_IN, ROOM
from engine.checks import check_dataset
from engine.domain import Dataset

NAME = "mixed-tight-600x40x5-s3"


@pytest.fixture(scope="module")
def mixed() -> Dataset:
    """A mixed world."""
    return Instance.named(NAME).dataset


def test_a_mixed_world_is_a_valid_dataset_of_its_name(mixed: Dataset) -> None:
    """It passes every check, and its name says what it is."""
    assert check_dataset(mixed).problems == []
    assert Instance.named(NAME).name == NAME


def test_one_request_in_twenty_is_bound(mixed: Dataset) -> None:
    """As many have a capped visit as one in a room, and nearly as many are linked in pairs; the
    others are as in the world without.
    """
    plain = Instance(Instance.named(NAME).spec).dataset
    each = len(mixed.requests) // ONE_IN // 3
    kinds = {kind.id: kind for kind in mixed.visit_types}
    capped = {cap.visit_type_id for role in mixed.roles for cap in role.daily_caps}
    asked = [request.visit_type_id for request in mixed.requests]
    assert sum(name in capped for name in asked) == each
    assert sum(kinds[name].resources == (ROOM,) for name in asked) == each
    linked = [name for link in mixed.links for name in link.request_ids]
    assert each // 2 <= len(linked) == len(set(linked)) <= each
    changed = [a != b for a, b in zip(mixed.requests, plain.requests, strict=True)]
    assert sum(changed) == 2 * each


def test_linked_requests_ask_for_the_same_specialty(mixed: Dataset) -> None:
    """A pair is one that doctors of one field could see on one day."""
    specialty = {request.id: request.specialty for request in mixed.requests}
    assert mixed.links
    assert all(len({specialty[name] for name in link.request_ids}) == 1 for link in mixed.links)
