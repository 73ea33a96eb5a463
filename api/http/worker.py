"""One solver process, and the wire to it."""

from __future__ import annotations

import os
import pickle
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext
from typing import Any

from api.http.solving import Outcome, Task, prepare_process, run_task

_OUT_OF_MEMORY = 70


class DiedError(Exception):
    """The process ended before it answered."""


class Worker:
    """A process with a wire of its own: whatever becomes of it, no other is concerned.

    Parameters
    ----------
    context
        Of a fork server that has the engine loaded.
    max_bytes
        Address space that the process may take.
    held
        What it is to keep, pickled.
    """

    def __init__(self, context: ForkServerContext, max_bytes: int, held: bytes) -> None:
        self._wire, theirs = context.Pipe()
        with theirs:
            self._process = context.Process(
                target=_serve, args=(theirs, max_bytes, held), daemon=True
            )
            self._process.start()
        self.num_tasks = 0

    @property
    def pid(self) -> int:
        """Of the process."""
        return self._process.pid or 0

    @property
    def is_alive(self) -> bool:
        """Whether the process runs."""
        return self._process.is_alive()

    def ask(self, task: Task, folder: str) -> Outcome:
        """Have a task done, and wait for that.

        Raises
        ------
        DiedError
            The process ended meanwhile.
        """
        self.num_tasks += 1
        try:
            self._wire.send((task, folder))
            outcome: Outcome = self._wire.recv()
        except (EOFError, OSError) as error:
            raise DiedError from error
        return outcome

    def kill(self) -> None:
        """End the process, whatever it does; who waits for its answer hears that it died."""
        self._process.kill()

    def close(self) -> None:
        """Let go of a process that nobody asks any more."""
        self._process.kill()
        self._process.join()
        self._wire.close()


def _serve(wire: Connection[Any, Any], max_bytes: int, held: bytes) -> None:
    """Do tasks as long as there is somebody to ask."""
    prepare_process(max_bytes, pickle.loads(held))  # noqa: S301 our own bytes
    try:
        while True:
            wire.send(run_task(*wire.recv()))
    except MemoryError:
        os._exit(_OUT_OF_MEMORY)  # there may be no memory for anything else
    except (EOFError, OSError):
        return  # the service is gone
