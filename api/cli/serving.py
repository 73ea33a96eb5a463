"""``slotmatch serve``."""

from __future__ import annotations

import os
import signal
from collections.abc import Mapping
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
from api.configuration import Configured, configured
from api.http import logs
from api.http.app import create_app
from api.http.live.service import LiveSettings
from api.store.database import Database
from api.store.keys import Keys
from engine.domain import Dataset
from engine.domain.fields import Instant
from engine.errors import InvalidInputError
from engine.interchange.dataset import read_dataset
from engine.interchange.validation import adapter
from engine.problems import Problem, shown

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
    values = settings.values
    _require_one_world(values)
    host, is_open = values["host"], values["without_keys"]
    if values["store"] is None:
        keys = _keys(host, None, without_keys=is_open)
        held = None if values["dataset"] is None else _held(values["dataset"])
        return _serve(settings, held=held, keys=keys)
    limits = LiveSettings(as_of=None if values["as_of"] is None else _instant(values["as_of"]))
    with opened(values["store"], load_policy(values["policy"])) as found:
        keys = _keys(host, found.database, without_keys=is_open)
        notes.print(f"serving the store {found.database.where}", markup=False)
        return _serve(settings, keys=keys, store=found, live_settings=limits)


def _require_one_world(values: Mapping[str, Any]) -> None:
    """Whether it is a store or a dataset, and nothing is said of what there is not.

    Raises
    ------
    InvalidInputError
        It is both, or options of a store are without one.
    """
    if values["store"] is not None and values["dataset"] is not None:
        message = "a dataset to hold and a store exclude each other"
        raise InvalidInputError([Problem("needless_field", "dataset", message)])
    for name in ("policy", "as_of"):
        if values["store"] is None and values[name] is not None:
            message = "it is of a store, and --store URL is missing"
            raise InvalidInputError([Problem("needless_field", name, message)])


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


def _serve(settings: Configured, **more: Any) -> int:
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # processes share the cores already
    logs.configure()
    app = create_app(settings.service, **more)
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
