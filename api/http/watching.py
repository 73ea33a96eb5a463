"""A solve watched from inside its process: it hears wishes to stop, and tells how far it is."""

from __future__ import annotations

import multiprocessing
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from api.http.channel import Channel
from engine.solve.limits import Cancel
from engine.solve.progress import Progress

_POLL_SECONDS = 0.1


class Watch:
    """Carries news and wishes between a solve and its channel.

    Parameters
    ----------
    channel
        To the service.
    levels
        Names of the policy's levels.
    seconds
        After so long, by a clock that nobody sets, the solve is asked to stop.
    """

    def __init__(self, channel: Channel, levels: Sequence[str], seconds: float) -> None:
        self.cancel = Cancel()
        self._channel = channel
        self._levels = levels
        self._deadline = time.monotonic() + seconds
        self._progress: Progress | None = None
        self._over = threading.Event()

    def on_progress(self, progress: Progress) -> None:
        """Remember the newest state; called from the solver's threads."""
        self._progress = progress

    def run(self) -> None:
        """Pass on what there is until the solve is over."""
        shown = None
        while not self._over.wait(_POLL_SECONDS):
            if (
                time.monotonic() > self._deadline
                or self._channel.is_asked_to_stop()
                or not _has_parent()
            ):
                self.cancel.set()
            newest = self._progress
            if newest is not None and newest is not shown:
                shown = newest
                self._channel.tell(progress=progress_content(self._levels, newest))

    def end(self) -> None:
        """Stop passing on."""
        self._over.set()


@contextmanager
def watched(channel: Channel, levels: Sequence[str], seconds: float) -> Iterator[Watch]:
    """Watch the solve inside."""
    watch = Watch(channel, levels, seconds)
    thread = threading.Thread(target=watch.run, daemon=True)
    thread.start()
    try:
        yield watch
    finally:
        watch.end()
        thread.join()


def _has_parent() -> bool:
    """Whether there is a service to answer to; a process without one works for nobody."""
    parent = multiprocessing.parent_process()
    return parent is None or parent.is_alive()


def progress_content(levels: Sequence[str], progress: Progress) -> dict[str, Any]:
    """How far a solve is, as plain values."""
    rows = zip(levels, progress.values.tolist(), progress.bounds.tolist(), strict=True)
    return {
        "seconds": round(progress.seconds, 1),
        "components": progress.num_components,
        "components_proven": progress.num_proven,
        "levels": [{"name": name, "value": value, "bound": bound} for name, value, bound in rows],
    }
