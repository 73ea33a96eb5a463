"""``slotmatch`` commands of documents, run in this process: its modules are there already."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path

import pytest

from api.cli.console import data, notes
from api.cli.main import main


@dataclass(frozen=True)
class Ended:
    """How something that was run has ended, and what it wrote."""

    code: int | str | None
    stdout: str
    stderr: str


def run_command(words: list[str], folder: Path, width: int | None = None) -> Ended:
    """Run a ``slotmatch`` command in a folder, as a process of its own would.

    Consoles are there already, as wide as the terminal of this process: a width that decides what
    is shown has to be given.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "argv", ["slotmatch", *words])
        if width is not None:
            patch.setattr(data, "width", width)
            patch.setattr(notes, "width", width)
        return _run(main, folder)


def run_python(text: str, folder: Path) -> Ended:
    """Run a program in a folder; it ends with the exception that it raises, if any."""
    program = compile(text, "<document>", "exec")
    return _run(lambda: exec(program, {"__name__": "__main__"}), folder)  # noqa: S102 our own


def _run(work: Callable[[], None], folder: Path) -> Ended:
    out, err = (io.TextIOWrapper(io.BytesIO(), "utf-8", write_through=True) for _ in range(2))
    code: int | str | None = 0
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(err):
        patch.chdir(folder)
        try:
            work()
        except SystemExit as ended:
            code = ended.code or 0
    return Ended(code, *(stream.buffer.getvalue().decode() for stream in (out, err)))
