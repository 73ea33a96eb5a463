"""Recurrences, expanded by ``recurring-ical-events``: the only place that knows it.

It is asked for the starts alone, and on clocks without a zone: given zones it adds lengths to
clock times, so that ends are wrong wherever a clock changes. Its rules come from ``dateutil``,
which looks for the next occurrence until the year 9999; here every day that it looks at is
counted, and there is an end to it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from icalendar import Calendar, Event
from icalendar.prop import vDDDLists, vDDDTypes, vRecur, vText
from recurring_ical_events import CalendarQuery
from recurring_ical_events.selection.name import ComponentsWithName
from recurring_ical_events.series import Series

MAX_STEPS_OF_RULE = 250_000
"""Days (or, of a rule within a day, times) that are tried for one rule."""

MAX_STEPS = 8_000_000
"""The same for all rules of a file."""

_INDEX = "X-INDEX"
_FIRST, _LAST = datetime(1600, 1, 1), datetime(2200, 1, 1)
_STEPS_OF_OCCURRENCE = 50  # it takes so much longer


class CostlyRuleError(Exception):
    """A rule takes too long."""


class Budget:
    """Counts what rules cost.

    Attributes
    ----------
    steps
        Of all rules so far.
    """

    def __init__(self) -> None:
        self.steps = 0

    def spend(self, steps: int, of_rule: int) -> None:
        """Count some steps.

        Parameters
        ----------
        of_rule
            What the rule has cost so far, with these.

        Raises
        ------
        CostlyRuleError
            It is too much, or all of them are.
        """
        self.steps += steps
        if of_rule > MAX_STEPS_OF_RULE:
            message = f"the rule does not come to its end within {MAX_STEPS_OF_RULE:,} steps"
            raise CostlyRuleError(message)
        if self.steps > MAX_STEPS:
            message = f"the rules of the file take more than {MAX_STEPS:,} steps: this is not read"
            raise CostlyRuleError(message)


class Meter(frozenset[int]):
    """The months of a rule; it is asked whether there are any for every day that is tried."""

    _budget: Budget
    _times: int
    _steps: int

    @classmethod
    def on(cls, rule: Any, budget: Budget) -> Meter:
        """The months that a rule of ``dateutil`` names, counting for a budget."""
        meter = cls(rule._bymonth or ())
        meter._budget, meter._times, meter._steps = budget, 1, 0
        for values in (rule._byhour, rule._byminute, rule._bysecond, rule._bysetpos):
            meter._times *= max(1, len(values or ()))
        return meter

    def __bool__(self) -> bool:
        """Whether the rule names months.

        Raises
        ------
        CostlyRuleError
            It was asked too often.
        """
        self._steps += self._times
        self._budget.spend(self._times, self._steps)
        return len(self) > 0


@dataclass(frozen=True, slots=True)
class Part:
    """One component of a series, on a clock without a zone.

    Parameters
    ----------
    start
        Its DTSTART.
    replaces
        Its RECURRENCE-ID; ``None``: it is the one that the others change.
    is_future
        It changes all that follows, too.
    rule
        Parts of its RRULE, by name.
    more, less
        Its RDATEs and EXDATEs; a date takes the whole day away.
    """

    start: datetime
    replaces: datetime | None = None
    is_future: bool = False
    rule: Mapping[str, str] | None = None
    more: tuple[datetime, ...] = ()
    less: tuple[date, ...] = ()


def starts(
    parts: Sequence[Part], first: datetime, last: datetime, budget: Budget
) -> Iterator[tuple[int, datetime]]:
    """Which part of a series begins when, between two clock times.

    Parameters
    ----------
    parts
        At most one replaces nothing.
    first, last
        Between which it begins.

    Raises
    ------
    CostlyRuleError
        A rule takes too long.
    ValueError
        The library refuses a rule.
    """
    calendar = Calendar()
    for index, part in enumerate(parts):
        calendar.add_component(_event(index, part))
    selection = ComponentsWithName("VEVENT", series=_metered(budget))
    spent = 0
    for series in CalendarQuery(calendar, components=[selection]).series:
        for occurrence in series.between(max(first, _FIRST), min(last, _LAST)):
            spent += _STEPS_OF_OCCURRENCE
            budget.spend(_STEPS_OF_OCCURRENCE, spent)
            found = occurrence.as_component(keep_recurrence_attributes=False)
            yield int(found[_INDEX]), found["DTSTART"].dt


def _event(index: int, part: Part) -> Event:
    """A part as the library wants it: of no length, without a zone."""
    event = Event()
    event.add("UID", "series")
    event.add(_INDEX, vText(str(index)))
    event.add("DTSTART", part.start)
    event.add("DTEND", part.start)
    if part.rule:
        event.add("RRULE", vRecur.from_ical(";".join(f"{k}={v}" for k, v in part.rule.items())))
    if part.more:
        event.add("RDATE", vDDDLists(list(part.more)), encode=False)
    if part.less:
        event.add("EXDATE", vDDDLists(list(part.less)), encode=False)
    if part.replaces is not None:
        range_ = {"RANGE": "THISANDFUTURE"} if part.is_future else {}
        event.add("RECURRENCE-ID", vDDDTypes(part.replaces, range_), encode=False)
    return event


def _metered(budget: Budget) -> type[Series]:
    """Series whose rules are counted."""

    class Rules(Series.RecurrenceRules):  # type: ignore[misc]
        """Rules whose every step costs something."""

        def rrulestr(self, rule_string: str) -> Any:
            rule = super().rrulestr(rule_string)
            rule._bymonth = Meter.on(rule, budget)
            return rule

    class Metered(Series):  # type: ignore[misc]
        """A series with such rules."""

        RecurrenceRules = Rules

    return Metered
