"""Exceptions to exit codes, at the very edge."""

from __future__ import annotations

import traceback
from concurrent.futures import BrokenExecutor

from api.cli import exit_codes
from api.cli.console import notes, print_error, print_problems
from api.store.errors import DatabaseError
from engine.errors import InvalidInputError

_LOST = (
    "processes that did the work died again and again. Maybe they had too little memory. Runs that "
    "were done are kept: the same command goes on from there"
)


def report_failure(error: Exception) -> int:
    """Print what went wrong on stderr and name the exit code."""
    if isinstance(error, InvalidInputError):
        print_problems(error.problems, error.counts)
        return exit_codes.BAD_INPUT
    if isinstance(error, OSError):
        said = f"{error.strerror or error}"
        if error.filename is None:
            print_error("system_error", said)
        else:
            print_error("bad_path", f"{error.filename}: {said}")
        return exit_codes.BAD_INPUT
    if isinstance(error, DatabaseError):
        print_error(error.code, f"{error}; nothing was changed")
        return exit_codes.BAD_INPUT
    if isinstance(error, BrokenExecutor):
        print_error("lost_processes", _LOST)
        return exit_codes.INTERNAL
    notes.print("[red]internal error[/]: please report it with what follows")
    notes.print("".join(traceback.format_exception(error)), markup=False)
    return exit_codes.INTERNAL
