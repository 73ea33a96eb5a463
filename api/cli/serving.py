"""``slotmatch serve``."""

from __future__ import annotations

import os
import signal
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import uvicorn

from api.cli import exit_codes
from api.cli.console import notes, print_problems
from api.cli.worlds import describe
from api.configuration import Configured, configured
from api.http import logs
from api.http.app import create_app
from api.store.database import Database
from api.store.keys import Keys
from api.store.opening import open_database
from engine.domain import Dataset
from engine.errors import InvalidInputError
from engine.interchange.dataset import read_dataset
from engine.problems import Problem

_LOOPBACK = ("127.0.0.1", "::1", "localhost")
_SHUTDOWN_SECONDS = 10  # for answers that are under way
_KEEP_ALIVE_SECONDS = 75  # longer than clients keep a connection: none is closed under a request


def run_serve(flags: Mapping[str, Any], file: Path | None) -> int:
    """Serve until interrupted.

    Parameters
    ----------
    flags, file
        As for ``configured``.
    """
    settings = configured(flags, file)
    dataset, store = settings.values["dataset"], settings.values["store"]
    held = None if dataset is None else _held(dataset)
    database = None if store is None else open_database(store)
    try:
        keys = _keys(
            settings.values["host"], database, without_keys=settings.values["without_keys"]
        )
        return _serve(settings, held, keys)
    finally:
        if database is not None:
            database.close()


def _keys(host: str, database: Database | None, *, without_keys: bool) -> Keys | None:
    """Keys that are asked for; none are where that was wished, or on loopback where there are none.

    Raises
    ------
    InvalidInputError
        Others reach it, and nobody could be told from them.
    """
    keys = None if database is None else Keys(database)
    if keys is not None and not without_keys and keys.all()[1]:
        notes.print("asking for keys")
        return keys
    if not without_keys and host not in _LOOPBACK:
        message = (
            "it listens beyond this machine, and there are no keys to ask for. Maybe slotmatch "
            "key create makes one in a store (--store), or --without-keys is meant"
        )
        raise InvalidInputError([Problem("no_keys", f"--host {host}", message)])
    notes.print(f"asking for no keys: whoever reaches {host} may use it", markup=False)
    return None


def _serve(settings: Configured, held: Dataset | None, keys: Keys | None) -> int:
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # processes share the cores already
    logs.configure()
    app = create_app(settings.service, held, keys)
    return _run(
        uvicorn.Config(
            app,
            host=settings.values["host"],
            port=settings.values["port"],
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
