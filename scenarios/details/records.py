"""What is kept of a run so that it can be drawn."""

from __future__ import annotations

from typing import Literal

from engine.domain.fields import Day, Flag
from engine.domain.record import record

MAX_BINS = 60
"""Whole days, or kilometres, that are told apart; what is beyond is one bin more."""

MAX_DOCTORS = 25
"""Doctors whose use is kept day by day: the busiest."""

MAX_DAYS = 31
"""Days on which it is kept: the first ones."""

MAX_PLACES = 60
"""Places on the map: those with the most visits."""

MAX_HOMES = 240
"""Homes on the map: every so many-th of all."""

MAX_POINTS = 50
"""Answers of one repair."""

MAX_LEDGER = 200
"""Appointments of one ledger: the first ones."""


@record
class Spread:
    """How many visits there are at every value of something, by whole days or kilometres."""

    measure: Literal["days_to_appointment", "travel_km", "days_waited", "days_later"]
    """Of what."""
    counts: tuple[int, ...]
    """How many from 0 to below 1, from 1 to below 2, and so on; of the last bin there can be, all
    that is beyond. Empty bins at the end are left out."""


@record
class DoctorUse:
    """The time of a doctor or service, day by day."""

    id: str
    """Who."""
    name: str = ""
    """For people."""
    taken: tuple[int, ...]
    """Minutes that appointments and the plan hold, seat by seat."""
    offered: tuple[int, ...]
    """Minutes there are, seat by seat."""


@record
class UseOfTime:
    """The time of the busiest doctors."""

    first_day: Day
    """Of the days that are kept."""
    num_days: int
    """In all."""
    num_doctors: int
    """In all."""
    doctors: tuple[DoctorUse, ...]
    """The most minutes taken first."""


@record
class Place:
    """A place on the map."""

    id: str
    """Which."""
    name: str = ""
    """For people."""
    x: float
    """Kilometres east of the middle of the map."""
    y: float
    """Kilometres north of it."""
    visits: int
    """Of the plan, and of appointments."""


@record
class Home:
    """Where somebody lives who asks; who that is is not kept."""

    x: float
    """Kilometres east of the middle of the map, to a hundred metres."""
    y: float
    """Kilometres north of it."""
    km: float | None = None
    """To the place of the visit; none: there is none, or it is by video."""
    is_placed: Flag = False
    """Whether there is a visit."""


@record
class TravelMap:
    """Places and homes, flat, in kilometres: true to some hundred kilometres around."""

    places: tuple[Place, ...]
    """The most visits first."""
    homes: tuple[Home, ...]
    """Of requests, in their order."""
    num_places: int
    """With a position, in all."""
    num_homes: int
    """With a position, in all."""


@record
class FrontierPoint:
    """One answer of a repair."""

    additional: int
    """People who lose a place that could be kept, beyond what collisions demand."""
    unplaced: int
    """People who are left without a place."""
    moved: int
    """People who are told another place."""
    price: int
    """Of all moves, in thousandths of a day of waiting."""
    proven: Flag
    """Whether no plan could be better."""


@record
class LedgerRow:
    """What a repair does to one appointment."""

    appointment_id: str
    """Which."""
    urgency: str
    """Class of the request."""
    standing: str
    """forced, contested or bystander."""
    outcome: str
    """kept, moved, unplaced or stuck."""
    doctor_before: str
    """Doctor or service that was told."""
    start_before: str
    """When, on the clock of the place."""
    doctor_after: str | None = None
    """Doctor or service now; none: no place."""
    start_after: str | None = None
    """When now."""
    price: int = 0
    """Of the move, in thousandths of a day of waiting."""
    days_late: int = 0
    """Whole days beyond the standard that the move adds."""


@record
class Mended:
    """What a repair found."""

    points: tuple[FrontierPoint, ...]
    """Answers that no other beats, from fewest displaced to most."""
    ledger: tuple[LedgerRow, ...]
    """Of the last answer, which is the one that is measured."""
    num_touched: int
    """Appointments in the ledger, in all."""


@record
class DayTold:
    """One day of a rolling run; numbers are requests, unless said otherwise."""

    date: Day
    """Which."""
    arrived: int
    """Made."""
    waiting: int
    """Without a place in the evening."""
    booked: int
    """With one."""
    served: int
    """Seen."""
    open_minutes: int
    """Of the sessions, seat by seat."""
    visit_minutes: int
    """Of the visits that were due."""


@record
class WorldSize:
    """How large a world is."""

    requests: int
    """In all."""
    open_requests: int
    """Of these, without an appointment."""
    doctors: int
    """Doctors and services."""
    roles: int
    """What they do at one place each."""
    sessions: int
    """Blocks of their time."""
    cells: int
    """In timed sessions, seat by seat; seats of day sessions with them."""
    reserved_cells: int
    """Of these, kept for an urgency class."""
    contracts: int
    """Networks that insurance plans pay, plan by plan."""


@record
class Details:
    """All that is kept of a run beside its measures."""

    worlds: tuple[WorldSize, ...] = ()
    """The base, and the world after every change."""
    spreads: tuple[Spread, ...] = ()
    """Of what differs from visit to visit."""
    use: UseOfTime | None = None
    """Of a match: how full doctors are; after the match, where a repair follows."""
    map: TravelMap | None = None
    """Of a match: who goes where; none: no place has a position."""
    mended: Mended | None = None
    """Of a repair."""
    days: tuple[DayTold, ...] = ()
    """Of a rolling run."""
