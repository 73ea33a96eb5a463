"""A function in a process of its own: bounded in time and memory, its death an answer.

Processes are spawned by one that stays small, since what Linux calls the peak memory of a
process is at least that of whoever started it (``ru_maxrss`` outlives fork and exec).
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import resource
import signal
import time
from collections.abc import Callable, Generator
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any

GIB = 1 << 30
_MIB = 1 << 20
_KIB = 1 << 10
_JOIN_SECONDS = 10.0

Say = Callable[[Any], None]
"""Sends a message to who started the process."""


class DiedError(RuntimeError):
    """The process did not say what it had to say; the message says why."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a process may use.

    Parameters
    ----------
    memory_gib
        Address space; ``None``: all there is.
    """

    memory_gib: float | None = None


class Process:
    """A running function; what it says is waited for with a limit."""

    def __init__(self, wire: Connection[Any, Any], process: Any) -> None:
        self._wire = wire
        self._process = process

    def hear(self, seconds: float) -> Any:
        """The next message.

        Raises
        ------
        DiedError
            It ended, failed, or said nothing for ``seconds``.
        """
        deadline = time.monotonic() + seconds
        if not self._wire.poll(max(0.0, deadline - time.monotonic())):
            raise DiedError(f"killed: no answer within {seconds:.0f} s")
        try:
            kind, content = self._wire.recv()
        except EOFError:
            self._process.join(_JOIN_SECONDS)
            raise DiedError(_death(self._process.exitcode)) from None
        if kind == "failed":
            raise DiedError(content)
        return content


@contextlib.contextmanager
def apart(
    function: Callable[..., None], *arguments: Any, bounds: Bounds | None = None
) -> Generator[Process]:
    """Run ``function(say, *arguments)`` in a process of its own; at the end it is gone."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(
        target=_run, args=(theirs, bounds or Bounds(), function, arguments), daemon=True
    )
    process.start()
    theirs.close()  # or its end would never be heard
    try:
        yield Process(ours, process)
    finally:
        process.kill()
        process.join(_JOIN_SECONDS)
        ours.close()


def peak_mib() -> float:
    """Most memory this process has held, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _KIB / _MIB


def _run(
    wire: Connection[Any, Any], bounds: Bounds, function: Callable[..., None], arguments: Any
) -> None:
    """In the process: every failure is told in words."""
    if bounds.memory_gib is not None:
        size = int(bounds.memory_gib * GIB)
        resource.setrlimit(resource.RLIMIT_AS, (size, size))
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # HiGHS greets on standard output
    try:
        function(lambda content: wire.send(("said", content)), *arguments)
    except MemoryError:
        wire.send(("failed", f"out of memory: more than {bounds.memory_gib} GiB"))
    except Exception as error:  # noqa: BLE001 whatever it is, the table says it
        wire.send(("failed", f"{type(error).__name__}: {error}"))


def _death(code: int | None) -> str:
    if code is not None and code < 0:
        return f"died of {signal.Signals(-code).name}"
    return f"ended with {code} without an answer"
