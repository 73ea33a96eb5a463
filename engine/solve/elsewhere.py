"""Work sent where no memory is shared: it hears nothing, so its time is shared out beforehand."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from concurrent.futures import Future, as_completed
from contextlib import suppress
from typing import TypeVar

from engine.solve.limits import Cancel

T = TypeVar("T")

_POLL_SECONDS = 0.1


def even_share(weight: float, weights: Sequence[float], at_a_time: int) -> float:
    """Part of the time that is left, for one of several pieces of work.

    Where there are more pieces than run side by side, m, each gets m w / (W + (m - 1) max w), W
    being the sum of all weights w: in whatever order they are begun, all end in time (R. L.
    Graham, Bounds for certain multiprocessing anomalies, 1966).

    Parameters
    ----------
    weight, weights
        Of the piece, and of all.
    at_a_time
        How many run side by side.
    """
    if len(weights) <= at_a_time:
        return 1.0
    return at_a_time * weight / (sum(weights) + (at_a_time - 1) * max(weights))


def ended(futures: Collection[Future[T]], cancel: Cancel | None) -> Iterator[Future[T]]:
    """Futures as they end.

    Parameters
    ----------
    cancel
        When the caller asks to stop, those that have not ended are given up; ``None``: they hear
        that by themselves, and are waited for.
    """
    if cancel is None:
        yield from as_completed(futures)
        return
    waiting = set(futures)
    while waiting and not cancel.is_set():
        with suppress(TimeoutError):
            for future in as_completed(waiting, _POLL_SECONDS):
                waiting.discard(future)
                yield future
    for future in waiting:
        future.cancel()
