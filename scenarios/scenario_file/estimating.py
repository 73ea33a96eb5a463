"""What a rolling run leaves open of how days pass, estimated from its file of past appointments."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from engine.errors import InvalidInputError
from engine.problems import Problem, Report
from scenarios.rolling import Estimate, estimated

_FIELD = "estimated_from"
_PATH = f"/run/{_FIELD}"
_KEPT = 4
"""Files that a process remembers: every point of a sweep asks for the same ones again."""


@dataclass(frozen=True, slots=True)
class Estimated:
    """What a run took from past appointments.

    Parameters
    ----------
    file
        As the scenario names it.
    estimate
        All that the file says.
    fields
        What was taken of it: the rest is said by the scenario itself.
    """

    file: str
    estimate: Estimate
    fields: tuple[str, ...]


def with_estimates(run: Mapping[str, Any], folder: Path | None, report: Report) -> dict[str, Any]:
    """The fields of a rolling run, with estimates for those that are not given.

    Parameters
    ----------
    run
        Plain values.
    folder
        Where file names lead from; ``None``: it may name no files.
    report
        Where to say everything that is wrong with the file: at the field that names it, with
        the lines of both.
    """
    file = _named(run)
    if file is None:
        return dict(run)
    if folder is None:
        report.error("file_not_taken", _PATH, "no file can be named here", file)
        return dict(run)
    if not os.path.isfile(folder / file):  # noqa: PTH113 - of a long name, too
        report.error("not_found", _PATH, f"no such file in {folder}", file)
        return dict(run)
    estimate, problems = _estimate(folder / file, (folder / file).stat().st_mtime_ns)
    for problem in problems:
        message = f"{problem.path}: {problem.message}"
        report.add(Problem(problem.code, _PATH, message, problem.value))
    return {**({} if estimate is None else estimate.beside(run)), **run}


def estimated_of(run: Any, folder: Path | None) -> Estimated | None:
    """What a run that can be used took from past appointments; ``None``: it names no file."""
    file = _named(run) if isinstance(run, Mapping) else None
    if file is None or folder is None:
        return None
    estimate, _ = _estimate(folder / file, (folder / file).stat().st_mtime_ns)
    if estimate is None:  # nobody can have read the run
        return None
    return Estimated(file, estimate, tuple(estimate.beside(run)))


def _named(run: Mapping[str, Any]) -> str | None:
    """The file, where the run is of the kind that has one; what is no text is told elsewhere."""
    file = run.get(_FIELD)
    return file if run.get("kind") == "rolling" and isinstance(file, str) else None


@lru_cache(_KEPT)
def _estimate(file: Path, _changed: int) -> tuple[Estimate | None, tuple[Problem, ...]]:
    """What a file says, or what is wrong with it."""
    try:
        return estimated(file), ()
    except InvalidInputError as error:
        return None, tuple(error.problems)
