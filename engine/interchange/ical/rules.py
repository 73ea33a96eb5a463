"""Recurrence rules: their grammar, judged before a library sees them."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

from engine.interchange.ical.text import Property
from engine.interchange.ical.values import BadValueError, Moment, Zone, moment

_MOST = {
    "BYSECOND": 60, "BYMINUTE": 59, "BYHOUR": 23, "BYMONTHDAY": 31, "BYYEARDAY": 366,
    "BYWEEKNO": 53, "BYMONTH": 12, "BYSETPOS": 366, "COUNT": 10**7, "INTERVAL": 10**4,
}  # fmt: skip
_FROM_ZERO = {"BYSECOND", "BYMINUTE", "BYHOUR"}
_FROM_BEHIND = {"BYMONTHDAY", "BYYEARDAY", "BYWEEKNO", "BYSETPOS"}
_FREQUENCIES = ("SECONDLY", "MINUTELY", "HOURLY", "DAILY", "WEEKLY", "MONTHLY", "YEARLY")
_PARTS = {"FREQ", "UNTIL", "WKST", "BYDAY", *_MOST}
_DAY = re.compile(r"([+-]?[0-9]{1,2})?(MO|TU|WE|TH|FR|SA|SU)")
_LONGEST_RULE = 1_000
_BEYOND = re.compile("(2[2-9]|[3-9][0-9])[0-9]{6}(T[0-9]{6}Z?)?")
_ALMOST_A_DAY = timedelta(days=1, seconds=-1)


def rule_parts(found: Property) -> dict[str, str]:
    """Parts of an RRULE by name, judged as far as ``dateutil`` does not.

    Raises
    ------
    BadValueError
        It breaks the grammar, or limits that no sensible rule reaches.
    """
    text = found.value.strip().upper()
    parts: dict[str, str] = {}
    for part in text.removesuffix(";").split(";"):
        name, _, value = part.partition("=")
        if name not in _PARTS or name in parts or not _is_good(name, value):
            message = "the rule is malformed, or states what is not read"
            raise BadValueError("wrong_value", found.path, message, part)
        parts[name] = value
    if "FREQ" not in parts or {"UNTIL", "COUNT"} <= parts.keys() or len(text) > _LONGEST_RULE:
        message = (
            f"a rule has FREQ, not both UNTIL and COUNT, and {_LONGEST_RULE} characters at most"
        )
        raise BadValueError("wrong_value", found.path, message, text)
    return parts


def until_of(parts: dict[str, str], found: Property, zone: Zone) -> Moment | None:
    """The last moment at which a rule holds; a date means its whole day.

    What lies beyond every dataset is no end at all: it is taken out of ``parts``.

    Raises
    ------
    BadValueError
        It is no time.
    """
    text = parts.get("UNTIL")
    if text is None:
        return None
    if _BEYOND.fullmatch(text):
        del parts["UNTIL"]
        return None
    last = moment(text, found, zone)
    return replace(last, wall=last.wall + _ALMOST_A_DAY) if last.is_date else last


def _is_good(name: str, value: str) -> bool:
    """Whether a part of a rule has a value that it can have."""
    if name in ("FREQ", "WKST", "UNTIL"):
        days = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
        return (
            bool(value) if name == "UNTIL" else value in (_FREQUENCIES if name == "FREQ" else days)
        )
    values = value.split(",")
    if name == "BYDAY":
        return all(_DAY.fullmatch(day) for day in values)
    if name in ("COUNT", "INTERVAL") and len(values) > 1:
        return False
    least = 0 if name in _FROM_ZERO else 1
    sign = "[+-]?" if name in _FROM_BEHIND else ""
    return all(
        re.fullmatch(sign + "[0-9]{1,8}", number) and least <= abs(int(number)) <= _MOST[name]
        for number in values
    )
