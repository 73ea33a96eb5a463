"""What the service and a solver process tell each other while a solve runs."""

from __future__ import annotations

import json
import os
from contextlib import suppress
from pathlib import Path
from typing import Any

_STOP = "stop"
_TOLD = "told.json"


class Channel:
    """A folder of two small files: a wish to stop, and the newest news of the solve.

    Files outlive a process that is killed, and need nothing that a fork server would have to
    hand on. They hold numbers and names of levels, never what a dataset says. Where they cannot
    be written, the disk is full or somebody removed the folder, the solve goes on without news.

    Parameters
    ----------
    folder
        Made by the service, removed when the solve is over.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._has_asked = False
        self._news: dict[str, Any] = {}

    @property
    def folder(self) -> Path:
        """Where the files are."""
        return self._folder

    def ask_to_stop(self) -> None:
        """Wish for the best plan so far."""
        self._has_asked = True  # who does not hear it is killed after a while
        with suppress(OSError):
            self._folder.mkdir(parents=True, exist_ok=True)
            (self._folder / _STOP).touch()

    def is_asked_to_stop(self) -> bool:
        """Whether somebody wished it."""
        return self._has_asked or os.path.exists(self._folder / _STOP)  # noqa: PTH110 never raises

    def tell(self, **news: Any) -> None:
        """Replace some of what is told; a reader sees all of it or what was before."""
        self._news |= news
        draft = self._folder / f".{_TOLD}"
        with suppress(OSError):
            draft.write_text(json.dumps(self._news))
            draft.replace(self._folder / _TOLD)

    def told(self) -> dict[str, Any]:
        """What was told last; nothing before the first word."""
        try:
            content: dict[str, Any] = json.loads((self._folder / _TOLD).read_bytes())
        except OSError:
            return {}
        return content
