"""Clocks of a calendar: IANA zones, and those that it defines itself."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from engine.interchange.ical.expansion import Budget, CostlyRuleError, Part, starts
from engine.interchange.ical.rules import rule_parts, until_of
from engine.interchange.ical.text import UNREADABLE, Component
from engine.interchange.ical.values import BadValueError, Period, moments
from engine.problems import Report
from engine.time_grid import zone_names

_OFFSET = re.compile(r"([+-])([01][0-9]|2[0-3])([0-5][0-9])([0-5][0-9])?")
_FIRST, _LAST = datetime(1600, 1, 1), datetime(2110, 1, 1)
_EARLY_ENOUGH = 1980  # no dataset begins before 2000

Change = tuple[datetime, timedelta, timedelta]
"""When the clock changes, on the clock before; the offset before, and after."""


class DefinedZone(tzinfo):
    """A clock by its changes, in the manner of ``zoneinfo``.

    Parameters
    ----------
    name
        Its TZID.
    changes
        At least one.
    """

    def __init__(self, name: str, changes: Sequence[Change]) -> None:
        ordered = sorted(changes, key=lambda change: change[0] - change[1])
        self._name = name
        self._offsets = [ordered[0][1], *(after for _, _, after in ordered)]
        self._instants = [wall - before for wall, before, _ in ordered]
        pairs = list(zip(self._instants, self._offsets, self._offsets[1:], strict=False))
        # a wall time is behind a change, read for the first time, from the later of the two
        # clock times that the change has; read for the second time, from the earlier
        self._first = [instant + max(pair) for instant, *pair in pairs]
        self._second = [instant + min(pair) for instant, *pair in pairs]

    def utcoffset(self, dt: datetime | None) -> timedelta | None:
        """Offset east of UTC."""
        if dt is None:
            return None
        bounds = self._second if dt.fold else self._first
        return self._offsets[bisect_right(bounds, dt.replace(tzinfo=None))]

    def dst(self, dt: datetime | None) -> timedelta | None:  # noqa: ARG002 as tzinfo has it
        """Not known."""
        return None

    def tzname(self, dt: datetime | None) -> str | None:  # noqa: ARG002 as tzinfo has it
        """The TZID."""
        return self._name

    def fromutc(self, dt: datetime) -> datetime:
        """The clock time of an instant."""
        bare = dt.replace(tzinfo=None)
        index = bisect_right(self._instants, bare)
        wall = bare + self._offsets[index]
        is_again = index > 0 and wall < self._first[index - 1]
        return wall.replace(tzinfo=self, fold=int(is_again))


class Zones:
    """The clocks that the TZIDs of one calendar name.

    Parameters
    ----------
    place
        The clock where the role is: that of times without a zone, and of dates.
    calendar
        Holds the definitions.
    budget
        For their rules.
    findings
        Where it is said what is wrong with a definition.
    """

    def __init__(
        self, place: ZoneInfo, calendar: Component, budget: Budget, findings: Report
    ) -> None:
        self._known: dict[str, tzinfo | None] = {"": place}
        for part in calendar.parts:
            name = part.first("TZID")
            if part.name != "VTIMEZONE" or (name is not None and name.value in zone_names()):
                continue
            if name is None:
                findings.error("missing_field", f"{part.path}/TZID", "the zone has no name")
            elif name.value in self._known:
                message = "the zone is defined already: the first definition counts"
                findings.warn("duplicate_id", name.path, message, name.value)
            else:
                self._known[name.value] = _defined(name.value, part, budget, findings)

    def named(self, name: str, path: str) -> tzinfo:
        """The clock with a TZID; that of the place for none.

        Raises
        ------
        BadValueError
            There is no such clock.
        """
        if name not in self._known:
            if name in zone_names():
                self._known[name] = UTC if name == "UTC" else ZoneInfo(name)
            else:
                like = WINDOWS_TO_OLSON.get(name) or _last_words(name)
                hint = f". Maybe {like} is meant" if like else ""
                message = f"the calendar defines no such zone, and it is no IANA name{hint}"
                raise BadValueError("unknown_time_zone", path, message, name)
        clock = self._known[name]
        if clock is None:
            message = "the calendar's definition of the zone cannot be used"
            raise BadValueError("unknown_time_zone", path, message, name)
        return clock


def _last_words(name: str) -> str:
    """The IANA name at the end of a globally unique TZID, if there is one."""
    words = name.split("/")
    names = ("/".join(words[number:]) for number in range(len(words)))
    return next((end for end in names if end in zone_names()), "")


def _defined(name: str, part: Component, budget: Budget, findings: Report) -> DefinedZone | None:
    """The clock that a VTIMEZONE defines; ``None``, and errors, where it cannot be used."""
    changes: list[Change] = []
    before = findings.num_errors
    for rule in part.parts:
        if rule.name in ("STANDARD", "DAYLIGHT"):
            try:
                changes += _changes(rule, budget)
            except BadValueError as error:
                findings.error(error.code, error.path, str(error), error.value)
            except CostlyRuleError as error:
                findings.error("costly_rule", f"{rule.path}/RRULE", str(error))
    if findings.num_errors > before:
        return None
    if not changes:
        message = "the zone has neither standard nor daylight time"
        findings.error("missing_field", part.path, message, name)
        return None
    return DefinedZone(name, changes)


def _changes(rule: Component, budget: Budget) -> list[Change]:
    """When standard or daylight time begins."""
    if UNREADABLE in rule.properties:
        raise BadValueError("unusable_row", rule.path, "a line of it cannot be read")
    before, after = _offset(rule, "TZOFFSETFROM"), _offset(rule, "TZOFFSETTO")
    start = rule.first("DTSTART")
    if start is None:
        raise BadValueError("missing_field", f"{rule.path}/DTSTART", "the field is required")
    walls = []
    for found in (start, *rule.properties.get("RDATE", ())):
        for value in moments(found, _any_clock):
            if isinstance(value, Period):
                raise BadValueError("wrong_value", found.path, "is a period", found.value)
            walls.append(value.wall)
    return [(wall, before, after) for wall in _onsets(walls, rule, before, budget)]


def _any_clock(name: str, path: str) -> tzinfo:  # noqa: ARG001 as a zone is asked
    """The clock of what is read without one."""
    return UTC


def _onsets(
    walls: Sequence[datetime], rule: Component, before: timedelta, budget: Budget
) -> list[datetime]:
    """All clock times, until 2110, at which standard or daylight time begins.

    Parameters
    ----------
    walls
        Those that are written.
    before
        Offset of the clock on which they are; an UNTIL is in UTC.
    """
    found = rule.first("RRULE")
    if found is None:
        return list(walls)
    parts, start = rule_parts(found), walls[0]
    until = until_of(parts, found, _any_clock)
    if until is not None:
        is_utc = parts["UNTIL"].endswith("Z")
        parts["UNTIL"] = f"{until.wall + before if is_utc else until.wall:%Y%m%dT%H%M%S}"
    is_yearly = parts["FREQ"] == "YEARLY" and parts.get("INTERVAL", "1") == "1"
    if is_yearly and "COUNT" not in parts and start.year < _EARLY_ENOUGH:
        start = start.replace(year=_EARLY_ENOUGH)  # some begin in 1601
    part = Part(start, rule=parts, more=tuple(walls[1:]))
    try:
        return [wall for _, wall in starts([part], _FIRST, _LAST, budget)]
    except ValueError as error:
        message = "the rule cannot be used"
        raise BadValueError("wrong_value", found.path, message, found.value) from error


def _offset(rule: Component, name: str) -> timedelta:
    """An offset east of UTC."""
    found = rule.first(name)
    if found is None:
        raise BadValueError("missing_field", f"{rule.path}/{name}", "the field is required")
    match = _OFFSET.fullmatch(found.value.strip())
    if match is None:
        message = "is no offset like -0500"
        raise BadValueError("wrong_value", found.path, message, found.value)
    sign, hours, minutes, seconds = match.groups()
    offset = timedelta(hours=int(hours), minutes=int(minutes), seconds=int(seconds or 0))
    return -offset if sign == "-" else offset
