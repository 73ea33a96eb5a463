"""Work that is sent away: its time is shared out beforehand, and it may be given up."""

from __future__ import annotations

import heapq
import threading
from collections.abc import Callable
from concurrent.futures import Executor, Future
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.match import match
from engine.solve.elsewhere import ended, even_share
from engine.solve.limits import Cancel, Limits
from scenarios.world import WorldSpec, generate_world


@settings(max_examples=30)
@given(st.lists(st.floats(0.1, 1000), min_size=1, max_size=30), st.integers(1, 8))
def test_all_work_ends_in_time_in_whatever_order_it_is_begun(
    weights: list[float], at_a_time: int
) -> None:
    """Pieces are taken one after the other by whoever is free, and use all that they are given."""
    free = [0.0] * at_a_time
    for weight in weights:
        heapq.heappush(free, heapq.heappop(free) + even_share(weight, weights, at_a_time))
    assert max(free) <= 1 + 1e-9


def test_time_is_left_to_none_where_all_run_side_by_side() -> None:
    """Each has all of it; with one at a time, each has its part."""
    assert [even_share(weight, [1, 3], 2) for weight in (1, 3)] == [1, 1]
    assert [even_share(weight, [1, 3], 1) for weight in (1, 3)] == [0.25, 0.75]


def test_who_stops_does_not_wait_for_what_is_away() -> None:
    """What has ended is heard of, and the rest is given up."""
    cancel, done, never = Cancel(), Future[int](), Future[int]()
    done.set_result(1)
    futures = ended([done, never], cancel)
    assert next(futures) is done
    cancel.set()
    assert list(futures) == []
    assert never.cancelled()
    assert list(ended([done], None)) == [done]


class Silent(Executor):
    """Takes everything, and answers nothing."""

    def __init__(self, on_submit: Callable[[], None]) -> None:
        self._on_submit = on_submit

    def submit(self, _fn: Callable[..., Any], /, *_args: Any, **_kwargs: Any) -> Future[Any]:
        """Take it."""
        self._on_submit()
        return Future()


def test_a_match_that_is_stopped_has_the_plan_there_was() -> None:
    """Components are away for ever; the plan is verified, and says that it was stopped."""
    cancel = Cancel()
    executor = Silent(lambda: threading.Timer(0.2, cancel.set).start())
    dataset = generate_world(WorldSpec(requests=60, doctors=15, days=5, seed=4))
    found = match(dataset, limits=Limits(seconds=600, workers=1), executor=executor, cancel=cancel)
    assert found.certificate.stopped == "cancelled"
    assert found.certificate.levels
