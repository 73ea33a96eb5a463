"""Standard streams: any text can be written, and a stream that takes none ends no traceback."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from api.cli import exit_codes


def ready() -> None:
    """Let both streams escape what their encoding has not.

    Raises
    ------
    SystemExit
        Stdout is closed; it is said on stderr.
    """
    if sys.stderr is None:
        sys.stderr = Path(os.devnull).open("w")  # noqa: SIM115 it stands in for good
    if sys.stdout is None:
        sys.stderr.write("error standard output: it is closed\n")
        raise SystemExit(exit_codes.BAD_INPUT)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def takes_unicode(stream: TextIO) -> bool:
    """Whether every character can be written as it is."""
    return (stream.encoding or "").lower().startswith("utf")


@contextmanager
def output() -> Iterator[None]:
    """Write to stdout inside.

    Raises
    ------
    SystemExit
        Stdout cannot be written: nobody reads it any more, or, as is said on stderr, its
        device is full.
    """
    try:
        yield
    except OSError as error:
        silence(sys.stdout)
        if isinstance(error, BrokenPipeError):
            raise SystemExit(exit_codes.NOT_READ) from error
        with messages():
            sys.stderr.write(f"error standard output: {error.strerror or error}\n")
        raise SystemExit(exit_codes.BAD_INPUT) from error


@contextmanager
def messages() -> Iterator[None]:
    """Write to stderr inside; where it cannot be written, the work goes on in silence."""
    try:
        yield
    except OSError:
        silence(sys.stderr)


def silence(stream: TextIO) -> None:
    """Turn a stream to the null device, since Python tries once more to write when it ends."""
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, stream.fileno())
    os.close(null)
