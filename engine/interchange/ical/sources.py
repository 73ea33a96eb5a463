"""Which file is the calendar of which role."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, unquote
from zoneinfo import ZoneInfo

from engine.domain import Dataset, Role
from engine.problems import Advice, Report

SUFFIX = ".ics"

_LONGEST_LABEL = 60


@dataclass(frozen=True, slots=True)
class Source:
    """A calendar of a role.

    Parameters
    ----------
    role, clock
        Whose, and the clock where the role is.
    file, label
        Where it stands, and what it is called in messages, where every file has its own name.
    """

    role: Role
    clock: ZoneInfo
    file: Path
    label: str


def file_name(role_id: str) -> str:
    """Name of the file for the calendar of a role."""
    return quote(role_id, safe="") + SUFFIX


class Sources:
    """Finds the calendars that a caller names.

    Parameters
    ----------
    base
        Has the roles.
    findings
        Where it is said what is not there.

    Attributes
    ----------
    num_missing
        What was asked for by name and is not there; a file of a folder was not.
    """

    def __init__(self, base: Dataset, findings: Report) -> None:
        self._roles = {role.id: role for role in base.roles}
        self._zones = {place.id: place.time_zone for place in base.locations}
        self._default = base.header.time_zone
        self._findings = findings
        self._advice = Advice()
        self._labels: set[str] = set()
        self.num_missing = 0

    def all(self, calendars: Sequence[str]) -> Iterator[Source]:
        """The calendars of every argument: a folder, a file, or ``ROLE=FILE``."""
        for text in calendars:
            path = Path(text)
            before = self._findings.num_errors
            if "\0" in text:
                self._findings.error("not_found", "calendar", "there is no such file", text)
            elif path.is_dir():
                yield from self._in_folder(path)
                continue
            elif path.exists() or "=" not in text:
                yield from self._of(self._stem(path), path, "the file is named after no role")
            else:
                role_id, file = self._split(text)
                yield from self._of(role_id, file, "there is no role with this id")
            self.num_missing += self._findings.num_errors > before

    def _in_folder(self, folder: Path) -> Iterator[Source]:
        files = sorted(file for file in folder.iterdir() if file.is_file())
        is_calendar = [file.name.lower().removesuffix(".gz").endswith(SUFFIX) for file in files]
        for file, is_one in zip(files, is_calendar, strict=True):
            if is_one:
                yield from self._of(self._stem(file), file, "the file is named after no role")
            else:
                message = "is no .ics and no .ics.gz: it is not read"
                self._findings.warn("unknown_file", self._label(file), message)
        if not any(is_calendar):
            self._findings.error("not_found", str(folder), "the folder holds no calendar")
            self.num_missing += 1

    def _of(self, role_id: str, file: Path, lacking: str) -> Iterator[Source]:
        role, label = self._roles.get(role_id), self._label(file)
        if not file.is_file():
            self._findings.error("not_found", label, "there is no such file", str(file))
        if role is None:
            message = f"{lacking}. {self._advice.one_of(self._roles, role_id)}"
            self._findings.error("dangling_reference", label, message, role_id)
        elif file.is_file():
            place = self._zones.get(role.location_id or "")
            clock = ZoneInfo(place or role.time_zone or self._default)
            yield Source(role, clock, file, label)

    def _split(self, text: str) -> tuple[str, Path]:
        """Role and file; of several ways to read it, the first that names a role."""
        parts = text.split("=")
        ways = [("=".join(parts[:n]), "=".join(parts[n:])) for n in range(1, len(parts))]
        role_id, file = next((way for way in ways if way[0] in self._roles), ways[0])
        return role_id, Path(file)

    def _stem(self, file: Path) -> str:
        """The id of a role that the name of a file stands for."""
        name = file.name[:-3] if file.name.lower().endswith(".gz") else file.name
        return unquote(name[: -len(SUFFIX)] if name.lower().endswith(SUFFIX) else name)

    def _label(self, file: Path) -> str:
        """A short, printable name that no other file has."""
        name = quote(file.name, safe=" !#$&'()+,;=@[]{}~")[:_LONGEST_LABEL] or "calendar"
        label, number = name, 1
        while label in self._labels:
            number += 1
            label = f"{name}~{number}"
        self._labels.add(label)
        return label
