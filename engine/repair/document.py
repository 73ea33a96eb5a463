"""What a repair answers, declared once for every face."""

from __future__ import annotations

from dataclasses import field
from typing import Any

from engine.domain.fields import Id
from engine.domain.record import open_record, record
from engine.events.findings import Reason
from engine.interchange.found_places import WhereRow
from engine.repair.aftermath_document import AftermathRow
from engine.repair.ledger import Outcome, Standing
from engine.repair.plans import Aim
from engine.solve.solved import StopReason


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
    """There is no other place at all (no_candidate); others hold all there are (crowded_out); all
    that is free is in the menu (all_offered); or what else is free is in the menus of others, or
    does not go with what it is linked to (shared).
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


@open_record
class OfferedPlan:
    """What a plan tells people, and what it offers them: answers refer to it. A plan as it was
    answered is one; what else it says is passed over.
    """

    ledger: tuple[EntryRow, ...]
    """Everybody whom the event or the plan touches, one row per appointment."""
    menus: tuple[MenuRow, ...] = ()
    """What everybody can be offered whom the plan moves, where options were asked for."""


@record
class PointRow(OfferedPlan):
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
    contested place, are moved, left unplaced, or stuck, and see another doctor than they were told.
    """
    days_late: int
    """Days beyond the standard that the plan adds."""
    days_later: int
    """Days by which visits are later than they were told, all together."""
    price: int
    """What the plan costs people, in thousandths of a day of waiting."""
    measures: dict[str, float | None] = field(default_factory=dict)
    """Measures of the field by name, such as people_moved and bump_rate; shares between 0 and 1;
    null: there is nobody to state it for.
    """
    gaps: tuple[dict[str, Any], ...] = ()
    """How far groups of patients are apart by a measure: the best and the worst served, each with
    its value and its count, the threshold of the policy, and whether the gap is wide.
    """
    proven: bool
    """Whether no level could be better."""
    certificate: dict[str, Any]
    """How good the plan is, and how that is known."""


@record
class WholePlanRow(PointRow):
    """One of several plans that are as good, and spare people something else."""

    aim: Aim
    """What: all that a move takes away, by the policy's prices (least_disruption); days later
    (soonest); another doctor (same_doctor). The certificate speaks of this aim; prices are those
    of the policy, so that the plans can be compared.
    """


@record
class PlansRow:
    """Whole plans that differ, for as many people displaced as by the last of the frontier."""

    plans: tuple[WholePlanRow, ...]
    """The first is the last of the frontier. The others leave no more without a place, displace
    no more people, and add no more days beyond the standards.
    """
    same_as: dict[Aim, Aim]
    """Aims whose plan is, proven, the one of another aim."""
    unfinished: tuple[Aim, ...]
    """Aims for which nothing as good that spares people more was found in time."""


@record
class WaitingRow:
    """Somebody who accepted a place that is not free yet."""

    appointment_id: Id
    """Who accepted."""
    for_ids: tuple[Id, ...]
    """Appointments of those who have to give up that place, and have not agreed."""


@record
class AnsweredRow:
    """What earlier answers have come to."""

    accepted: tuple[Id, ...]
    """Appointments that are where their people accepted, pinned."""
    waiting: tuple[WaitingRow, ...]
    """Acceptances of the last round that hold nothing yet; they are asked again."""


@record
class RepairDocument:
    """What happened, and the plans that mend it."""

    aftermath: AftermathRow
    """How things are after the events."""
    frontier: tuple[PointRow, ...]
    """From fewest people displaced to fewest left without a place; at least one."""
    plans: PlansRow | None = None
    """Plans that differ, where they were asked for."""
    unpinned: tuple[EntryRow, ...] = ()
    """What would become of the stuck without their pins, within what the last plan displaces."""
    answered: AnsweredRow | None = None
    """What earlier answers have come to, where there were any."""
    max_additional: int
    """People who could have stayed and may be displaced."""
    depth: int | None = None
    """Steps from those who must be moved to the last who may be displaced for them; none: any, so
    that the frontier is that of all plans.
    """
    proven: bool
    """Whether nothing that was asked for could be better, and no plan is left out that belongs to
    the frontier.
    """
    stopped: StopReason
    """Why it ended."""
    dataset_hash: Id
    """SHA-256 of the dataset after the events, with every appointment."""
    seconds: float
    """Wall time."""
