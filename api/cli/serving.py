"""``slotmatch serve``."""

from __future__ import annotations

import os
import signal
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import uvicorn
from pydantic import ValidationError

from api.cli import exit_codes
from api.cli.console import notes, print_problems
from api.cli.inputs import load_policy
from api.cli.storing import opened
from api.cli.worlds import describe
from api.http import logs
from api.http.app import create_app
from api.http.live.service import LiveSettings
from api.http.settings import Settings
from engine.domain import Dataset
from engine.domain.fields import Instant
from engine.errors import InvalidInputError
from engine.interchange.dataset import read_dataset
from engine.interchange.validation import adapter
from engine.problems import Problem, shown
from engine.solve.limits import default_workers

_LOOPBACK = ("127.0.0.1", "::1", "localhost")
_SHUTDOWN_SECONDS = 10  # for answers that are under way
_KEEP_ALIVE_SECONDS = 75  # longer than clients keep a connection: none is closed under a request


@dataclass(frozen=True, slots=True)
class StoreOptions:
    """What the live service is started with.

    Parameters
    ----------
    url
        Of the store.
    policy
        A policy; ``None``: the default one.
    as_of
        When its world is; ``None``: now.
    """

    url: str
    policy: Path | None
    as_of: str | None


def run_serve(
    host: str, port: int, workers: int | None, dataset: Path | None, store: StoreOptions | None
) -> int:
    """Serve until interrupted."""
    if store is None:
        held = None if dataset is None else _held(dataset)
        return _serve(host, port, workers, held=held)
    limits = LiveSettings(as_of=None if store.as_of is None else _instant(store.as_of))
    with opened(store.url, load_policy(store.policy)) as found:
        notes.print(f"serving the store {found.database.where}", markup=False)
        return _serve(host, port, workers, store=found, live_settings=limits)


def _serve(host: str, port: int, workers: int | None, **more: Any) -> int:
    if host not in _LOOPBACK:
        notes.print(f"listening on {host}: whoever reaches it may use it", markup=False)
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # processes share the cores already
    logs.configure()
    app = create_app(Settings(workers=workers or default_workers()), **more)
    return _run(
        uvicorn.Config(
            app,
            host=host,
            port=port,
            http="h11",  # of what may be installed, the one that bounds heads
            ws="none",  # others log the address of whoever asks for a WebSocket
            log_config=None,
            access_log=False,  # addresses can hold anything; the application logs its own
            timeout_graceful_shutdown=_SHUTDOWN_SECONDS,
            timeout_keep_alive=_KEEP_ALIVE_SECONDS,
        )
    )


def _run(config: uvicorn.Config) -> int:
    """Run a server until it is told to end."""
    server = uvicorn.Server(config)
    for number in (signal.SIGINT, signal.SIGTERM):
        # when it has ended well, it raises the signal once more for whoever was there before
        signal.signal(number, server.handle_exit)
    try:
        server.run()
    except SystemExit:  # it cannot listen there, and has logged why
        return exit_codes.BAD_INPUT
    return exit_codes.OK if server.started else exit_codes.INTERNAL


def _held(path: Path) -> Dataset:
    """The dataset to hold."""
    dataset, report = read_dataset(path)
    print_problems(report.problems, report.counts)
    notes.print(f"holding {path}: {describe(dataset)}", markup=False)
    return dataset


def _instant(text: str) -> datetime:
    """An instant that was asked for."""
    try:
        found: datetime = adapter(Instant).validate_python(text)
    except ValidationError as error:
        message = "an instant is written like 2026-03-02T08:00:00-05:00, with its offset"
        raise InvalidInputError(
            [Problem("bad_instant", "--as-of", message, shown(text))]
        ) from error
    return found
