"""What a repair answers, as plain values: the same for every face."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, fields
from typing import Any

from engine.events.findings import Cluster, Forced
from engine.interchange.found_places import WhereRow
from engine.interchange.plan_file import certificate_content
from engine.interchange.validation import adapter
from engine.repair.account import Account
from engine.repair.aftermath_document import (
    AftermathRow,
    ClusterRow,
    ConflictRow,
    ForcedRow,
    ViolationRow,
)
from engine.repair.document import (
    AnsweredRow,
    ComparedRow,
    CountRow,
    EntryRow,
    ForcedBy,
    GaveWayRow,
    MenuRow,
    NoPlaceRow,
    OfferedRow,
    OptionRow,
    PlansRow,
    PointRow,
    RepairDocument,
    ShortRow,
    WaitingRow,
    WholePlanRow,
)
from engine.repair.ledger import Count, Entry, Ledger
from engine.repair.menus import Menu, Offered
from engine.repair.negotiation import Settled
from engine.repair.plans import Plans, WholePlan
from engine.repair.point import Point
from engine.repair.repair import Repair

COUNTS = (
    "forced",
    "contested",
    "displaced",
    "kept",
    "moved",
    "unplaced",
    "stuck",
    "other_doctor",
)
"""What a ledger counts."""

Measured = Callable[[Ledger], Mapping[str, Any]]
"""``measures`` and ``gaps`` of a plan, by its ledger."""


def repair_content(
    account: Account, answered: Settled | None = None, measured: Measured | None = None
) -> dict[str, Any]:
    """The whole answer as plain values; absent fields are left out.

    Parameters
    ----------
    answered
        The world after earlier answers, in which the repair began; ``None``: there were none.
    measured
        What else is known of each plan; ``None``: nothing.
    """
    repair, unpinned, plans = account.repair, account.unpinned, account.plans
    points = zip(repair.points, account.ledgers, account.menus, strict=True)
    known = measured or (lambda _: {})
    row = RepairDocument(
        aftermath=_aftermath_row(repair),
        frontier=tuple(_point_row(*each, known) for each in points),
        plans=None if plans is None else _plans_row(plans, account.menus_of_plans, known),
        unpinned=() if unpinned is None else tuple(_entry_row(row) for row in unpinned.entries),
        answered=None if answered is None else _answered_row(answered),
        max_additional=repair.extent.max_additional,
        depth=repair.extent.depth,
        proven=account.is_proven,
        stopped=account.stopped,
        dataset_hash=repair.points[0].certificate.dataset_hash,
        seconds=round(repair.seconds, 3),
    )
    return adapter(RepairDocument).dump_python(row, mode="json", exclude_none=True)


def _answered_row(answered: Settled) -> AnsweredRow:
    waiting = (WaitingRow(**asdict(row)) for row in answered.waiting)
    return AnsweredRow(accepted=answered.accepted, waiting=tuple(waiting))


def _aftermath_row(repair: Repair) -> AftermathRow:
    aftermath, published = repair.aftermath, repair.snapshot.published
    request_of = dict(zip(published.ids, published.request.tolist(), strict=True))
    return AftermathRow(
        forced=tuple(_forced_row(repair, row, request_of) for row in aftermath.forced),
        stuck=tuple(_forced_row(repair, row, request_of) for row in aftermath.stuck),
        clusters=tuple(_cluster_row(row) for row in aftermath.clusters),
        prior_violations=tuple(ViolationRow(**asdict(row)) for row in aftermath.prior),
    )


def _forced_row(repair: Repair, row: Forced, request_of: dict[str, int]) -> ForcedRow:
    snapshot, request = repair.snapshot, request_of[row.appointment_id]
    return ForcedRow(
        **asdict(row),
        request_id=snapshot.requests.ids[request],
        patient_id=snapshot.patients.ids[int(snapshot.requests.patient[request])],
    )


def _cluster_row(row: Cluster) -> ClusterRow:
    conflicts = tuple(ConflictRow(**asdict(conflict)) for conflict in row.conflicts)
    return ClusterRow(appointment_ids=row.appointment_ids, conflicts=conflicts)


def _point_row(point: Point, ledger: Ledger, menus: Iterable[Menu], measured: Measured) -> PointRow:
    prefix = "unplaced_"
    return PointRow(
        additional=point.additional,
        unavoidable=point.minimum,
        unplaced={
            level.name.removeprefix(prefix): level.value
            for level in point.certificate.levels
            if level.name.startswith(prefix)
        },
        counts={name: _count_row(getattr(ledger, name)) for name in COUNTS},
        days_late=ledger.days_late,
        days_later=ledger.days_later,
        price=ledger.price,
        **measured(ledger),
        proven=point.is_proven,
        certificate=certificate_content(point.certificate),
        ledger=tuple(_entry_row(entry) for entry in ledger.entries),
        menus=tuple(_menu_row(menu) for menu in menus),
    )


def _plans_row(found: Plans, menus: Iterable[Iterable[Menu]], measured: Measured) -> PlansRow:
    rows = zip(found.plans, menus, strict=True)
    return PlansRow(
        plans=tuple(_whole_plan_row(plan, some, measured) for plan, some in rows),
        same_as=dict(found.same_as),
        unfinished=found.unfinished,
    )


def _whole_plan_row(plan: WholePlan, menus: Iterable[Menu], measured: Measured) -> WholePlanRow:
    row = _point_row(plan.point, plan.ledger, menus, measured)
    content = {field.name: getattr(row, field.name) for field in fields(PointRow)}
    return WholePlanRow(aim=plan.aim, **content)


def _menu_row(menu: Menu) -> MenuRow:
    return MenuRow(
        appointment_ids=menu.appointment_ids,
        options=tuple(
            OptionRow(
                number=option.number,
                is_planned=option.is_planned,
                places=tuple(_offered_row(place) for place in option.places),
            )
            for option in menu.options
        ),
        short=None if menu.short is None else ShortRow(**asdict(menu.short)),
    )


def _offered_row(place: Offered) -> OfferedRow:
    return OfferedRow(
        **asdict(place.where),
        appointment_id=place.appointment_id,
        request_id=place.request_id,
        price=place.price,
        parts=dict(place.parts),
        days_late=place.days_late,
    )


def _count_row(count: Count) -> CountRow:
    return CountRow(people=count.people, appointments=count.appointments)


def _entry_row(entry: Entry) -> EntryRow:
    forced, gave_way, no_place = entry.forced, entry.gave_way, entry.no_place
    return EntryRow(
        appointment_id=entry.appointment_id,
        request_id=entry.request_id,
        patient_id=entry.patient_id,
        urgency=entry.urgency,
        standing=entry.standing,
        outcome=entry.outcome,
        before=WhereRow(**asdict(entry.before)),
        after=None if entry.after is None else WhereRow(**asdict(entry.after)),
        price=entry.price,
        parts=dict(entry.parts),
        days_late=entry.days_late,
        forced=None if forced is None else ForcedBy(**_without_id(forced)),
        gave_way=None if gave_way is None else GaveWayRow(**asdict(gave_way)),
        no_place=None if no_place is None else NoPlaceRow(**asdict(no_place)),
        compared=tuple(ComparedRow(**asdict(row)) for row in entry.compared),
    )


def _without_id(forced: Forced) -> dict[str, Any]:
    return {"reason": forced.reason, "detail": forced.detail, "event": forced.event}
