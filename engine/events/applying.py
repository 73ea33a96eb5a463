"""What each kind of event does to a dataset, and whom it forces."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace

from engine.domain import Appointment, Dataset
from engine.events.cutting import Span, common, span_of, without
from engine.events.events import (
    Disruption,
    DoctorAbsent,
    DoubleBookings,
    LocationClosed,
    PlanLeavesNetwork,
    SessionClosed,
    SessionShortened,
    TakenElsewhere,
    VisitRunsLonger,
    VisitTypeDropped,
)
from engine.events.refused import newly_refused
from engine.events.scene import Scene
from engine.problems import Report
from engine.time_grid import later

TAKEN = "taken-elsewhere"
"""What the blocks of an interval that is taken elsewhere are called, and where they come from."""

_ONLY_ADD = TakenElsewhere | DoubleBookings


class Applier:
    """Applies events to a scene, one after the other.

    Parameters
    ----------
    dataset
        In which the events' ids resolve.
    scene
        The dataset as it changes.
    report
        Hears of events that touch nothing.
    """

    def __init__(self, dataset: Dataset, scene: Scene, report: Report) -> None:
        self._dataset = dataset
        self._scene = scene
        self._report = report
        self._sessions = {row.id: row for row in dataset.sessions}
        self._services = {row.id for row in dataset.services}
        self._roles_of: dict[str, list[str]] = defaultdict(list)
        self._roles_at: dict[str, list[str]] = defaultdict(list)
        self._who = {row.id: row.doctor_id or row.service_id or "" for row in dataset.roles}
        for role in dataset.roles:
            self._roles_of[self._who[role.id]].append(role.id)
            if role.location_id is not None:
                self._roles_at[role.location_id].append(role.id)

    def apply(self, index: int, event: Disruption, path: str) -> None:
        """Let one event happen; ``path`` is where it stands, for messages."""
        if not isinstance(event, _ONLY_ADD):
            self._scene.settle()
        if not self._happens(index, event):
            message = "nothing is there that it could change"
            self._report.warn("nothing_touched", path, message, event.kind)

    def _happens(self, index: int, event: Disruption) -> bool:
        """Whether it changes anything."""
        match event:
            case DoctorAbsent():
                roles = self._roles_of[event.doctor_id]
                return self._scene.nobody_there(roles, self._minutes(event), index)
            case LocationClosed():
                roles = self._roles_at[event.location_id]
                return self._scene.nobody_there(roles, self._minutes(event), index)
            case SessionClosed():
                return self._closed(index, event.session_id)
            case SessionShortened():
                return self._shortened(index, event)
            case TakenElsewhere():
                return self._taken(index, event)
            case PlanLeavesNetwork():
                return self._plan_leaves(index, event)
            case VisitTypeDropped():
                return self._type_dropped(index, event)
            case VisitRunsLonger():
                return self._runs_longer(index, event)
            case DoubleBookings():
                return True

    def _minutes(self, event: DoctorAbsent | LocationClosed | TakenElsewhere) -> Span:
        grid = self._scene.before.grid
        return grid.minutes(event.start), grid.minutes(event.end)

    def _closed(self, index: int, name: str) -> bool:
        """A session does not take place."""
        grid = self._scene.before.grid
        gaps = [span_of(piece, grid) for piece in self._scene.pieces[name]]
        role_id = self._sessions[name].role_id
        self._scene.pieces[name] = []
        self._scene.empty(name, role_id, index)
        self._force_in(index, role_id, gaps)
        return bool(gaps)

    def _force_in(self, index: int, role_id: str, gaps: list[Span]) -> None:
        """Force who is busy in gaps of a role's sessions, unless another session is there."""
        scene, grid = self._scene, self._scene.before.grid
        left = [span_of(piece, grid) for _, piece in scene.sessions_of(role_id)]
        for row in list(scene.affected(role_id)):
            lost = [part for gap in gaps if (part := common(scene.busy(row), gap))]
            if any(not any(common(part, span) == part for span in left) for part in lost):
                scene.force_out([row], index)

    def _shortened(self, index: int, event: SessionShortened) -> bool:
        """Only a part of a session takes place.

        Who holds a seat in a day session keeps it: it is a seat in what remains.
        """
        scene, grid = self._scene, self._scene.before.grid
        name, role_id = event.session_id, self._sessions[event.session_id].role_id
        kept = grid.minutes(event.start), grid.minutes(event.end)
        gaps = [gap for piece in scene.pieces[name] for gap in without(span_of(piece, grid), kept)]
        if self._sessions[name].kind == "day":
            self._shorten_day(index, name, kept)
        else:
            for gap in gaps:
                scene.lose(name, gap, index)
        self._force_in(index, role_id, gaps)
        return bool(gaps)

    def _shorten_day(self, index: int, name: str, kept: Span) -> None:
        scene, grid = self._scene, self._scene.before.grid
        for piece in scene.pieces[name]:
            left = common(span_of(piece, grid), kept)
            if left is None:
                scene.pieces[name] = []
                scene.empty(name, piece.role_id, index)
                continue
            start = later(piece.start, left[0] - grid.minutes(piece.start))
            end = later(piece.start, left[1] - grid.minutes(piece.start))
            scene.pieces[name] = [replace(piece, start=start, end=end)]
            for row in scene.seats_in(name):
                scene.appointments[row.id] = replace(row, start=start, end=end)

    def _taken(self, index: int, event: TakenElsewhere) -> bool:
        """Something that is not ours takes one seat for a while.

        A doctor is in one place: one seat in whichever role. A service may be in several, and
        loses a seat in each.
        """
        scene, gap, given = self._scene, self._minutes(event), event.role_id
        roles = [given] if given is not None else self._roles_of[event.doctor_id or ""]
        everywhere = self._roles_of[self._who[roles[0]]] if roles else []
        affected = [row for role_id in everywhere for row in scene.affected(role_id)]
        is_hit = any(common(scene.busy(row), gap) for row in affected)
        apart = roles and self._who[roles[0]] in self._services
        groups = [[role_id] for role_id in roles] if apart else [roles]
        touched = [self._add_blocks(index, event, group, is_hit=is_hit) for group in groups]
        return any(touched)

    def _add_blocks(
        self, index: int, event: TakenElsewhere, roles: list[str], *, is_hit: bool
    ) -> bool:
        """Add blocks that cover the interval; whether they change anything.

        They are cut where sessions begin and end, so that each takes a seat in one of them: in
        timed sessions first, in the order of the roles. What lies outside of all sessions
        keeps the doctor away from visits that do so too.
        """
        sessions = [row for role_id in roles for row in self._scene.sessions_of(role_id)]
        rest, touches = [self._minutes(event)], is_hit
        for name, piece in sorted(sessions, key=lambda row: row[1].kind != "timed"):
            span = span_of(piece, self._scene.before.grid)
            for part in [part for stretch in rest if (part := common(stretch, span))]:
                self._block(index, event, piece.role_id, part, name)
                touches = True
            rest = [part for stretch in rest for part in without(stretch, span)]
        for part in rest if touches else ():
            self._block(index, event, roles[0], part, None)
        return touches

    def _block(
        self, index: int, event: TakenElsewhere, role_id: str, part: Span, session: str | None
    ) -> None:
        """Add a block for a part of an interval."""
        start, _ = self._minutes(event)
        block = Appointment(
            id=TAKEN,
            role_id=role_id,
            start=later(event.start, part[0] - start),
            end=later(event.start, part[1] - start),
            source=TAKEN,
        )
        self._scene.block(block, session, index)

    def _runs_longer(self, index: int, event: VisitRunsLonger) -> bool:
        """A visit ends later, and stays where it is."""
        scene, row = self._scene, self._scene.appointments[event.appointment_id]
        longer = replace(row, end=event.end, pinned=True)
        if not scene.can_run_on(row.id) or scene.minutes(longer)[1] <= scene.minutes(row)[1]:
            return False
        scene.fix(longer, index)
        return True

    def _plan_leaves(self, index: int, event: PlanLeavesNetwork) -> bool:
        """An insurance plan no longer pays the doctors of a network."""
        scene = self._scene
        plan = scene.insurance_plans[event.insurance_plan_id]
        if event.network not in plan.networks:
            return False
        left = tuple(name for name in plan.networks if name != event.network)
        was, now = scene.enter_plan(replace(plan, networks=left))
        for name, rule in newly_refused(was, now, scene.policy, scene.all_affected()):
            scene.force(name, "refused", rule, index)
        return True

    def _type_dropped(self, index: int, event: VisitTypeDropped) -> bool:
        """A type of visit is no longer offered.

        A session that offers nothing else is gone; who was there for something that it did
        not offer before stays where they are.
        """
        scene, dropped = self._scene, event.visit_type_id
        every = [row.id for row in self._dataset.visit_types]
        given = event.role_id
        roles = [given] if given is not None else self._roles_of[event.doctor_id or ""]
        holds = any(rule.name == "visit_type" for rule in scene.policy.rules)
        touches = False
        for role_id in roles:
            offering = {
                name
                for name, piece in scene.sessions_of(role_id)
                if not piece.visit_type_ids or dropped in piece.visit_type_ids
            }
            for name in offering:
                left = tuple(
                    kind
                    for kind in scene.pieces[name][0].visit_type_ids or every
                    if kind != dropped
                )
                scene.pieces[name] = [
                    replace(piece, visit_type_ids=left) for piece in scene.pieces[name] if left
                ]
            touches |= bool(offering)
            for row in [*scene.affected(role_id), *scene.affected(role_id, seats=True)]:
                is_it = scene.type_of[row.request_id or ""].id == dropped
                if holds and is_it and scene.session_of.get(row.id) in {None, *offering}:
                    scene.force(row.id, "refused", "visit_type", index)
                    touches = True
        return touches
