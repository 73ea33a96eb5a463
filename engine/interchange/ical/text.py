"""Bytes of a file to components with their properties: lines unfolded, nesting checked."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from io import BytesIO

from icalendar.parser import Contentline

from engine.interchange.ical.own import PREFIX
from engine.problems import Report

MAX_BYTES = 32 << 20
"""Most that is read of a calendar, unpacked."""

MAX_DEPTH = 8
"""Components inside components; the deepest of RFC 5545 and RFC 7953 is four."""

MAX_COMPONENTS = 200_000
"""Most components of a file."""

_NAME = re.compile(r"([A-Za-z0-9-]+)[;:]")
_READ = frozenset(
    {
        *("CALSCALE", "METHOD", "TZID", "TZOFFSETFROM", "TZOFFSETTO", "UID", "SEQUENCE"),
        *("STATUS", "TRANSP", "DTSTART", "DTEND", "DURATION", "FREEBUSY"),
        *("RRULE", "RDATE", "EXDATE", "EXRULE", "RECURRENCE-ID"),
    }
)
_REPEATED = frozenset({"RDATE", "EXDATE", "FREEBUSY", "RRULE", "EXRULE"})


@dataclass(frozen=True, slots=True)
class Property:
    """A line of a component.

    Parameters
    ----------
    path
        Where it stands.
    parameters
        By name, in capitals.
    value
        Backslashes are read already.
    """

    path: str
    parameters: Mapping[str, str]
    value: str


@dataclass(slots=True)
class Component:
    """What stands between BEGIN and END.

    Parameters
    ----------
    name
        In capitals.
    path
        File and line of its beginning.
    properties
        By name, in capitals; only those that mean something to us.
    parts
        Components inside.
    """

    name: str
    path: str
    properties: dict[str, list[Property]] = field(default_factory=dict)
    parts: list[Component] = field(default_factory=list)

    def first(self, name: str) -> Property | None:
        """The property of a name, ``None`` where there is none."""
        found = self.properties.get(name)
        return found[0] if found else None

    def word(self, name: str, default: str = "") -> str:
        """The value of a property in capitals."""
        found = self.first(name)
        return default if found is None else found.value.strip().upper()


class _BrokenError(Exception):
    """The text is no iCalendar."""

    def __init__(self, code: str, path: str, message: str) -> None:
        super().__init__(message)
        self.code, self.path = code, path


def components(raw: bytes, label: str, findings: Report) -> list[Component] | None:
    """Components at the top of a file.

    Parameters
    ----------
    raw
        The file; a byte order mark and bare line feeds are allowed.
    label
        What the file is called in messages.

    Returns
    -------
    list or None
        ``None``, and an error, where the text is no iCalendar from beginning to end: what is
        left of a file that is cut short would be taken for all that there is.
    """
    try:
        return _tree(raw, label, findings)
    except _BrokenError as error:
        findings.error(error.code, error.path, str(error))
        return None


def _tree(raw: bytes, label: str, findings: Report) -> list[Component]:
    top = Component("", label)
    stack = [top]
    number, num_components = 1, 0
    for number, content in _unfolded(raw.removeprefix(b"\xef\xbb\xbf")):
        path = f"{label}:{number}"
        try:
            line = content.decode()
        except UnicodeDecodeError as error:
            raise _BrokenError("not_utf8", path, "the line is not UTF-8") from error
        name = _name(line, path)
        if name == "BEGIN":
            num_components += 1
            if num_components > MAX_COMPONENTS:
                message = f"more than {MAX_COMPONENTS:,} components"
                raise _BrokenError("too_large", path, message)
            stack.append(_begun(line, path, stack))
        elif name == "END":
            _end(line, path, stack)
        elif len(stack) == 1:
            message = "a property outside every component"
            raise _BrokenError("not_icalendar", path, message)
        elif name in _READ or name.startswith(PREFIX):
            _add(stack[-1], name, line, path, findings)
    if len(stack) > 1:
        message = f"the file ends inside a component that begins at {stack[-1].path}"
        raise _BrokenError("not_icalendar", f"{label}:{number}", message)
    if not top.parts:
        raise _BrokenError("not_icalendar", label, "there is no component")
    return top.parts


def _unfolded(raw: bytes) -> Iterator[tuple[int, bytes]]:
    """Lines that are not blank, with the number of their first; a blank continues the last.

    Bytes are joined before they are read as text: a fold may cut a character in two.
    """
    pieces: list[bytes] = []
    first = 1
    for number, line in enumerate(BytesIO(raw), 1):
        bare = line.removesuffix(b"\n").removesuffix(b"\r")
        if bare[:1] in (b" ", b"\t") and pieces:
            pieces.append(bare[1:])
        elif bare:
            if pieces:
                yield first, b"".join(pieces)
            first, pieces = number, [bare]
    if pieces:
        yield first, b"".join(pieces)


def _name(line: str, path: str) -> str:
    found = _NAME.match(line)
    if found is None:
        message = "is no line of the form NAME:VALUE"
        raise _BrokenError("not_icalendar", path, message)
    return found[1].upper()


def _begun(line: str, path: str, stack: list[Component]) -> Component:
    """A component that begins, added to the one it is in."""
    if len(stack) > MAX_DEPTH:
        message = f"more than {MAX_DEPTH} components inside each other"
        raise _BrokenError("not_icalendar", path, message)
    component = Component(line.partition(":")[2].strip().upper(), path)
    stack[-1].parts.append(component)
    return component


def _end(line: str, path: str, stack: list[Component]) -> None:
    name = line.partition(":")[2].strip().upper()
    if len(stack) == 1 or stack[-1].name != name:
        message = "ends a component that is not the last one begun"
        raise _BrokenError("not_icalendar", path, message)
    stack.pop()


def _add(component: Component, name: str, line: str, path: str, findings: Report) -> None:
    """Add a property; one that cannot be read, or stands there twice, is reported."""
    try:
        _, parameters, value = Contentline(line).parts()
    except ValueError:
        findings.error("unusable_row", f"{path}/{name}", "the line cannot be read")
        component.properties.setdefault(UNREADABLE, []).append(Property(path, {}, name))
        return
    texts = {
        key.upper(): words if isinstance(words, str) else ",".join(words)
        for key, words in parameters.items()
    }
    known = component.properties.setdefault(name, [])
    known.append(Property(f"{path}/{name}", texts, value))
    if len(known) == 2 and name not in _REPEATED and not name.startswith(PREFIX):
        findings.error("duplicate_key", f"{path}/{name}", "the component states it twice")
        component.properties.setdefault(UNREADABLE, []).append(Property(path, {}, name))


UNREADABLE = "\0"
"""Under this name stand the lines of a component that could not be read."""
