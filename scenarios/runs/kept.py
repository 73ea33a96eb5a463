"""Outcomes in a folder, each in a file with the name of its key: what is done is not done again."""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from pathlib import Path

from engine.errors import ScenarioError
from scenarios.runs.outcome import Outcome, outcome_bytes, read_outcome

_SUFFIX = ".json"


class Kept:
    """Outcomes by key.

    Parameters
    ----------
    folder
        It is made when something is kept.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def get(self, key: str) -> Outcome | None:
        """The outcome of a task; ``None`` where there is none that can be used."""
        path = self._path(key)
        try:
            found = read_outcome(path.read_bytes(), path.name)
        except (OSError, ScenarioError):
            return None  # not there, or cut off: it is run again
        return found if found.key == key else None

    def keep(self, outcome: Outcome) -> None:
        """Write an outcome, whole or not at all, whoever else writes there.

        Raises
        ------
        OSError
            It cannot be written.
        """
        self._folder.mkdir(parents=True, exist_ok=True)
        path = self._path(outcome.key)
        draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
        try:
            with draft.open("xb") as stream:
                stream.write(outcome_bytes(outcome))
                stream.flush()
                os.fsync(stream.fileno())
            draft.replace(path)
        except BaseException:
            with suppress(OSError):
                draft.unlink()
            raise

    def _path(self, key: str) -> Path:
        return self._folder / f"{key}{_SUFFIX}"
