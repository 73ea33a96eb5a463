"""How a repair disturbs each person, measure by measure, before it is committed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from engine.arrays import NONE, Bool, Float, Int
from engine.time_grid import MINUTES_PER_DAY
from scenarios.measures.by_request import ByRequest

if TYPE_CHECKING:
    from engine.repair.ledger import Entry, Ledger
    from engine.repair.repair import Repair

DAYS_OF_BUMP_RATE = 30
MILLI = 1_000


@dataclass(frozen=True, slots=True)
class Disturbed:
    """A repair, and its ledger by request.

    Parameters
    ----------
    repair
        The plans.
    entries, request
        Who is touched, and the index of the request of each.
    """

    repair: Repair
    entries: tuple[Entry, ...]
    request: Int

    @property
    def is_told(self) -> Bool:
        """Requests that hold an appointment before the repair; bool, shape (R,)."""
        return ~self.repair.snapshot.is_open

    def flags(self, chosen: Callable[[Entry], bool]) -> Float:
        """1 for the chosen entries, 0 for all others with an appointment, NaN without one."""
        return self.amounts(lambda entry: float(chosen(entry)))

    def amounts(self, amount: Callable[[Entry], float]) -> Float:
        """A number per entry, 0 for all others with an appointment, NaN without one."""
        found = np.where(self.is_told, 0.0, np.nan)
        found[self.request] = [amount(entry) for entry in self.entries]
        return found


def disturbed(repair: Repair, ledger: Ledger) -> ByRequest:
    """Every measure of a repair that is made of what becomes of each appointment."""
    index = repair.snapshot.index.requests
    request = np.array([index[entry.request_id] for entry in ledger.entries], np.int64)
    whole = Disturbed(repair, ledger.entries, request)
    columns = {name: column(whole) for name, column in _COLUMNS.items()}
    return ByRequest(repair.snapshot.requests.patient, columns)


def is_forced(whole: Disturbed) -> Float:
    """Formula: 1 where the event took the place; stated for appointments. Unit: people."""
    return whole.flags(lambda entry: entry.standing == "forced")


def is_moved(whole: Disturbed) -> Float:
    """Formula: 1 where another place is told; stated for appointments. Unit: people."""
    return whole.flags(lambda entry: entry.outcome == "moved")


def is_unplaced(whole: Disturbed) -> Float:
    """Formula: 1 where there is no place; stated for appointments. Unit: people."""
    return whole.flags(lambda entry: entry.outcome == "unplaced")


def is_stuck(whole: Disturbed) -> Float:
    """Formula: 1 where the place is impossible, and pinned; stated for appointments.

    Unit: people.
    """
    return whole.flags(lambda entry: entry.outcome == "stuck")


def is_displaced(whole: Disturbed) -> Float:
    """Formula: 1 where a place is lost that could be kept; stated for appointments. Unit: people.

    Of several who collide, all but those who can stay have to go: ``additional_people`` counts
    only who did not have to.

    Source: people moved who did not have to be, a measure of the field.
    """
    return whole.flags(lambda entry: entry.is_displaced)


def is_moved_again(whole: Disturbed) -> Float:
    """Formula: 1 where a place is lost by a person who was moved before; stated for
    appointments. Unit: people.

    Source: repeated bumps per person, a measure of the field.
    """
    patients, patient = whole.repair.snapshot.patients, whole.repair.snapshot.requests.patient
    again = patients.times_moved[patient] > 0
    return np.where(whole.is_told, again * whole.flags(_is_lost), np.nan)


def bump_rate(whole: Disturbed) -> Float:
    """Formula: 1 where the place is lost, 0 where it is kept; stated for appointments that
    begin in the 30 days of 24 hours from ``as_of``. Unit: share.

    Source: bump rate, counted within 30 days of the visit; 6.2 % on average in 2021 (Patient
    Access Collaborative).
    """
    snapshot, published = whole.repair.snapshot, whole.repair.snapshot.published
    ahead = published.start - snapshot.as_of
    is_near = (ahead >= 0) & (ahead < DAYS_OF_BUMP_RATE * MINUTES_PER_DAY)
    stated = np.zeros(snapshot.num_requests, np.bool_)
    stated[published.request[is_near & (published.request != NONE)]] = True
    return np.where(stated, whole.flags(_is_lost), np.nan)


def rebooked_within_7_days(whole: Disturbed) -> Float:
    """Formula: 1 where the new place is no more than 7 local days after the lost one, or before
    it, 0 otherwise and without a place; stated for lost places. Unit: share.

    Source: share rebooked within 7 days, a measure of the field.
    """
    return _rebooked(whole, 7)


def rebooked_within_30_days(whole: Disturbed) -> Float:
    """Formula: as within 7 days, for 30. Unit: share.

    Source: share rebooked within 30 days, a measure of the field; about 27 % (MGMA).
    """
    return _rebooked(whole, 30)


def equivalent_days(whole: Disturbed) -> Float:
    """Formula: price of the move, in days of waiting; stated for appointments. Unit: days.

    Source: the prices of the rule ``disruption``, which the policy states and cites.
    """
    return whole.amounts(lambda entry: entry.price / MILLI)


def days_later(whole: Disturbed) -> Float:
    """Formula: ``max(0, new day − told day)``, local days; stated for appointments. Unit: days."""
    return whole.amounts(lambda entry: float(max(0, _days_until(entry) or 0)))


_COLUMNS: dict[str, Callable[[Disturbed], Float]] = {
    "people_forced": is_forced,
    "people_moved": is_moved,
    "people_unplaced": is_unplaced,
    "people_stuck": is_stuck,
    "people_displaced": is_displaced,
    "people_moved_again": is_moved_again,
    "bump_rate": bump_rate,
    "rebooked_within_7_days": rebooked_within_7_days,
    "rebooked_within_30_days": rebooked_within_30_days,
    "equivalent_days": equivalent_days,
    "days_later": days_later,
}


def _is_lost(entry: Entry) -> bool:
    """Whether somebody loses the place that they were told."""
    return entry.outcome != "kept"


def _days_until(entry: Entry) -> int | None:
    """Days from the told place to the new one; ``None``: there is none."""
    return None if entry.after is None else entry.before.days_until(entry.after)


def _rebooked(whole: Disturbed, most: int) -> Float:
    def within(entry: Entry) -> bool:
        days = _days_until(entry)
        return days is not None and days <= most

    return np.where(whole.flags(_is_lost) == 1, whole.flags(within), np.nan)
