"""Stands for the library ``distributed``: a client at an address, and whatever executor."""

from __future__ import annotations

import sys
from collections.abc import Callable
from concurrent.futures import Executor, Future
from types import ModuleType
from typing import Any, Self

import pytest


class KilledWorker(Exception):  # noqa: N818  its name
    """A task was at every worker that died, three times over."""


def install(
    monkeypatch: pytest.MonkeyPatch,
    executor: Executor,
    run: Callable[..., Any] = lambda work, *args: work(*args),
) -> list[str]:
    """Put the library in place.

    Parameters
    ----------
    executor
        What a client gives; it is not ended with the client.
    run
        What a worker does that is asked by ``Client.run``.

    Returns
    -------
    list
        Addresses that were joined, as they are.
    """
    joined: list[str] = []

    class Client:
        """Joins a cluster."""

        def __init__(self, address: str, *, set_as_default: bool) -> None:
            assert not set_as_default
            if not address.startswith("tcp://"):
                raise ValueError(f"unknown address scheme of {address}")
            if address.endswith(":1"):
                raise OSError("Timed out trying to connect")
            joined.append(address)

        def __enter__(self) -> Self:
            return self

        def __exit__(self, *_: object) -> None:
            """Leave it."""

        def run(self, work: Callable[..., Any], *args: Any) -> dict[str, Any]:
            """What every worker answers."""
            return {name: run(work, *args) for name in ("tcp://one", "tcp://two")}

        def nthreads(self) -> dict[str, int]:
            """Threads by worker."""
            return {"tcp://one": 1, "tcp://two": 1}

        def get_executor(self, *, pure: bool) -> Executor:
            """Where tasks go."""
            assert not pure
            return executor

    module = ModuleType("distributed")
    module.__dict__.update(Client=Client, KilledWorker=KilledWorker)
    monkeypatch.setitem(sys.modules, "distributed", module)
    return joined


class Failing(Executor):
    """Fails a few times, then does what it is given, here and now.

    Parameters
    ----------
    errors
        With which it fails, one by one; ``None``: it does not.
    """

    def __init__(self, *errors: BaseException | None) -> None:
        self._errors = list(errors)

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Do it, or fail."""
        future: Future[Any] = Future()
        error = self._errors.pop(0) if self._errors else None
        if error is not None:
            future.set_exception(error)
        else:
            future.set_result(fn(*args, **kwargs))
        return future
