"""What a repair answers, declared once for every face."""

from __future__ import annotations

from typing import Any

from engine.domain.fields import Id, Instant
from engine.domain.record import record
from engine.events.findings import ConflictKind, Reason
from engine.interchange.found_places import WhereRow
from engine.repair.ledger import Outcome, Standing


@record
class ForcedRow:
    """An appointment that an event makes impossible."""

    appointment_id: Id
    """Which."""
    request_id: Id
    """Whose."""
    patient_id: Id
    """Who."""
    reason: Reason
    """Why: nobody is there any more; something else that stays needs the place; a rule refuses
    it now; it is no longer booked.
    """
    detail: str = ""
    """The session that it lay in, the block or visit that needs the place, or the rule."""
    event: int | None = None
    """Which of the events did it, from 0; none where two datasets were compared."""


@record
class ConflictRow:
    """A stretch of time in which more is promised than there is."""

    kind: ConflictKind
    """Of what there is not enough."""
    of: str
    """Which doctor, service or patient; of rooms and devices, their kind."""
    location_id: Id | None = None
    """Where the room or device is."""
    start: Instant
    """From when, on the clock at the place."""
    end: Instant
    """Until when."""
    appointment_ids: tuple[Id, ...]
    """Who meets there, blocks and others that cannot be moved included."""


@record
class ClusterRow:
    """Appointments that collide, and are settled together."""

    appointment_ids: tuple[Id, ...]
    """Those that may move."""
    conflicts: tuple[ConflictRow, ...]
    """Where they collide."""


@record
class ViolationRow:
    """A rule that was broken before, and is not mended."""

    rule: str
    """Its name."""
    where: str
    """What it concerns."""
    request_ids: tuple[Id, ...] = ()
    """Requests involved."""
    excess: int = 1
    """By how much, in the rule's unit."""


@record
class AftermathRow:
    """How things are after the events."""

    forced: tuple[ForcedRow, ...]
    """Appointments that they make impossible."""
    stuck: tuple[ForcedRow, ...]
    """Those of the forced who are pinned: they may not move, and cannot stay."""
    clusters: tuple[ClusterRow, ...]
    """Appointments that collide, and are to be settled."""
    prior_violations: tuple[ViolationRow, ...]
    """What was broken before, and is left as it is."""


@record
class CountRow:
    """How many."""

    people: int
    """Persons; whoever has several appointments is one."""
    appointments: int
    """Their appointments."""


@record
class ForcedBy:
    """What an event did to a place."""

    reason: Reason
    """As in the aftermath."""
    detail: str = ""
    """As in the aftermath."""
    event: int | None = None
    """As in the aftermath."""


@record
class GaveWayRow:
    """Why somebody who was there could not stay."""

    to: tuple[Id, ...]
    """Appointments that stand in the way of the old place now."""
    rules: tuple[str, ...]
    """Rules that all of them together would break."""


@record
class NoPlaceRow:
    """Why somebody is left without a place."""

    reason: str
    """Nothing they could take at all (no_candidate), or others hold all of it (crowded_out)."""
    ruled_out_by: str | None = None
    """The rule that took the last candidate away."""


@record
class ComparedRow:
    """Somebody who keeps a contested place, beside one who does not."""

    with_id: Id
    """Appointment of the one who does not."""
    parts: dict[str, int]
    """What the cheapest other place would have cost, by its parts, in thousandths of a day;
    empty: there was none.
    """
    decided_by: tuple[str, ...]
    """What made the difference, the most important first: in_the_way_of_others_too, parts of the
    price, no_other_place, or urgency.
    """


@record
class EntryRow:
    """What becomes of one appointment."""

    appointment_id: Id
    """Which; it keeps its id wherever it goes."""
    request_id: Id
    """Whose."""
    patient_id: Id
    """Who."""
    urgency: str
    """Class of the request."""
    standing: Standing
    """The event took the place; several hold it; or nothing happened to it."""
    outcome: Outcome
    """Stuck: the place is impossible, and the appointment is pinned to it."""
    before: WhereRow
    """Where they were told to come."""
    after: WhereRow | None = None
    """Where they are told to come now; none: nowhere."""
    price: int
    """What that costs them, in thousandths of a day of waiting."""
    parts: dict[str, int]
    """The same by its parts; those of nothing are left out."""
    days_late: int
    """Days beyond the standard that the move adds."""
    forced: ForcedBy | None = None
    """What the event did to the place."""
    gave_way: GaveWayRow | None = None
    """For whom a place was given up that could have been kept, alone."""
    no_place: NoPlaceRow | None = None
    """Why there is none."""
    compared: tuple[ComparedRow, ...] = ()
    """Why a contested place is kept: beside everybody who lost it."""


@record
class OfferedRow(WhereRow):
    """A place in an option."""

    appointment_id: Id
    """Whose."""
    request_id: Id
    """Whose."""
    price: int
    """What it would cost them, in thousandths of a day of waiting."""
    parts: dict[str, int]
    """The same by its parts."""
    days_late: int
    """Days beyond the standard that it adds."""


@record
class OptionRow:
    """One choice."""

    number: int
    """From 1, in the order in which they are to be offered."""
    is_planned: bool
    """Whether it is what the plan says."""
    places: tuple[OfferedRow, ...]
    """One for each of the menu's appointments that are placed."""


@record
class ShortRow:
    """Why a menu has fewer options than were asked for."""

    reason: str
    """There is no other place at all (no_candidate); others hold all there are (crowded_out); or
    what is free is in the menus of others, or does not go with what it is linked to (shared).
    """
    considered: int
    """Other places that could be taken while everybody else stays as planned."""
    free: int
    """Those of them whose cells are free."""


@record
class MenuRow:
    """What one person, or people whose visits are linked, can choose from. Whatever everybody
    chooses, or declines, is a plan.
    """

    appointment_ids: tuple[Id, ...]
    """Who is asked together."""
    options: tuple[OptionRow, ...]
    """The first is the plan's, if it has a place for them."""
    short: ShortRow | None = None
    """Why there are fewer than were asked for; none: there are not."""


@record
class PointRow:
    """A plan that no other of the frontier beats in both: people left without a place, and
    people displaced who could have stayed.
    """

    additional: int
    """People who could have kept their place and are displaced, beyond those whom collisions
    displace whatever is done.
    """
    unavoidable: int
    """People whom collisions displace at least, whatever is done."""
    unplaced: dict[str, int]
    """Requests left without a place, by urgency class, the most urgent first."""
    counts: dict[str, CountRow]
    """How many are forced, contested and displaced (who could have stayed), and how many keep a
    contested place, are moved, left unplaced, or stuck.
    """
    days_late: int
    """Days beyond the standard that the plan adds."""
    price: int
    """What the plan costs people, in thousandths of a day of waiting."""
    proven: bool
    """Whether no level could be better."""
    certificate: dict[str, Any]
    """How good the plan is, and how that is known."""
    ledger: tuple[EntryRow, ...]
    """Everybody whom the event or the plan touches, one row per appointment."""
    menus: tuple[MenuRow, ...] = ()
    """What everybody can be offered whom the plan moves, where options were asked for."""


@record
class RepairDocument:
    """What happened, and the plans that mend it."""

    aftermath: AftermathRow
    """How things are after the events."""
    frontier: tuple[PointRow, ...]
    """From fewest people displaced to fewest left without a place; at least one."""
    unpinned: tuple[EntryRow, ...] = ()
    """What would become of the stuck without their pins, within what the last plan displaces."""
    max_additional: int
    """People who could have stayed and may be displaced."""
    depth: int | None = None
    """Longest chain of people who make room for each other; none: any, so that the frontier is
    that of all plans.
    """
    dataset_hash: Id
    """SHA-256 of the dataset after the events, with every appointment."""
    seconds: float
    """Wall time."""
