"""What the service and a solver process tell each other while a solve runs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

_STOP = "stop"
_TOLD = "told.json"


class Channel:
    """A folder of two small files: a wish to stop, and the newest news of the solve.

    Files outlive a process that is killed, and need nothing that a fork server would have to
    hand on. They hold numbers and names of levels, never what a dataset says.

    Parameters
    ----------
    folder
        Made by the service, removed when the solve is over.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._news: dict[str, Any] = {}

    @property
    def folder(self) -> Path:
        """Where the files are."""
        return self._folder

    def ask_to_stop(self) -> None:
        """Wish for the best plan so far."""
        (self._folder / _STOP).touch()

    def is_asked_to_stop(self) -> bool:
        """Whether somebody wished it."""
        return (self._folder / _STOP).exists()

    def tell(self, **news: Any) -> None:
        """Replace some of what is told; a reader sees all of it or what was before."""
        self._news |= news
        draft = self._folder / f".{_TOLD}"
        draft.write_text(json.dumps(self._news))
        draft.replace(self._folder / _TOLD)

    def told(self) -> dict[str, Any]:
        """What was told last; nothing before the first word."""
        try:
            content: dict[str, Any] = json.loads((self._folder / _TOLD).read_bytes())
        except FileNotFoundError:
            return {}
        return content
