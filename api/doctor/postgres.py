"""A store in a PostgreSQL database."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import URL, Connection, text
from sqlalchemy.exc import DBAPIError

from api.doctor import common
from api.doctor.finding import Finding, Severity, unless
from api.store.looking import looking_at_server

_OLDEST = 140_000
_CONNECTIONS = 16
"""What one process of the service may have."""
_CLOCK = text("SELECT extract(epoch FROM clock_timestamp())")
_SET = "SELECT name, setting FROM pg_settings"
_LOST = "what it acknowledges could be lost: the service refuses such a server"
_NAMED = "its log may name patients"

_WANTED: tuple[tuple[str, str, Severity, str], ...] = (
    ("fsync", "on", "error", _LOST),
    ("full_page_writes", "on", "error", _LOST),
    ("log_error_verbosity", "terse", "warning", f"set it to terse: {_NAMED}"),
    ("log_parameter_max_length_on_error", "0", "warning", f"set it to 0: {_NAMED}"),
)
"""Settings, what they are to be, how bad another value is, and why."""


def examine(url: URL) -> Iterator[Finding]:
    """What there is to find, in the order in which it matters."""
    try:
        with looking_at_server(url) as connection:
            yield from _server(connection)
            yield common.clock(connection, _CLOCK)
            yield _size(connection)
            revision = common.schema(connection)
            yield revision
            if revision.severity == "ok":
                yield from common.content(connection, _damages(connection))
    except ModuleNotFoundError:
        advice = "pip install 'slotmatch[postgres]'"
        yield Finding("driver", "error", "the extra postgres is not installed", advice)
    except DBAPIError as error:
        state = getattr(error.orig, "sqlstate", None) or type(error.orig).__name__
        where = url.render_as_string(hide_password=True)
        advice = "start it; see to its address, and to the rights of its user"
        yield Finding("connection", "error", f"{where} cannot be used ({state})", advice)


def _server(connection: Connection) -> Iterator[Finding]:
    settings = {row.name: row.setting for row in connection.exec_driver_sql(_SET)}
    is_new = int(settings["server_version_num"]) >= _OLDEST
    found = f"PostgreSQL {settings['server_version']}"
    yield unless(is_new, "error", "version", found, "take 14 or newer")
    for name, wanted, severity, advice in _WANTED:
        value = settings.get(name, "absent")
        yield unless(value == wanted, severity, name, value, advice)
    commit = settings["synchronous_commit"]
    yield unless(commit != "off", "error", "synchronous_commit", commit, _LOST)
    yield _statements(settings)
    wait = int(settings["deadlock_timeout"])
    yield unless(
        wait <= 1_000, "warning", "deadlock_timeout", f"{wait} ms",
        "set it to 1 s or less: so long do those wait who are in each other's way",
    )  # fmt: skip
    left = int(settings["max_connections"]) - int(settings["superuser_reserved_connections"])
    yield unless(
        left >= 2 * _CONNECTIONS, "warning", "connections", f"{left} for everybody",
        f"a process of the service may have {_CONNECTIONS}: allow more (max_connections)",
    )  # fmt: skip


def _statements(settings: dict[str, str]) -> Finding:
    """Whether statements are logged with what they are about."""
    logs = settings["log_statement"] in ("mod", "all")
    logs |= int(settings["log_min_duration_statement"]) >= 0
    logs |= int(settings.get("log_min_duration_sample", "-1")) >= 0
    cut = settings.get("log_parameter_max_length", "-1")
    found = f"{'some are' if logs else 'none is'} logged, parameters {cut}"
    advice = f"set log_parameter_max_length to 0, or log no statements: {_NAMED}"
    return unless(not logs or cut == "0", "warning", "log_statement", found, advice)


def _size(connection: Connection) -> Finding:
    """Its size: how much room there is beside it, only its own machine can tell."""
    query = "SELECT pg_database_size(current_database())"
    size = int(connection.exec_driver_sql(query).scalar_one())
    return Finding("disk", "ok", f"{-(-size >> 20):,} MiB; what is free, its machine knows")


def _damages(connection: Connection) -> list[str]:
    """Constraints that were never validated; PostgreSQL looks after its pages itself."""
    query = "SELECT conname FROM pg_constraint WHERE NOT convalidated"
    return [f"{name} is not valid" for name in connection.exec_driver_sql(query).scalars()]
