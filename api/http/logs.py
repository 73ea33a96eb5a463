"""Logs as JSON lines: words and numbers of ours, nothing that a request says."""

from __future__ import annotations

import logging
import sys
from collections.abc import MutableMapping
from typing import Any, TextIO

import structlog

KNOWN = frozenset(
    {
        "at",
        "event",
        "fault",
        "kind",
        "level",
        "logger",
        "method",
        "no_candidate",
        "outcome",
        "placed",
        "request",
        "requests",
        "route",
        "seconds",
        "status",
        "stopped",
        "time",
    }
)
"""What may stand in a line; anything else is dropped, whoever logs it."""

_SPOKEN = ("uvicorn.error",)  # their own messages name addresses and states, never a request


def configure(stream: TextIO | None = None) -> None:
    """Write the logs of this process to a stream, by default stderr."""
    out = stream or sys.stderr
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True, key="time"),
            only_known,
            structlog.processors.JSONRenderer(),
        ],
        logger_factory=structlog.PrintLoggerFactory(out),
        cache_logger_on_first_use=False,
    )
    handler = Foreign()
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    for name in ("uvicorn", *_SPOKEN):
        logger = logging.getLogger(name)
        logger.handlers, logger.propagate = [handler], False
        logger.setLevel(logging.INFO)


def only_known(
    _logger: Any, _method: str, line: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """Drop what is not in ``KNOWN``."""
    return {key: value for key, value in line.items() if key in KNOWN}


class Foreign(logging.Handler):
    """Takes what libraries log; of most, that they did, since a message may hold anything."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write one line."""
        spoken = record.name in _SPOKEN and record.exc_info is None
        if spoken and "\n" in record.getMessage():
            spoken = False  # a trace as text, with that of its exception
        fault = record.exc_info[0] if record.exc_info else None
        more = {"fault": fault.__name__} if fault is not None else {}
        structlog.get_logger().log(
            record.levelno,
            record.getMessage() if spoken else "a library logged something",
            logger=record.name,
            at=f"{record.filename}:{record.lineno}",
            **more,
        )
