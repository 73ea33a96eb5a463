"""A Dask cluster as an executor, for runs and for the components of a match.

The only place that knows the library: it comes with the extra ``cluster``.
"""

from __future__ import annotations

import importlib
import logging
from collections.abc import Iterator
from concurrent.futures import BrokenExecutor, CancelledError, Executor
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

from engine.errors import ClusterError
from engine.problems import Report
from scenarios.runs.batch import Start

_PACKAGE = "slotmatch"


class LostWorkersError(BrokenExecutor):
    """Workers of a cluster died with what they were at, or their scheduler went away."""


@dataclass(frozen=True, slots=True)
class Cluster:
    """A cluster that answers.

    Parameters
    ----------
    executor
        Where work is sent. What is sent is pickled, and done by workers that have the same
        version of this package; files are read where they are.
    num_threads
        How much it does at a time, now.
    """

    executor: Executor
    num_threads: int


def on_cluster(address: str) -> Start:
    """The cluster at an address, joined anew where its workers died."""

    @contextmanager
    def start() -> Iterator[Executor]:
        with joined(address) as cluster:
            yield cluster.executor

    return start


@contextmanager
def joined(address: str) -> Iterator[Cluster]:
    """Join the cluster whose scheduler is at an address, such as ``tcp://host:8786``.

    The scheduler runs again by itself what a worker was at that died; what kills worker after
    worker it gives up.

    Raises
    ------
    ClusterError
        The library is not installed, nobody answers, or workers have another version.
    LostWorkersError
        From the block: work was given up, or the scheduler went away.
    """
    distributed = _library()
    with _without_traces(), _client(distributed, address) as client:
        _require_same_version(client, address)
        num_threads = max(1, sum(client.nthreads().values()))
        try:
            # not pure: Dask would otherwise take the hash of every argument, large as it may be
            yield Cluster(client.get_executor(pure=False), num_threads)
        except (distributed.KilledWorker, CancelledError) as error:
            raise LostWorkersError("workers of the cluster died") from error


def _library() -> Any:
    try:
        return importlib.import_module("distributed")
    except ImportError as error:
        message = "is not installed. Maybe: pip install 'slotmatch[cluster]'"
        raise _refused("missing_extra", "cluster", message, "distributed") from error


@contextmanager
def _without_traces() -> Iterator[None]:
    """Dask writes where in its code a scheduler went away; here that is told as an error."""
    logger = logging.getLogger("distributed.client")
    before = logger.level
    logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        logger.setLevel(before)


def _client(distributed: Any, address: str) -> AbstractContextManager[Any]:
    try:
        client: AbstractContextManager[Any] = distributed.Client(address, set_as_default=False)
    except (OSError, ValueError) as error:  # nobody answers in time; it is no address
        message = "no scheduler answers there. Maybe tcp://HOST:8786"
        raise _refused("no_cluster", "cluster", message, address) from error
    return client


def _require_same_version(client: Any, address: str) -> None:
    """Ask every worker that is there: others give other results, or none."""
    own = version(_PACKAGE)
    try:
        others = set(client.run(version, _PACKAGE).values()) - {own}
    except ImportError:
        others = {"none"}
    if others:
        message = f"has workers with {', '.join(sorted(others))} of {_PACKAGE}; here is {own}"
        raise _refused("other_version", "cluster", message, address)


def _refused(code: str, path: str, message: str, value: str) -> ClusterError:
    report = Report()
    report.error(code, path, message, value)
    return ClusterError.of(report)
